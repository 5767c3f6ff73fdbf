"""Which captures an archive has of an address: read from the committed index objects, with nothing to build first."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from archive import manifests
from archive.errors import DamageError
from archive.index.cdxj import IndexLine, parse_line
from archive.store.base import Store
from archive.urls import surt


@dataclass(frozen=True, slots=True)
class Indexed:
    """A capture as its index line says it, and where its bytes are."""

    line: IndexLine
    warc_key: str
    segment: str


def captures_of(store: Store, url: str) -> list[Indexed]:
    """Every committed capture of an address (in any of its spellings), newest last. Raises `DamageError`, `StoreError`."""
    return sorted(_search(store, surt(url)), key=lambda x: (x.line.timestamp, x.segment, x.line.offset))


def _search(store: Store, key: str) -> Iterator[Indexed]:
    wanted = key.encode("utf-8") + b" "
    for _, manifest in manifests.load_all(store):
        warcs = {o.key.rpartition("/")[2]: o.key for o in manifest.objects if o.kind == "warc"}
        for stored in manifest.objects:
            if stored.kind != "cdxj":
                continue
            for raw in _from(store, stored.key, wanted):
                line = parse_line(raw)
                yield Indexed(line, warcs.get(line.filename, f"warc/{line.filename}"), manifest.segment)


def _from(store: Store, key: str, wanted: bytes) -> Iterator[bytes]:
    """The lines that begin so; the rest of a sorted file is not read."""
    with store.open_range(key) as raw, gzip.open(raw, "rb") as lines:
        for entry in lines:
            if entry.startswith(wanted):
                yield entry
            elif entry > wanted:
                return


def lines_of(store: Store, key: str) -> Iterator[IndexLine]:
    """Every line of an index object. Raises `KeyMissing`, `DamageError` naming the object."""
    try:
        with store.open_range(key) as raw, gzip.open(raw, "rb") as lines:
            yield from map(parse_line, lines)
    except (OSError, EOFError, zlib.error, DamageError) as error:
        raise DamageError(f"{key} cannot be read ({error}); run warcite rebuild") from error
