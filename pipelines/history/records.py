"""What an archive knows of the targets of a run, from its manifests or from the ledger, which learned the same from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

from archive import manifests
from archive.errors import NotFound
from archive.jobs import INPUTS, is_inputs
from archive.model import OutcomeWord
from archive.store import Store
from pipelines.history.endings import Ended

_COLUMNS = "key, url, outcome, record_id, captured_at, segment, via"
_SCHEMA = f"CREATE TABLE ended ({_COLUMNS}, current)"

Problem = Callable[[str], None]


def endings_in_ledger(ledger: sqlite3.Connection, run: str, job: str, since: str) -> Iterator[Ended]:
    """Of the targets of a run, by key and time; those that ended in this ``job`` from ``since`` on (RFC 3339) are the current ones."""
    final = "state IN ('archived', 'truncated', 'failed', 'blocked', 'excluded') AND captured_at IS NOT NULL AND record_id IS NOT NULL"
    rows = ledger.execute(
        f"SELECT {_COLUMNS}, job = ? AND run = ? AND captured_at >= ? FROM targets WHERE {final} AND job NOT GLOB ?"  # noqa: S608 - constants
        " AND key IN (SELECT key FROM targets WHERE run = ? AND job = ?) ORDER BY key, captured_at",
        (job, run, since, f"{INPUTS}*", run, job),
    )
    return map(_ended, rows)


def has_other_jobs(ledger: sqlite3.Connection, job: str) -> bool:
    """Whether anything but this job was ever fetched: else no target can have ended before."""
    rows = ledger.execute("SELECT 1 FROM targets WHERE job <> ? AND job NOT GLOB ? LIMIT 1", (job, f"{INPUTS}*"))
    return rows.fetchone() is not None


def run_named(store: Store, run: str) -> str:
    """The run itself; ``last`` is the newest that ended any target. Raises `NotFound`."""
    runs = {(m.created_at, m.run) for _, m in manifests.load_readable(store) if not is_inputs(m.job) and m.outcomes}
    if run == "last" and runs:
        return max(runs)[1]
    if run not in {name for _, name in runs}:
        raise NotFound(f"no run {run} in {store.uri}; warcite status --json lists the runs")
    return run


def endings_in_store(store: Store, run: str, problem: Problem) -> Iterator[Ended]:
    """Of the targets of a run, by key and time, through a temporary file; manifests that cannot be read are told to ``problem``."""
    with closing(sqlite3.connect("", isolation_level=None)) as sql:
        sql.execute(_SCHEMA)
        sql.execute("BEGIN")
        for _, manifest in manifests.load_readable(store, lambda _, error: problem(str(error))):
            if not is_inputs(manifest.job):
                sql.executemany(
                    "INSERT INTO ended VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        (o.key, o.url, o.outcome.value, o.record_id, o.captured_at, manifest.segment, o.via, manifest.run == run)
                        for o in manifest.outcomes
                        if o.captured_at and o.record_id
                    ),
                )
        rows = sql.execute(
            f"SELECT {_COLUMNS}, current FROM ended WHERE key IN (SELECT key FROM ended WHERE current) ORDER BY key, captured_at"  # noqa: S608 - constants
        )
        yield from map(_ended, rows)


def _ended(row: tuple[str, str, str, str, str, str, str, int]) -> Ended:
    key, url, outcome, record_id, at, segment, via, current = row
    return Ended(key, url, OutcomeWord(outcome), record_id, at, segment, via, bool(current))
