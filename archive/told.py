"""Events as they were told last, and the targets that they cite: two tables for any SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.events import revision_of
from archive.urls import surt

TABLES = """
CREATE TABLE events (number INTEGER PRIMARY KEY, id TEXT NOT NULL, digest_file TEXT NOT NULL, date TEXT, title TEXT NOT NULL,
  revision INTEGER NOT NULL, replaced_by TEXT, UNIQUE (id, digest_file));
CREATE TABLE cited (key TEXT, event INTEGER, PRIMARY KEY (key, event)) WITHOUT ROWID;
CREATE INDEX cited_by_event ON cited (event);
"""
_EVENT = """
INSERT INTO events (id, digest_file, date, title, revision, replaced_by) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id, digest_file) DO UPDATE SET date = excluded.date, title = excluded.title, revision = excluded.revision,
  replaced_by = excluded.replaced_by WHERE excluded.revision >= revision RETURNING number
"""


def tell(sql: sqlite3.Connection, row: Mapping[str, Any]) -> int | None:
    """Take in a row of an events object (``warcite.event/1``), in any order of manifests; returns its number, None where it was told anew
    already. Raises `KeyError`, `TypeError`, `AttributeError` for a row that is no event.
    """
    event = (row["id"], row["digest_file"], row["date"], row["title"], revision_of(row), row.get("replaced_by"))
    try:
        written = sql.execute(_EVENT, event).fetchone()
    except sqlite3.IntegrityError as error:
        raise TypeError(str(error)) from error
    if written is None:
        return None
    number = int(written[0])
    sql.execute("DELETE FROM cited WHERE event = ?", (number,))
    keys = {surt(citation["url"]) for citation in row["citations"]}
    sql.executemany("INSERT OR IGNORE INTO cited VALUES (?, ?)", ((key, number) for key in keys))
    return number
