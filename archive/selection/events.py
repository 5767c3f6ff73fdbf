"""Which targets the chosen events cite: by id, by digest, by date. An event counts as it was told last."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from fnmatch import fnmatchcase
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive import manifests
from archive.catalog.file import make_event_tables
from archive.catalog.rows import Rows
from archive.errors import NotFound
from archive.store.base import Store

if TYPE_CHECKING:
    from archive.model import TargetOutcome
    from archive.selection.select import Selection


class CitedTargets:
    """Lies in SQLite's own temporary file, so that an archive of any size fits; use as a context manager.

    Raises `NotFound` for an event that the archive does not have, `DamageError`, `StoreError`.
    """

    def __init__(self, store: Store, selection: Selection) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        try:
            make_event_tables(self._sql)
            self._sql.execute("BEGIN")
            rows = Rows(self._sql)
            for _, manifest in manifests.load_all(store):
                rows.add_events(store, manifest)
            condition, self._values = cited_condition(self._sql, selection, store.uri)
        except BaseException:
            self._sql.close()
            raise
        target = "SELECT (SELECT number FROM addresses WHERE key = ?) AS address, ? AS captured_at"
        self._query = f"SELECT {condition} FROM ({target}) AS d"  # noqa: S608 - constants

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sql.close()

    def is_chosen(self, outcome: TargetOutcome) -> bool:
        return bool(self._sql.execute(self._query, (*self._values, outcome.key, outcome.captured_at)).fetchone()[0])


def cited_condition(sql: sqlite3.Connection, selection: Selection, store_uri: str) -> tuple[str, tuple[str, ...]]:
    """SQL and its values, on columns ``d.address`` and ``d.captured_at``, in a database with the tables of events.

    It holds for what one of the chosen events cites, on a day within the span; where none is dated, for what was captured within it.
    Raises `NotFound` for an event that the archive does not have.
    """
    link = "SELECT 1 FROM cited c JOIN events e ON e.number = c.event WHERE c.address = d.address"
    parts: list[str] = []
    values: tuple[str, ...] = ()
    if selection.events or selection.digests:
        sql.execute("DROP TABLE IF EXISTS temp.chosen")
        sql.execute("CREATE TEMP TABLE chosen (number INTEGER PRIMARY KEY)")
        sql.executemany("INSERT INTO chosen VALUES (?)", ((number,) for number in _chosen(sql, selection, store_uri)))
        link += " AND e.number IN temp.chosen"
        parts.append(f"EXISTS ({link})")
    if selection.since or selection.until:
        cited, dated = f"EXISTS ({link} AND e.date BETWEEN ? AND ?)", f"EXISTS ({link} AND e.date > '')"
        parts.append(f"({cited} OR (d.captured_at BETWEEN ? AND ? AND NOT {dated}))")
        values = 2 * span_of(selection)
    return " AND ".join(parts), values


def span_of(selection: Selection) -> tuple[str, str]:
    """Between which texts the days lie, as SQLite compares them."""
    return selection.since or "0", f"{selection.until or ''}~"


def _chosen(sql: sqlite3.Connection, selection: Selection, store_uri: str) -> Iterable[int]:
    ids = _with_successors(sql, selection.events, store_uri) if selection.events else None
    wanted = selection.digests
    for number, event_id, file, sha256 in sql.execute("SELECT number, id, digest_file, digest_sha256 FROM events").fetchall():
        of_digest = not wanted or any(one in {file, sha256} or fnmatchcase(file, one) for one in wanted)
        if of_digest and (ids is None or event_id in ids):
            yield number


def _with_successors(sql: sqlite3.Connection, events: tuple[str, ...], store_uri: str) -> set[str]:
    chosen: set[str] = set()
    for event_id in events:
        waiting = [event_id]
        while waiting:
            following = waiting.pop()
            rows = sql.execute("SELECT replaced_by FROM events WHERE id = ?", (following,)).fetchall()
            if not rows and following == event_id:
                raise NotFound(f"no event {event_id[:120]} in {store_uri}; warcite show URL --json names the events that cite an address")
            chosen.add(following)
            waiting += [row[0] for row in rows if row[0] is not None and row[0] not in chosen]
    return chosen
