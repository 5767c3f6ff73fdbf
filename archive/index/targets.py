"""Targets of an archive, chosen by what became of them: what a recrawl fetches when it is not given a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from archive.errors import NotFound
from archive.index.recent import RecentCaptures
from archive.model import OutcomeWord
from archive.times import iso
from archive.urls import host_of

_GOOD = (OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, OutcomeWord.RESCUED)
_IS_GOOD = "outcome IN (" + ", ".join(f"'{word}'" for word in _GOOD) + ")"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which targets: all that every given part agrees on. What became of a target is its latest outcome, of whatever run."""

    run: str | None = None  # that had it among its targets; "last": the newest
    event: str | None = None  # id of one that cites it
    host: str | None = None  # of its address as cited; may have * and ?
    failed: bool = False  # neither captured, unchanged nor rescued
    older_than: float | None = None  # seconds since it was last asked for
    changed_only: bool = False  # a page that was kept before, and had changed when it was fetched again

    def __bool__(self) -> bool:
        return self != Selection()

    @property
    def moves(self) -> bool:
        """Whether what ends now may not be chosen any more: then an interrupted recrawl is continued by choosing again."""
        return self.failed or self.changed_only or self.older_than is not None

    def __str__(self) -> str:
        given = [f"--{name} {value}" for name in ("run", "event", "host") if (value := getattr(self, name)) is not None]
        given += ["--failed"] * self.failed + ["--changed-only"] * self.changed_only
        return " ".join(given + ([f"--older-than {_span(self.older_than)}"] if self.older_than is not None else []))


def _span(seconds: float) -> str:
    return f"{seconds / 86400:g}d" if seconds >= 86400 else f"{seconds:g}s"


def select(recent: RecentCaptures, selection: Selection, at: datetime, cited: frozenset[str] | None = None) -> Iterator[tuple[str, str]]:
    """Key and address of every target chosen, in order of keys. ``cited`` are the keys of the event's sources.

    Raises `NotFound` for a run that committed nothing.
    """
    query, values = _query(recent, selection, at)
    for key, url in recent.sql.execute(query, values):
        if (cited is None or key in cited) and (selection.host is None or fnmatchcase(host_of(url), selection.host.lower())):
            yield key, url


def _query(recent: RecentCaptures, selection: Selection, at: datetime) -> tuple[str, list[object]]:
    """SQLite takes the other columns from the row that has the maximum."""
    where, values = ["TRUE"], list[object]()
    if selection.run is not None:
        where.append("key IN (SELECT o.key FROM outcomes o JOIN segments s ON s.number = o.segment WHERE s.run = ?)")
        values.append(_run(recent, selection.run))
    if selection.failed:
        where.append(f"NOT {_IS_GOOD}")
    if selection.older_than is not None:
        where.append("at < ?")
        values.append(iso(at - timedelta(seconds=selection.older_than)))
    if selection.changed_only:
        where.append(f"outcome = '{OutcomeWord.CAPTURED}'")
        where.append(f"EXISTS (SELECT 1 FROM outcomes b WHERE b.key = latest.key AND b.at < latest.at AND b.{_IS_GOOD})")  # noqa: S608
    latest = "SELECT key, url, outcome, max(at) AS at FROM outcomes GROUP BY key"
    return f"SELECT key, url FROM ({latest}) AS latest WHERE {' AND '.join(where)} ORDER BY key", values  # noqa: S608 - constants


def _run(recent: RecentCaptures, run: str) -> str:
    if run == "last":
        found = recent.sql.execute("SELECT s.run FROM outcomes o JOIN segments s ON s.number = o.segment ORDER BY o.at DESC LIMIT 1")
    else:
        found = recent.sql.execute("SELECT run FROM segments WHERE run = ? LIMIT 1", (run,))
    row = found.fetchone()
    if row is None:
        raise NotFound(f"no run {run} with targets in the archive; warcite status --json lists the runs")
    return str(row[0])
