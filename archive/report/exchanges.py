"""How long each request of a run took: from the metadata records of its WARCs, without unpacking the answers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from archive.errors import DamageError
from archive.index.lookup import lines_of
from archive.model import Manifest, StoredObject
from archive.store.base import Store
from archive.urls import host_of
from archive.warc.members import walk_members
from archive.warc.reader import Record, parse_record

_CHUNK = 1 << 20
_MS = re.compile(rb"^fetchTimeMs: ([0-9]{1,9})\r?$", re.MULTILINE)
_NO_PAGE = re.compile(rb"^(?:purpose|capturedFrom): ", re.MULTILINE)
_INFO = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,63}): (.*)$")


class Exchange(NamedTuple):
    """``is_page``: asked of a source's own site, for its page or on the way there."""

    host: str
    at: str  # WARC-Date
    ms: int
    is_page: bool


def exchanges_of(store: Store, manifest: Manifest) -> Iterator[Exchange]:
    """Raises `DamageError`, `KeyMissing`, `StoreError`."""
    for warc in (o for o in manifest.objects if o.kind == "warc"):
        for record in _between_answers(store, manifest, warc):
            found = _MS.search(record.block) if record.type == "metadata" else None
            if found is not None:
                yield Exchange(
                    host_of(record.target_uri or ""), record.header("WARC-Date") or "", int(found[1]), not _NO_PAGE.search(record.block)
                )


def warcinfo_of(store: Store, warc: StoredObject) -> dict[str, str]:
    """The fields of a WARC's first record; empty where it is none."""
    with store.open_range(warc.key, 0, min(warc.size, 1 << 16)) as stream:
        first = next(walk_members(stream), None)
    if first is None or first.fault:
        return {}
    record = parse_record(first.unpacked, warc.key, 0, first.length)
    lines = record.block.decode("utf-8", "replace").splitlines() if record.type == "warcinfo" else []
    return {found[1]: found[2] for line in lines if (found := _INFO.fullmatch(line))}


def _between_answers(store: Store, manifest: Manifest, warc: StoredObject) -> Iterator[Record]:
    """Records that the index does not name: requests and metadata, a few kilobytes at a time."""
    name = warc.key.rpartition("/")[2]
    indexes = [o.key for o in manifest.objects if o.kind == "cdxj"]
    places = sorted({(x.offset, x.length) for key in indexes for x in lines_of(store, key) if x.filename == name})
    with store.open_range(warc.key) as stream:
        position = 0
        for offset, length in (*places, (warc.size, 0)):
            if offset < position:
                raise DamageError(f"the index of {warc.key} does not fit it at offset {offset}; run warcite rebuild")
            yield from _records(_read(stream, warc.key, offset - position), warc.key, position)
            _pass_over(stream, length)
            position = offset + length


def _read(stream: BinaryIO, key: str, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise DamageError(f"{key} is cut; run warcite verify")
    return data


def _records(data: bytes, key: str, offset: int) -> Iterator[Record]:
    for member in walk_members(io.BytesIO(data), offset):
        place = f"{key} at offset {member.offset}"
        if member.fault:
            raise DamageError(f"{place}: {member.fault}; run warcite verify")
        yield parse_record(member.unpacked, place, member.offset, member.length)


def _pass_over(stream: BinaryIO, length: int) -> None:
    if stream.seekable():
        stream.seek(length, io.SEEK_CUR)
        return
    while length > 0 and (data := stream.read(min(length, _CHUNK))):
        length -= len(data)
