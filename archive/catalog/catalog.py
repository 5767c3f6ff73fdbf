"""The catalog of an archive: all documents and the events that cite them, in a file on this machine that may be deleted at any time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from archive.catalog.build import Build, Problem, Progress
from archive.catalog.file import catalog_path, explained, open_catalog
from archive.store.base import Store


class Catalog:
    """Of one store, as it was at the last `refresh`. Any number of processes may have it open, and write it in turn; an object of this
    class is for one thread. Raises `StoreError` when the file cannot be used.
    """

    def __init__(self, store: Store, path: Path) -> None:
        self.path = path
        self.uri = store.uri
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

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Of what another process writes meanwhile nothing is seen. Raises `StoreError`."""
        try:
            with self._sql:
                self._sql.execute("BEGIN")
                yield self._sql
        except sqlite3.Error as error:
            raise explained(self.path, error) from error


def catalog_of(store: Store, environ: Mapping[str, str] | None = None) -> Catalog:
    """The catalog where this user's programs keep it. Raises `StoreError`."""
    return Catalog(store, catalog_path(store.uri, os.environ if environ is None else environ))
