"""Inputs that are addresses, in the ledger: targets of a job of their own, whose captures lead to sources and to further inputs.

An input is asked for by a run. The next run that asks for the same goes on with the inputs and sources of one that was interrupted;
else it begins a new job, since input pages move and are read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.jobs import INPUTS
from archive.model import OutcomeWord, Target
from archive.spool.ledger import Ledger
from archive.times import iso, parse_iso
from archive.urls import host_of, surt

STALE = timedelta(days=1)
"""How old an interrupted run may be to be continued; what an older one had read has moved, and is read again."""

_PAGES = "FROM inputs i JOIN targets t ON t.job = i.job AND t.key = i.key"


@dataclass(frozen=True, slots=True)
class InputTarget(Target):
    """A target whose capture leads to targets."""

    job: str = ""


def input_target(target: Target, job: str) -> InputTarget:
    return InputTarget(target.id, target.url, target.key, target.host, target.attempts, job=job)


@dataclass(frozen=True, slots=True)
class Input:
    """An input page to fetch."""

    name: str  # as given, or as the page that led here names it: what its events call their digest file
    url: str  # to fetch
    seed: str  # key of the input that the user named and that led here, or its own
    depth: int = 0  # pages that led here


@dataclass(frozen=True, slots=True)
class Work:
    """What a run works on: the job of its input pages, the job of their sources, and the run it goes on with, if any."""

    inputs: str
    sources: str
    continued: str | None = None


def fingerprint(kind: str, names: Iterable[str]) -> str:
    """What was asked for, whatever the day: the same names, as given, in any order."""
    return hashlib.sha256("\n".join([kind, *sorted(set(names))]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def take_up(ledger: Ledger, run: str, sources: str, asked: str, at: datetime, *, own_job: bool) -> Work:
    """Begin a job of input pages for ``run``, or go on with that of an interrupted run that asked for the same.

    ``own_job`` says that ``sources`` is a job of this run alone (a recrawl), as that of the interrupted run was. Sources that it
    still had to fetch are taken over even when it is too old to be continued, since their inputs may no longer name them.
    """
    last = ledger.execute(
        "SELECT a.run, a.job AS inputs, r.job AS sources, r.started FROM asked a JOIN runs r ON r.run = a.run"
        " WHERE a.what = ? AND a.run <> ? ORDER BY r.number DESC LIMIT 1",
        (asked, run),
    ).fetchone()
    work = Work(f"{INPUTS}{run}", sources)
    ledger.begin()
    if last is not None and _is_unfinished(ledger, last["run"]):
        if timedelta() <= at - parse_iso(last["started"]) < STALE:
            work = Work(last["inputs"], last["sources"], last["run"])
            ledger.execute("UPDATE targets SET run = ? WHERE run = ? AND job IN (?, ?)", (run, work.continued, work.inputs, work.sources))
            ledger.execute("UPDATE runs SET job = ? WHERE run = ?", (work.sources, run))
        else:
            _take_over(ledger, run, work, last["run"], last["inputs"], with_sources=not own_job)
    ledger.execute("INSERT INTO asked (run, what, job) VALUES (?, ?, ?)", (run, asked, work.inputs))
    ledger.commit()
    return work


def _is_unfinished(ledger: Ledger, run: str) -> bool:
    left = "SELECT 1 FROM targets WHERE run = ? AND state IN ('queued', 'leased', 'awaiting', 'captured') LIMIT 1"
    return ledger.execute(left, (run,)).fetchone() is not None


def _take_over(ledger: Ledger, run: str, work: Work, last: str, inputs: str, *, with_sources: bool) -> None:
    if with_sources:
        left_to_do = "UPDATE targets SET run = ? WHERE run = ? AND job = ? AND state IN ('queued', 'awaiting')"
        ledger.execute(left_to_do, (run, last, work.sources))
    left = "SELECT key FROM targets WHERE job = ? AND state = 'queued'"
    ledger.execute(f"UPDATE OR IGNORE inputs SET job = ? WHERE job = ? AND key IN ({left})", (work.inputs, inputs, inputs))  # noqa: S608
    ledger.execute("UPDATE targets SET job = ?, run = ? WHERE job = ? AND state = 'queued'", (work.inputs, run, inputs))


def enter_inputs(ledger: Ledger, run: str, job: str, inputs: Iterable[Input]) -> int:
    """Give every input page its row in ``job``, claimed for ``run``; returns how many were not there before."""
    ledger.begin()
    new = 0
    for page in inputs:
        key = surt(page.url)
        new += ledger.execute(
            "INSERT OR IGNORE INTO inputs (job, key, name, seed, depth) VALUES (?, ?, ?, ?, ?)",
            (job, key, page.name, page.seed, page.depth),
        ).rowcount
        ledger.execute(
            "INSERT INTO targets (job, key, url, host, run) VALUES (?, ?, ?, ?, ?) ON CONFLICT (job, key) DO UPDATE SET run = excluded.run",
            (job, key, page.url, host_of(page.url), run),
        )
    return new


def input_of(ledger: Ledger, job: str, key: str) -> Input | None:
    """What is known of an input page; None when this ledger did not ask for it."""
    row = ledger.execute(f"SELECT i.name, t.url, i.seed, i.depth {_PAGES} WHERE i.job = ? AND i.key = ?", (job, key)).fetchone()
    return Input(*row) if row else None


def led_to(ledger: Ledger, job: str, seed: str) -> int:
    """Input pages that a named input has led to so far, itself included."""
    return int(ledger.execute("SELECT count(*) FROM inputs WHERE job = ? AND seed = ?", (job, seed)).fetchone()[0])


def owner_of(ledger: Ledger, job: str) -> tuple[str, str] | None:
    """The latest run that works on a job of input pages, and the job of its sources."""
    row = ledger.execute(
        "SELECT r.run, r.job FROM asked a JOIN runs r ON r.run = a.run WHERE a.job = ? ORDER BY r.number DESC LIMIT 1", (job,)
    ).fetchone()
    return (row[0], row[1]) if row else None


def is_settled(ledger: Ledger, url: str, since: datetime) -> bool:
    """Whether a page was read, with all that it led to, after the moment from which it no longer moves."""
    key = surt(url)
    rows = ledger.execute(
        "SELECT job FROM targets WHERE key = ? AND job >= 'inputs-' AND job < 'inputs.' AND outcome IN (?, ?) AND captured_at >= ?"
        " ORDER BY job DESC",
        (key, OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, iso(since)),
    ).fetchall()
    return any(_ended_well(ledger, row[0], key) for row in rows)


def _ended_well(ledger: Ledger, job: str, seed: str) -> bool:
    """A job that another ledger began tells nothing of what its pages led to."""
    row = ledger.execute(
        f"SELECT count(*), coalesce(sum(t.outcome IN (?, ?, ?)), 0) {_PAGES} WHERE i.job = ? AND i.seed = ?",
        (OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, OutcomeWord.GONE, job, seed),
    ).fetchone()
    return bool(row[0]) and row[0] == row[1]


@dataclass(frozen=True, slots=True)
class FailedInput:
    """An input page that could not be had."""

    name: str
    depth: int
    outcome: str
    reason: str
    http_status: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class InputCounts:
    outcomes: dict[str, int]  # only those that occur
    pending: int


def failed_inputs(ledger: Ledger, run: str, job: str) -> list[FailedInput]:
    """Of the input pages that ``run`` asked for, those without a page to read, in the order they were entered."""
    rows = ledger.execute(
        f"SELECT i.name, i.depth, t.outcome, t.reason, t.http_status, t.detail {_PAGES}"
        " WHERE t.run = ? AND t.job = ? AND t.outcome IS NOT NULL AND t.outcome NOT IN (?, ?) ORDER BY t.id",
        (run, job, OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED),
    )
    return [FailedInput(*row) for row in rows]


def count_inputs(ledger: Ledger, run: str, job: str) -> InputCounts:
    rows = dict(
        ledger.execute(
            "SELECT coalesce(outcome, ''), count(*) FROM targets WHERE run = ? AND job = ? GROUP BY outcome", (run, job)
        ).fetchall()
    )
    return InputCounts({word: count for word, count in rows.items() if word}, rows.get("", 0))
