"""Which targets the chosen events cite: by id, by digest, by date."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from archive import manifests
from archive.errors import NotFound
from archive.events import revision_of
from archive.rows import rows_of
from archive.store.base import Store
from archive.urls import surt

if TYPE_CHECKING:
    from archive.model import TargetOutcome
    from archive.selection import Selection

_SCHEMA = """
CREATE TABLE events (number INTEGER PRIMARY KEY, id TEXT, digest_file TEXT, digest_sha256 TEXT, date TEXT, revision INTEGER,
  replaced_by TEXT, chosen INTEGER DEFAULT 1, UNIQUE (id, digest_file));
CREATE TABLE cited (key TEXT, event INTEGER, PRIMARY KEY (key, event)) WITHOUT ROWID;
"""
_EVENT = """
INSERT INTO events (id, digest_file, digest_sha256, date, revision, replaced_by) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id, digest_file) DO UPDATE SET digest_sha256 = excluded.digest_sha256, date = excluded.date, revision = excluded.revision,
  replaced_by = excluded.replaced_by WHERE excluded.revision >= revision RETURNING number
"""


class CitedTargets:
    """Lies in SQLite's own temporary file, so that an archive of any size fits; use as a context manager.

    An event counts as it was told last. Raises `NotFound` for an event that the archive does not have, `DamageError`, `StoreError`.
    """

    def __init__(self, store: Store, selection: Selection) -> None:
        self._since, self._until = selection.since or "", selection.until
        self._asks_for_events = bool(selection.events or selection.digests)
        self._sql = sqlite3.connect("", isolation_level=None)
        try:
            self._sql.executescript(_SCHEMA)
            self._sql.execute("BEGIN")
            for _, manifest in manifests.load_all(store):
                for row in rows_of(store, manifest, "events"):
                    self._learn(row)
            if selection.events:
                self._keep_events(selection.events, store.uri)
            if selection.digests:
                self._keep_digests(selection.digests)
        except BaseException:
            self._sql.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sql.close()

    def is_chosen(self, outcome: TargetOutcome) -> bool:
        """Whether one of the chosen events cites it, on a day within the span; without a dated one, whether it was asked for then."""
        query = "SELECT e.date FROM cited c JOIN events e ON e.number = c.event WHERE c.key = ? AND e.chosen"
        dates = [row[0] for row in self._sql.execute(query, (outcome.key,))]
        if not dates and self._asks_for_events:
            return False
        days = [day for day in dates if day] or [(outcome.captured_at or "")[:10]]
        return any(self._is_within(day) for day in days)

    def _is_within(self, day: str) -> bool:
        if not self._since and self._until is None:
            return True
        return bool(day) and day >= self._since and (self._until is None or day[: len(self._until)] <= self._until)

    def _learn(self, row: Mapping[str, Any]) -> None:
        event = (row["id"], row["digest_file"], row["digest_sha256"], row["date"], revision_of(row), row.get("replaced_by"))
        written = self._sql.execute(_EVENT, event).fetchone()
        if written is not None:
            self._sql.execute("DELETE FROM cited WHERE event = ?", written)
            keys = {surt(citation["url"]) for citation in row["citations"]}
            self._sql.executemany("INSERT OR IGNORE INTO cited VALUES (?, ?)", ((key, written[0]) for key in keys))

    def _keep_events(self, wanted: tuple[str, ...], uri: str) -> None:
        chosen: set[str] = set()
        for event_id in wanted:
            waiting = [event_id]
            while waiting:
                following = waiting.pop()
                rows = self._sql.execute("SELECT replaced_by FROM events WHERE id = ?", (following,)).fetchall()
                if not rows and following == event_id:
                    raise NotFound(f"no event {event_id[:120]} in {uri}; warcite show URL --json names the events that cite an address")
                chosen.add(following)
                waiting += [row[0] for row in rows if row[0] is not None and row[0] not in chosen]
        self._sql.executemany("UPDATE events SET chosen = 2 WHERE id = ?", ((one,) for one in chosen))
        self._sql.execute("UPDATE events SET chosen = (chosen = 2)")

    def _keep_digests(self, wanted: tuple[str, ...]) -> None:
        found = self._sql.execute("SELECT DISTINCT digest_file, digest_sha256 FROM events").fetchall()
        for file, sha256 in found:
            if not any(one in {file, sha256} or fnmatchcase(file, one) for one in wanted):
                self._sql.execute("UPDATE events SET chosen = 0 WHERE digest_file = ? AND digest_sha256 = ?", (file, sha256))
