"""``indexes/index.cdx.gz`` and ``index.idx`` (ZipNum): sorted index lines in gzipped blocks, and where each block is.

Players fetch the small file and then one block by range. Every line has ``recordDigest``, the SHA-256 of its gzip member, so that a single
page can be checked without the rest of the bundle.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from isal import igzip, igzip_lib

from archive.errors import DamageError
from archive.store.base import Store
from archive.warc.reader import BAD_GZIP

FILE, BLOCKS = "index.cdx.gz", "index.idx"
LINES = 300
"""Lines of a block: what py-wacz packs."""


_BEGIN = re.compile(rb'[^ \n]+ [0-9]{14} \{"url": "')
_PLACE = re.compile(rb'"length": "([0-9]{1,17})", ("offset": "([0-9]{1,17})", "filename": "([A-Za-z0-9._-]+)"\})\n\Z')


class IndexEntry(NamedTuple):
    """A line of an index object: where the member is, and all that stands before it."""

    head: bytes  # up to `"length": "123", `
    length: int
    offset: int
    filename: str


def entries_of(store: Store, key: str) -> Iterator[IndexEntry]:
    """The lines of an index object as `archive.index.cdxj` writes them. Raises `KeyMissing`, `DamageError` naming the object."""
    try:
        with store.open_range(key) as raw, igzip.IGzipFile(fileobj=raw, mode="rb") as lines:  # type: ignore[no-untyped-call]
            for line in lines:
                found = _PLACE.search(line, max(len(line) - 400, 0))
                if found is None or not _BEGIN.match(line):
                    raise DamageError(f"not an index line: {line[:80]!r}")
                yield IndexEntry(line[: found.start(2)], int(found[1]), int(found[3]), found[4].decode("ascii"))
    except (OSError, EOFError, BAD_GZIP, DamageError) as error:
        raise DamageError(f"{key} cannot be read ({error}); run warcite rebuild") from error


class BundleIndex:
    """Lines in any order, written in byte order; use as a context manager. Lies in SQLite's own temporary file."""

    def __init__(self) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript("CREATE TABLE lines (line BLOB PRIMARY KEY) WITHOUT ROWID; BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sql.close()

    def add(self, entry: IndexEntry, *, offset: int, filename: str, sha256: str) -> None:
        """A capture at ``offset`` of a file of the bundle; everything else is as the archive's own index says it."""
        place = f'"offset": "{offset}", "filename": "{filename}", "recordDigest": "sha256:{sha256}"}}\n'
        self._sql.execute("INSERT OR IGNORE INTO lines VALUES (?)", (entry.head + place.encode("ascii"),))

    def write(self, folder: Path) -> None:
        """Both files, into ``folder``."""
        with (folder / FILE).open("wb") as packed, (folder / BLOCKS).open("wb") as blocks:
            blocks.write(b"!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": FILE}).encode() + b"\n")
            for block in self._blocks():
                data: bytes = igzip_lib.compress(b"".join(block), 3, igzip_lib.COMP_GZIP)
                where = {"offset": packed.tell(), "length": len(data), "digest": f"sha256:{hashlib.sha256(data).hexdigest()}"}
                blocks.write(block[0][: block[0].index(b" {")] + b" " + json.dumps(where).encode() + b"\n")
                packed.write(data)

    def _blocks(self) -> Iterator[list[bytes]]:
        rows = self._sql.execute("SELECT line FROM lines ORDER BY line")
        while block := [row[0] for row in rows.fetchmany(LINES)]:
            yield block
