"""The catalog of an archive: all documents and the events that cite them, in a file on this machine that may be deleted at any time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from archive.catalog.build import Build, Problem, Progress
from archive.catalog.file import catalog_path, explained, open_catalog
from archive.catalog.found import Found
from archive.catalog.query import Search, Wanted, records_with
from archive.catalog.syntax import Query, parse_query
from archive.store.base import Store


class Catalog:
    """Of one store, as it was at the last `refresh`. Any number of processes may have it open, and write it in turn; an object of this
    class is for one thread. Raises `StoreError` when the file cannot be used.
    """

    def __init__(self, store: Store, path: Path) -> None:
        self.path = path
        self._store = store
        self._sql = open_catalog(path)

    def close(self) -> None:
        self._sql.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refresh(
        self,
        problem: Problem = lambda _: None,
        progress: Progress = lambda *_: None,
        waiting: Callable[[], None] = lambda: None,
    ) -> int:
        """Follow the store; returns how many segments were read. ``waiting`` is called when another process is at it. Raises as `Build.run`
        does.
        """
        return Build(self.path, self._sql, self._store, problem, progress).run(waiting)

    def search(self, wanted: Wanted) -> Found:
        """Raises `NotFound` for a run or an event that the archive does not have, `StoreError`."""
        try:
            self._sql.execute("BEGIN")  # what another process writes meanwhile is not seen
            try:
                return Search(self._sql, wanted, self._store.uri).run()
            finally:
                self._sql.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise explained(self.path, error) from error

    def records_with(self, query: Query) -> frozenset[str]:
        """Ids of the records whose documents have the words in title, description or text. Raises `StoreError`."""
        try:
            return records_with(self._sql, query)
        except sqlite3.Error as error:
            raise explained(self.path, error) from error


def catalog_of(store: Store, environ: Mapping[str, str] | None = None) -> Catalog:
    """The catalog where this user's programs keep it. Raises `StoreError`."""
    return Catalog(store, catalog_path(store.uri, os.environ if environ is None else environ))


def matching(store: Store, words: str, problem: Problem = lambda _: None) -> frozenset[str]:
    """Ids of the records whose documents have the words in title, description or text; the catalog is made or refreshed first.

    Raises `InputError` for a query that cannot be read, `DamageError`, `StoreError`.
    """
    query = parse_query(words)
    with catalog_of(store) as catalog:
        catalog.refresh(problem)
        return catalog.records_with(query)
