"""The events of an archive, as each was told last, and which of them cite a target. Lies in SQLite's own temporary file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from archive.errors import DamageError
from archive.events import revision_of
from archive.model import Manifest
from archive.rows import rows_of
from archive.store.base import Store
from archive.urls import surt

_SCHEMA = """
CREATE TABLE events (number INTEGER PRIMARY KEY, id TEXT, digest_file TEXT, date TEXT, title TEXT, revision INTEGER, json TEXT,
  used INTEGER DEFAULT 0, UNIQUE (id, digest_file));
CREATE TABLE cited (key TEXT, event INTEGER, PRIMARY KEY (key, event)) WITHOUT ROWID;
"""
_EVENT = """
INSERT INTO events (id, digest_file, date, title, revision, json) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id, digest_file) DO UPDATE SET date = excluded.date, title = excluded.title, revision = excluded.revision,
  json = excluded.json WHERE excluded.revision >= revision RETURNING number
"""


class EventBook:
    """Use as a context manager. Raises `DamageError`, `KeyMissing`, `StoreError`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript(_SCHEMA)
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
        self._sql.executemany("UPDATE events SET used = 1 WHERE number = ? AND NOT used", ((number,) for number, _ in rows))
        return list(dict.fromkeys(event_id for _, event_id in rows))

    def title(self, event_id: str) -> str | None:
        row = self._sql.execute("SELECT title FROM events WHERE id = ? ORDER BY digest_file LIMIT 1", (event_id,)).fetchone()
        return str(row[0]) if row else None

    def used(self) -> Iterator[str]:
        """Lines of JSON of the events that were asked for since the last call, in order of date, id and digest."""
        yield from (row[0] for row in self._sql.execute("SELECT json FROM events WHERE used ORDER BY date, id, digest_file"))
        self._sql.execute("UPDATE events SET used = 0 WHERE used")

    def learn(self, key: str, manifest: Manifest) -> None:
        """The events of a manifest, in any order of manifests."""
        try:
            for row in rows_of(self._store, manifest, "events"):
                self._learn(row)
        except (KeyError, TypeError, AttributeError) as error:
            raise DamageError(f"{key}: an events object has a row that is no event; run warcite verify") from error

    def _learn(self, row: Mapping[str, Any]) -> None:
        line = json.dumps(row, ensure_ascii=False, allow_nan=False)
        event = (row["id"], row["digest_file"], row["date"], row["title"], revision_of(row), line)
        written = self._sql.execute(_EVENT, event).fetchone()
        if written is not None:
            self._sql.execute("DELETE FROM cited WHERE event = ?", written)
            keys = {surt(citation["url"]) for citation in row["citations"]}
            self._sql.executemany("INSERT OR IGNORE INTO cited VALUES (?, ?)", ((key, written[0]) for key in keys))
