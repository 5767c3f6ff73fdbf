"""What an audit has seen in the WARCs, on disk in a temporary database, so that an archive of any size can be checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple, Self

from archive.warc.verify import Place

_SCHEMA = """
CREATE TABLE records (id TEXT, file TEXT, offset INTEGER, length INTEGER, type TEXT, url TEXT, date TEXT, digest TEXT, line BLOB,
                      indexed INTEGER DEFAULT 0, PRIMARY KEY (file, offset)) WITHOUT ROWID;
CREATE TABLE refs (file TEXT, offset INTEGER, header TEXT, target TEXT);
CREATE TABLE lines (object TEXT, number INTEGER, file TEXT, offset INTEGER, raw BLOB);
"""


class Row(NamedTuple):
    """A record found whole in a WARC."""

    id: str
    file: str
    offset: int
    length: int
    type: str
    url: str | None
    date: str | None
    digest: str | None
    line: bytes | None
    indexed: int


class Evidence:
    """``file`` is the key of the WARC. The database is SQLite's own temporary file: nothing stays behind."""

    def __init__(self) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript(_SCHEMA)
        self._sql.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sql.close()

    def add(self, file: str, place: Place) -> None:
        line = None if place.line is None else place.line.encode("utf-8", "surrogatepass") + b"\n"
        row = (place.record_id, file, place.offset, place.length, place.type, place.url, place.date, place.digest, line, 0)
        self._sql.execute("INSERT INTO records VALUES (?,?,?,?,?,?,?,?,?,?)", tuple(map(_storable, row)))
        self._sql.executemany("INSERT INTO refs VALUES (?,?,?,?)", ((file, place.offset, n, _storable(t)) for n, t in place.references))

    def add_line(self, object_key: str, number: int, file: str, offset: int, raw: bytes) -> None:
        self._sql.execute("INSERT INTO lines VALUES (?,?,?,?,?)", (object_key, number, file, offset, raw))

    def complete(self) -> None:
        """All WARCs and indexes are in: what follows are questions."""
        self._sql.execute("CREATE INDEX records_id ON records (id)")

    def at(self, file: str, offset: int) -> Row | None:
        found = self._sql.execute("SELECT * FROM records WHERE file = ? AND offset = ?", (file, offset)).fetchone()
        return Row(*found) if found else None

    def by_id(self, record_id: str) -> Row | None:
        found = self._sql.execute("SELECT * FROM records WHERE id = ? LIMIT 1", (_storable(record_id),)).fetchone()
        return Row(*found) if found else None

    def lines(self) -> Iterator[tuple[str, int, str, int, bytes]]:
        yield from self._sql.execute("SELECT object, number, file, offset, raw FROM lines")

    def line_at(self, file: str, offset: int) -> bytes | None:
        found = self._sql.execute("SELECT raw FROM lines WHERE file = ? AND offset = ?", (file, offset)).fetchone()
        return bytes(found[0]) if found else None

    def mark_indexed(self, file: str, offset: int) -> None:
        self._sql.execute("UPDATE records SET indexed = indexed + 1 WHERE file = ? AND offset = ?", (file, offset))

    def not_indexed(self) -> Iterator[Row]:
        yield from map(Row._make, self._sql.execute("SELECT * FROM records WHERE line IS NOT NULL AND indexed = 0"))

    def repeated(self) -> Iterator[Row]:
        """Every record whose id another one has too."""
        query = "SELECT * FROM records WHERE id IN (SELECT id FROM records GROUP BY id HAVING count(*) > 1) ORDER BY id, file, offset"
        yield from map(Row._make, self._sql.execute(query))

    def dangling(self) -> Iterator[tuple[str, int, str, str]]:
        """References to records that are nowhere: file and offset of the record, header, the id it names."""
        yield from self._sql.execute("SELECT file, offset, header, target FROM refs WHERE target NOT IN (SELECT id FROM records)")


def _storable(value: object) -> object:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
