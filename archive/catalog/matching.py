"""Which documents have the words of a query: what `search` finds, without its order, which says nothing of who is chosen."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from archive.catalog.catalog import catalog_of
from archive.catalog.syntax import parse_query
from archive.errors import DamageError, StoreError
from archive.store.base import Store

_FOUND = """
DROP TABLE IF EXISTS temp.found;
DROP TABLE IF EXISTS temp.sources;
CREATE TEMP TABLE sources (segment TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE TEMP TABLE found (segment TEXT, record TEXT, PRIMARY KEY (segment, record)) WITHOUT ROWID;
"""


class Matching:
    """In the catalog, which is made or brought up to date first; use as a context manager. Memory does not grow with what is found.

    Raises `InputError` for a query that cannot be read, `DamageError`, and `StoreError`, also when the catalog's file cannot be used.
    """

    def __init__(self, store: Store, words: str) -> None:
        query = parse_query(words)
        self._problems: list[str] = []
        self._catalog = catalog_of(store)
        try:
            self._catalog.refresh(self._problems.append)
            with self._catalog.reading() as sql:
                for statement in filter(str.strip, _FOUND.split(";")):
                    sql.execute(statement)
                sql.execute("INSERT INTO sources SELECT name, documents FROM segments WHERE documents IS NOT NULL")
                joined = "texts JOIN documents d ON d.number = texts.rowid JOIN segments s ON s.number = d.segment"
                sql.execute(f"INSERT OR IGNORE INTO found SELECT s.name, d.record FROM {joined} WHERE texts MATCH ?", (query.match,))  # noqa: S608
        except BaseException:
            self._catalog.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._catalog.close()

    def records_of(self, segment: str, source: str) -> frozenset[str]:
        """Ids of a segment's records whose documents were found. ``source`` is the segment whose manifest has them.

        Raises `DamageError` when the catalog could not read them, and `StoreError` when they were replaced meanwhile.
        """
        with self._catalog.reading() as sql:
            known = sql.execute("SELECT source FROM temp.sources WHERE segment = ?", (segment,)).fetchone()
            rows = sql.execute("SELECT record FROM temp.found WHERE segment = ?", (segment,)).fetchall()
        if known == (source,):
            return frozenset(record for (record,) in rows)
        if self._problems:
            raise DamageError(f"not all documents can be searched: {self._problems[0]}")
        raise StoreError(f"the documents of segment {segment} were made again while the catalog was read; run it once more")
