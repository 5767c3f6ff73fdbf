"""The events of an archive by id: what a capture's metadata record names, with all that a document says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from archive.model import DocumentCitation
from archive.warc.writer import one_line

_SCHEMA = """
CREATE TABLE events (id TEXT, digest_file TEXT, written TEXT, date TEXT, title TEXT, url TEXT, PRIMARY KEY (id, digest_file)) WITHOUT ROWID;
CREATE TABLE labels (id TEXT, position INTEGER, label TEXT, PRIMARY KEY (id, position)) WITHOUT ROWID;
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
        """Take in rows of an events object (``warcite.event/1``). An event that several digests tell is kept as each tells it."""
        for row in rows:
            event = (row["id"], row["digest_file"], one_line(row["digest_file"]), row["date"], row["title"], row["url"])
            self._sql.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)", event)
            labels = ((row["id"], c["position"], c["label"]) for c in row["citations"])
            self._sql.executemany("INSERT OR IGNORE INTO labels VALUES (?, ?, ?)", labels)

    def citation(self, event_id: str, position: int, digest_file: str) -> DocumentCitation | None:
        """The citation that a metadata record names; None when its event is in no events object that could be read."""
        row = self._sql.execute(
            "SELECT e.id, e.date, e.title, e.url, e.digest_file, l.label, l.position FROM events e JOIN labels l ON l.id = e.id"
            " WHERE e.id = ? AND l.position = ? ORDER BY e.written = ? DESC LIMIT 1",
            (event_id, position, digest_file),
        ).fetchone()
        return DocumentCitation(*row) if row else None
