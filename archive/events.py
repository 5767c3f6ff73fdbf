"""The events of an archive by id: what a capture's metadata record names, with all that a document says of it.

An event may be there several times: its digest told it anew. Documents cite it as it was first told, so that they come out the same
whenever they are made; whoever shows events takes the newest row (`newest`), and follows `replaced_by` where it is not null.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from archive.model import DocumentCitation
from archive.warc.writer import one_line

_SCHEMA = """
CREATE TABLE events (id TEXT, digest_file TEXT, written TEXT, date TEXT, title TEXT, url TEXT, revision INTEGER,
  PRIMARY KEY (id, digest_file)) WITHOUT ROWID;
CREATE TABLE labels (id TEXT, position INTEGER, label TEXT, revision INTEGER, PRIMARY KEY (id, position)) WITHOUT ROWID;
"""
_EVENT = """
INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id, digest_file) DO UPDATE
SET date = excluded.date, title = excluded.title, url = excluded.url, revision = excluded.revision WHERE excluded.revision < revision
"""
_LABEL = """
INSERT INTO labels VALUES (?, ?, ?, ?) ON CONFLICT (id, position) DO UPDATE
SET label = excluded.label, revision = excluded.revision WHERE excluded.revision < revision
"""


class EventIndex:
    """Lives in SQLite's own temporary file, so that an archive of any size fits; use as a context manager."""

    def __init__(self) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript(_SCHEMA)
        self._sql.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sql.close()

    def learn(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take in rows of an events object (``warcite.event/1``), in any order. An event that several digests tell is kept as each
        told it first.
        """
        for row in rows:
            revision = revision_of(row)
            event = (row["id"], row["digest_file"], one_line(row["digest_file"]), row["date"], row["title"], row["url"], revision)
            self._sql.execute(_EVENT, event)
            self._sql.executemany(_LABEL, ((row["id"], c["position"], c["label"], revision) for c in row["citations"]))

    def citation(self, event_id: str, position: int, digest_file: str) -> DocumentCitation | None:
        """The citation that a metadata record names; None when its event is in no events object that could be read."""
        row = self._sql.execute(
            "SELECT e.id, e.date, e.title, e.url, e.digest_file, l.label, l.position FROM events e JOIN labels l ON l.id = e.id"
            " WHERE e.id = ? AND l.position = ? ORDER BY e.written = ? DESC LIMIT 1",
            (event_id, position, digest_file),
        ).fetchone()
        return DocumentCitation(*row) if row else None


def revision_of(row: Mapping[str, Any]) -> int:
    """How often an event was told anew until this row was written: 1 for the first one."""
    return int(row.get("revision") or 1)


def newest(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Events by id as they were told last. Of rows with the same revision the later one counts."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["id"] not in found or revision_of(row) >= revision_of(found[row["id"]]):
            found[row["id"]] = row
    return found
