"""A run's report, counted from its facts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Self

from archive.errors import InputError
from archive.model import OutcomeWord
from archive.provenance import COMMAND, OPTIONS, read_command, read_options
from archive.report.cited import coverage, years
from archive.report.facts import Facts
from archive.report.gather import Gathered, gather, known
from archive.report.ledger import Told, told_by_ledger
from archive.report.model import (
    SCHEMA,
    ChangeRow,
    Changes,
    Comparison,
    Counts,
    Failure,
    Provenance,
    Report,
    RunFacts,
    RunSums,
    StatusCount,
    Warc,
)
from archive.report.texts import texts
from archive.report.wires import hosts, response_times, timeline
from archive.report.words import CHANGES, KEPT, meaning_of
from archive.store.base import Store
from archive.times import parse_iso

_FAILURES = """
SELECT t.*, (SELECT max(e.captured_at) FROM earlier e
  WHERE e.key = t.key AND e.outcome IN ('captured', 'unchanged', 'rescued')) AS last_good
FROM targets t WHERE t.outcome NOT IN ('captured', 'unchanged', 'rescued')
ORDER BY t.outcome, t.reason, t.host, t.url
"""
_FIRST_EVENT = (
    "SELECT e.id, e.title FROM cited c JOIN events e ON e.number = c.event WHERE c.key = ? ORDER BY e.date IS NULL, e.date, e.id LIMIT 1"
)


class Reporter:
    """Reads a run, and the one that it is compared with; use as a context manager. Raises `NotFound`, `DamageError`, `StoreError`."""

    def __init__(self, store: Store, run: str, *, ledger: Path | None = None, compare: str | None = None, read_warcs: bool = True) -> None:
        manifests = known(store)
        self._run = manifests.run_named(run)
        other = None if compare is None else manifests.run_named(compare)
        if other == self._run:
            raise InputError(f"{other} is the run itself: name another one with --compare")
        self._ledger = ledger
        self.facts = Facts()
        self._other: tuple[Facts, Gathered] | None = None
        try:
            self._found = gather(store, manifests, self._run, self.facts, read_warcs=read_warcs)
            if other is not None:
                facts = Facts()
                self._other = (facts, gather(store, manifests, other, facts, read_warcs=read_warcs))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.facts.__exit__(None, None, None)
        if self._other is not None:
            self._other[0].__exit__(None, None, None)

    def report(self) -> Report:
        facts, found, sql = self.facts, self._found, self.facts.sql
        told = told_by_ledger(self._ledger, self._run)
        comparison = self._compared(told)
        facts.judge_changes(by_revisits=comparison is None)
        outcomes = _outcomes(sql)
        return Report(
            schema=SCHEMA,
            run=_run(found, told, _asked_seconds(sql)),
            sources=sum(outcomes.values()),
            outcomes=outcomes,
            kept=sum(outcomes[word] for word in KEPT),
            statuses=tuple(_statuses(sql)),
            vias=dict(map(tuple, sql.execute("SELECT via, count(*) FROM targets GROUP BY via ORDER BY via"))),
            failures=tuple(_failures(sql)),
            timeline=timeline(sql),
            times=response_times(sql) if found.timed else None,
            hosts=tuple(hosts(sql, timed=found.timed)),
            coverage=coverage(sql),
            years=tuple(years(sql)),
            texts=texts(sql),
            changes=_changes(sql, comparison, told),
            comparison=comparison,
            provenance=_provenance(found),
            unknown=(*([f"how the run ended and what came over the wire: {told.why}"] if told.why else []), *found.missing),
        )

    def _compared(self, told: Told) -> Comparison | None:
        if self._other is None:
            return None
        facts, found = self._other
        self.facts.replace_baseline(facts)
        rows = self.facts.sql.execute("SELECT b.outcome, t.outcome, count(*) FROM targets t JOIN baseline b ON b.key = t.key GROUP BY 1, 2")
        moves: dict[str, Counts] = {word.value: {to.value: 0 for to in OutcomeWord} for word in OutcomeWord}
        for before, now, count in rows:
            moves[before][now] = count
        both = sum(sum(row.values()) for row in moves.values())
        before, now = _sums(facts, found, told_by_ledger(self._ledger, found.run)), _sums(self.facts, self._found, told)
        return Comparison(before, now, both, before.sources - both, now.sources - both, moves)


def _run(found: Gathered, told: Told, asked_seconds: float | None) -> RunFacts:
    report = told.report
    return RunFacts(
        run=found.run,
        jobs=tuple(found.jobs),
        store=found.store,
        state=report.get("state"),
        exit_code=report.get("exit_code"),
        started=report.get("started"),
        finished=report.get("finished"),
        seconds=report.get("seconds"),
        asked_seconds=asked_seconds,
        bytes_fetched=report.get("bytes", {}).get("fetched"),
        bytes_stored=sum(stored.size for stored, _ in found.warcs),
        inputs_named=report.get("sources"),
        pending=told.pending,
    )


def _asked_seconds(sql: sqlite3.Connection) -> float | None:
    first, last = sql.execute("SELECT min(captured_at), max(captured_at) FROM targets").fetchone()
    return round((parse_iso(last) - parse_iso(first)).total_seconds(), 3) if first else None


def _outcomes(sql: sqlite3.Connection) -> Counts:
    counted = dict(map(tuple, sql.execute("SELECT outcome, count(*) FROM targets GROUP BY outcome")))
    return {word.value: counted.get(word.value, 0) for word in OutcomeWord}


def _statuses(sql: sqlite3.Connection) -> Iterator[StatusCount]:
    rows = sql.execute("SELECT http_status, count(*) FROM targets GROUP BY http_status ORDER BY http_status IS NULL, http_status")
    for status, count in rows:
        yield StatusCount(status, meaning_of(status), count)


def _failures(sql: sqlite3.Connection) -> Iterator[Failure]:
    for row in sql.execute(_FAILURES):
        event = sql.execute(_FIRST_EVENT, (row["key"],)).fetchone() or (None, None)
        yield Failure(
            url=row["url"],
            outcome=OutcomeWord(row["outcome"]),
            reason=row["reason"],
            http_status=row["http_status"],
            attempts=row["attempts"],
            detail=row["detail"],
            event_id=event[0],
            event_title=event[1],
            last_good=row["last_good"],
        )


def _changes(sql: sqlite3.Connection, comparison: Comparison | None, told: Told) -> Changes:
    counted = dict(map(tuple, sql.execute("SELECT change, count(*) FROM targets GROUP BY change")))
    rows = sql.execute(
        "SELECT t.url, t.change, b.outcome, t.outcome, b.captured_at FROM targets t JOIN baseline b ON b.key = t.key"
        " WHERE t.change IN ('text', 'newly-gone', 'newly-failing', 'back') ORDER BY t.change, t.url"
    )
    return Changes(
        baseline=comparison.before.run if comparison else None,
        counts={kind: counted.get(kind, 0) for kind in CHANGES},
        rows=tuple(ChangeRow(*row) for row in rows),
        told=told.report.get("changes"),
    )


def _sums(facts: Facts, found: Gathered, told: Told) -> RunSums:
    outcomes = _outcomes(facts.sql)
    times = response_times(facts.sql) if found.timed else None
    return RunSums(
        run=found.run,
        sources=sum(outcomes.values()),
        outcomes=outcomes,
        hosts=facts.sql.execute("SELECT count(DISTINCT host) FROM targets").fetchone()[0],
        bytes_stored=sum(stored.size for stored, _ in found.warcs),
        seconds=told.report.get("seconds"),
        p50=times.p50 if times else None,
        p95=times.p95 if times else None,
        texts_ok=facts.sql.execute("SELECT count(*) FROM targets WHERE words IS NOT NULL AND text_outcome = 'ok'").fetchone()[0],
    )


def _provenance(found: Gathered) -> Provenance:
    return Provenance(
        as_of=found.as_of,
        command=read_command(found.warcinfo),
        options=read_options(found.warcinfo),
        versions=dict(sorted(found.versions.items())),
        warcinfo={name: value for name, value in found.warcinfo.items() if name not in {COMMAND, OPTIONS}},
        warcs=tuple(Warc(o.key, o.size, o.sha256, o.rows, segment) for o, segment in found.warcs),
        made_with=f"warcite {version('warcite')}",
    )
