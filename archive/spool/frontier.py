"""Which target comes next: one per host at a time, inputs before sources, then hosts with the longest queue first.

A crawl of news is bound by its busiest host, not by its length: starting the longest queues first makes it end soonest, and inputs
tell which queues are long. Memory is one small row per host (a temporary SQLite table); targets stay on disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archive.jobs import is_inputs
from archive.model import Ending, Target
from archive.spool.ledger import Ledger
from archive.spool.seeds import InputTarget, input_target

_QUEUED = "FROM targets WHERE run = ? AND host = ? AND state = 'queued'"
_IS_INPUT = "job >= 'inputs-' AND job < 'inputs.'"


class Frontier:
    """Leases the queued targets of one run. Times are seconds of one monotonic clock, given by the caller."""

    def __init__(self, ledger: Ledger, run: str) -> None:
        self._ledger = ledger
        self._run = run
        ledger.sql.executescript(
            "DROP TABLE IF EXISTS temp.hosts;"
            "CREATE TEMP TABLE hosts (host TEXT PRIMARY KEY, queued INTEGER NOT NULL, inputs INTEGER NOT NULL DEFAULT 0,"
            " busy INTEGER NOT NULL DEFAULT 0, ready_at REAL NOT NULL DEFAULT 0) WITHOUT ROWID;"
            "CREATE INDEX temp.hosts_next ON hosts (busy, inputs > 0 DESC, queued DESC);"
        )
        self._ledger.execute(
            f"INSERT INTO temp.hosts (host, queued, inputs) SELECT host, count(*), sum({_IS_INPUT}) FROM targets"  # noqa: S608
            " WHERE run = ? AND state = 'queued' GROUP BY host",
            (run,),
        )
        self.queued: int = self._ledger.execute("SELECT coalesce(sum(queued), 0) FROM temp.hosts").fetchone()[0]
        self.leased: dict[int, Target] = {}

    def refresh(self, hosts: Iterable[str]) -> int:
        """Targets of these hosts were entered while the crawl runs; returns how many more are queued."""
        before = self.queued
        for host in hosts:
            count = f"SELECT count(*), coalesce(sum({_IS_INPUT}), 0) {_QUEUED}"
            queued, inputs = self._ledger.execute(count, (self._run, host)).fetchone()
            known = self._ledger.execute("SELECT queued FROM temp.hosts WHERE host = ?", (host,)).fetchone()
            self._ledger.execute(
                "INSERT INTO temp.hosts (host, queued, inputs) VALUES (?, ?, ?)"
                " ON CONFLICT (host) DO UPDATE SET queued = excluded.queued, inputs = excluded.inputs",
                (host, queued, inputs),
            )
            self.queued += queued - (known[0] if known else 0)
        return self.queued - before

    def lease(self, limit: int, now: float) -> list[Target]:
        """``queued -> leased`` for up to ``limit`` targets, each of another host that is free and ready."""
        hosts = self._ledger.execute(
            "SELECT host, inputs FROM temp.hosts WHERE busy = 0 AND queued > 0 AND ready_at <= ?"
            " ORDER BY inputs > 0 DESC, queued DESC LIMIT ?",
            (now, limit),
        ).fetchall()
        self._ledger.begin()
        return [self._lease_of(*row) for row in hosts]

    def _lease_of(self, host: str, inputs: int) -> Target:
        only = f"AND {_IS_INPUT}" if inputs else ""
        row = self._ledger.execute(
            f"SELECT id, url, key, host, attempts, job {_QUEUED} {only} ORDER BY id LIMIT 1",
            (self._run, host),
        ).fetchone()
        target = _target(row)
        self._ledger.execute("UPDATE targets SET state = 'leased' WHERE id = ? AND state = 'queued'", (target.id,))
        self._ledger.execute(
            "UPDATE temp.hosts SET busy = 1, queued = queued - 1, inputs = inputs - ? WHERE host = ?", (_counts_as_input(target), host)
        )
        self.queued -= 1
        self.leased[target.id] = target
        return target

    def ended(self, ending: Ending) -> None:
        """The host may be asked for its next target; the row itself moves on when the bytes are on the disk."""
        target = self.leased.pop(ending.target_id)
        self._ledger.execute("UPDATE temp.hosts SET busy = 0 WHERE host = ?", (target.host,))

    def postpone(self, target: Target, attempts: int, ready_at: float) -> None:
        """``leased -> queued`` for another attempt; its whole host waits until then (Retry-After speaks for a host)."""
        del self.leased[target.id]
        self._ledger.begin()
        self._ledger.execute("UPDATE targets SET state = 'queued', attempts = ? WHERE id = ? AND state = 'leased'", (attempts, target.id))
        self._ledger.execute(
            "UPDATE temp.hosts SET busy = 0, queued = queued + 1, inputs = inputs + ?, ready_at = max(ready_at, ?) WHERE host = ?",
            (_counts_as_input(target), ready_at, target.host),
        )
        self.queued += 1

    def next_ready(self) -> float | None:
        """When the first host that is only waiting for its time can be asked; None when no host waits."""
        row = self._ledger.execute("SELECT min(ready_at) FROM temp.hosts WHERE busy = 0 AND queued > 0").fetchone()
        return None if row[0] is None else float(row[0])

    def release(self) -> None:
        """``leased -> queued`` for what was not finished, when a crawl stops early."""
        self._ledger.begin()
        self._ledger.execute_each("UPDATE targets SET state = 'queued' WHERE id = ? AND state = 'leased'", [(i,) for i in self.leased])
        self.leased.clear()

    def slowest(self, limit: int) -> list[tuple[str, int]]:
        """Hosts with most targets waiting."""
        rows = self._ledger.execute("SELECT host, queued FROM temp.hosts WHERE queued > 0 ORDER BY queued DESC LIMIT ?", (limit,))
        return [(row[0], row[1]) for row in rows]


def _target(row: sqlite3.Row) -> Target:
    target = Target(*row[:5])
    return input_target(target, row[5]) if is_inputs(row[5]) else target


def _counts_as_input(target: Target) -> int:
    return int(isinstance(target, InputTarget))
