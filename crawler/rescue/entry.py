"""`warcite rescue`: the dead targets of an archive, as a job of their own whose outcomes supersede those they had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from archive import manifests
from archive.errors import NotFound
from archive.jobs import is_inputs, new_run
from archive.model import Ending, Manifest, TargetOutcome
from archive.options import CrawlOptions
from archive.spool.directory import Spool, find_spool
from archive.spool.entry import Entered, start_run
from archive.spool.frontier import Frontier
from archive.spool.held import awaiting, enter_held
from archive.spool.ledger import Ledger
from archive.spool.recover import recover_spool, sync_with_store
from archive.store import Store, open_store
from archive.times import iso, now, parse_iso
from archive.urls import host_of
from crawler.endings import is_rescuable
from crawler.session import Session
from pipelines.publish import store_marker

JOB = "rescue-"
"""How the job of a rescue begins."""


def open_rescue(options: CrawlOptions, chosen: str | None) -> Session:
    """A session whose targets wait for their rescue: those of an interrupted rescue, else the dead of ``chosen``, a run (``last``: the
    newest), or of the whole archive. Raises `NotFound` for a run that committed nothing, and what `open_session` raises.
    """
    options = replace(options, rescue=True)
    store = open_store(options.store)
    store_marker(store)
    spool = Spool(find_spool(store.uri, options.spool, os.environ))
    try:
        ledger = Ledger(spool.ledger)
        recover_spool(spool, ledger)
        sync_with_store(spool, ledger, store)
        left_over = bool(ledger.uncommitted_segments())
        started = now()
        run = new_run(started)
        job = _unfinished(ledger) or f"{JOB}{run}"
        start_run(ledger, run, job, iso(started))
        if job == f"{JOB}{run}":
            enter_held(ledger, run, job, map(_row, _dead(store, options, chosen)))
        else:
            ledger.begin()
            ledger.execute("UPDATE targets SET run = ? WHERE job = ?", (run, job))
            ledger.commit()
        entered = Entered(targets=ledger.execute("SELECT count(*) FROM targets WHERE run = ?", (run,)).fetchone()[0])
        frontier, to_rescue = Frontier(ledger, run), awaiting(ledger, run)
    except BaseException:
        spool.close()
        raise
    return Session(options, store, spool, ledger, run, job, iso(started), entered, frontier, to_rescue, left_over)


def _unfinished(ledger: Ledger) -> str | None:
    row = ledger.execute(
        "SELECT job FROM targets WHERE job >= 'rescue-' AND job < 'rescue.' AND state = 'awaiting' ORDER BY job LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else None


def _dead(store: Store, options: CrawlOptions, chosen: str | None) -> Iterator[TargetOutcome]:
    """Targets whose latest outcome is one that a web archive may mend, and is of the chosen run."""
    committed = sorted((m for _, m in manifests.load_all(store) if not is_inputs(m.job)), key=lambda m: m.created_at)
    run = _run(committed, chosen)
    latest: dict[str, tuple[str, TargetOutcome]] = {}
    for manifest in committed:
        for outcome in manifest.outcomes:
            latest.pop(outcome.key, None)
            if is_rescuable(outcome.outcome, outcome.reason, blocked=options.rescue_blocked):
                latest[outcome.key] = manifest.run, outcome
    return (outcome for its_run, outcome in latest.values() if run in {None, its_run})


def _run(committed: list[Manifest], chosen: str | None) -> str | None:
    runs = [manifest.run for manifest in committed]
    if chosen == "last" and runs:
        return runs[-1]
    if chosen and chosen not in runs:
        raise NotFound(f"no run {chosen} in the archive; warcite status --json lists the runs")
    return chosen


def _row(o: TargetOutcome) -> tuple[str, str, str, Ending, str | None]:
    at = parse_iso(o.captured_at) if o.captured_at else now()
    ending = Ending(0, o.outcome, o.reason, o.attempts, at, o.http_status, o.final_url, None, _before_rescue(o.detail))
    return o.url, o.key, host_of(o.url), ending, o.record_id


def _before_rescue(detail: str) -> str:
    """Without what an earlier rescue said."""
    return detail.partition("no copy taken: ")[0].rstrip("; ")
