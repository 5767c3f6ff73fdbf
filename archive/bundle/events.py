"""The events of an archive, as each was told last, and which of them cite a target. Lies in SQLite's own temporary file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from archive.errors import DamageError
from archive.model import Manifest
from archive.rows import rows_of
from archive.store.base import Store
from archive.told import TABLES, tell

_LINES = "CREATE TABLE lines (event INTEGER PRIMARY KEY, json TEXT, used INTEGER DEFAULT 0)"


class EventBook:
    """Use as a context manager. Raises `DamageError`, `KeyMissing`, `StoreError`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript(f"{TABLES}; {_LINES}")
        self._sql.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sql.close()

    def citing(self, key: str) -> list[str]:
        """Ids of the events that cite a target; they are among `used` from then on."""
        rows = self._sql.execute(
            "SELECT e.number, e.id FROM cited c JOIN events e ON e.number = c.event WHERE c.key = ? ORDER BY e.date, e.id", (key,)
        ).fetchall()
        self._sql.executemany("UPDATE lines SET used = 1 WHERE event = ? AND NOT used", ((number,) for number, _ in rows))
        return list(dict.fromkeys(event_id for _, event_id in rows))

    def title(self, event_id: str) -> str | None:
        row = self._sql.execute("SELECT title FROM events WHERE id = ? ORDER BY digest_file LIMIT 1", (event_id,)).fetchone()
        return str(row[0]) if row else None

    def used(self) -> Iterator[str]:
        """Lines of JSON of the events that were asked for since the last call, in order of date, id and digest."""
        query = "SELECT l.json FROM lines l JOIN events e ON e.number = l.event WHERE l.used ORDER BY e.date, e.id, e.digest_file"
        yield from (row[0] for row in self._sql.execute(query))
        self._sql.execute("UPDATE lines SET used = 0 WHERE used")

    def learn(self, key: str, manifest: Manifest) -> None:
        """The events of a manifest, in any order of manifests."""
        try:
            for row in rows_of(self._store, manifest, "events"):
                self._learn(row)
        except (KeyError, TypeError, AttributeError) as error:
            raise DamageError(f"{key}: an events object has a row that is no event; run warcite verify") from error

    def _learn(self, row: Mapping[str, Any]) -> None:
        number = tell(self._sql, row)
        if number is not None:
            line = json.dumps(row, ensure_ascii=False, allow_nan=False)
            put = "INSERT INTO lines (event, json) VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json"
            self._sql.execute(put, (number, line))
