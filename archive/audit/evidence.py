"""All records of an archive, on disk in a temporary database: what one segment says of another's is asked here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

from archive.warc.verify import Place

_SCHEMA = """
CREATE TABLE records (id TEXT, file TEXT, offset INTEGER, length INTEGER, type TEXT, url TEXT, date TEXT, digest TEXT, status INTEGER);
"""
_ROW = "INSERT INTO records VALUES (?,?,?,?,?,?,?,?,?)"


class Reference(NamedTuple):
    """A header that points at a record which is not in the same segment."""

    source: Place
    header: str
    target: str


def row_of(place: Place) -> tuple[object, ...]:
    """What is kept of a record."""
    return tuple(map(_storable, place[:9]))


class Evidence:
    """The database is SQLite's own temporary file: nothing stays behind."""

    def __init__(self) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.execute(_SCHEMA)
        self._sql.execute("BEGIN")
        self._files: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sql.close()

    def add(self, rows: Iterable[tuple[object, ...]]) -> None:
        """The records of one manifest's WARCs. A WARC that another manifest has named before is not taken twice."""
        rows = list(rows)
        files = {str(row[1]) for row in rows} - self._files
        self._sql.executemany(_ROW, (row for row in rows if row[1] in files))
        self._files |= files

    def complete(self) -> None:
        """All records are in: what follows are questions."""
        self._sql.execute("CREATE INDEX records_id ON records (id)")

    def by_id(self, record_id: str) -> Place | None:
        row = self._sql.execute("SELECT * FROM records WHERE id = ? LIMIT 1", (_storable(record_id),)).fetchone()
        return Place._make((*row, None, ())) if row else None

    def repeated(self) -> Iterator[Place]:
        """Every record whose id another one has too."""
        query = "SELECT * FROM records WHERE id IN (SELECT id FROM records GROUP BY id HAVING count(*) > 1) ORDER BY id, file, offset"
        for row in self._sql.execute(query):
            yield Place._make((*row, None, ()))


def _storable(value: object) -> object:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) and not value.isascii() else value
