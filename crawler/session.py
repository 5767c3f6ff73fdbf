"""One run of the crawler: its spool, ledger, store and frontier, opened in the order the commit protocol asks for."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Literal, Self

from archive.index.previous import PreviousPages
from archive.index.recent import Progress, RecentCaptures
from archive.index.targets import Selection, select
from archive.jobs import new_run
from archive.model import Event, OutcomeWord, Reason, Target
from archive.options import CrawlOptions
from archive.spool.chosen import about_to_be_published, cited_by, enter_targets
from archive.spool.directory import Spool, find_spool
from archive.spool.entry import Entered, count_queued, enter, resume_job, start_run
from archive.spool.frontier import Frontier
from archive.spool.held import awaiting
from archive.spool.ledger import Ledger
from archive.spool.recover import recover_spool, sync_with_store
from archive.spool.seeds import InputTarget, enter_inputs, take_up
from archive.store import Store, open_store
from archive.times import iso, now
from crawler.endings import is_rescuable
from crawler.seeds.asked import Asked, pages_to_read
from crawler.seeds.pages import InputPages
from pipelines.inputs.reading import Reading
from pipelines.publish import store_marker

logger = logging.getLogger(__name__)

SOURCES_JOB = "sources"
"""The job of every `crawl`: an address that has an outcome in it is not fetched again."""


@dataclass(slots=True, weakref_slot=True)  # Scrapy's signals hold receivers weakly
class Session:
    """Open until `close`; raises `Locked`, `StoreError`, `InputError` while opening."""

    options: CrawlOptions
    store: Store
    spool: Spool
    ledger: Ledger
    run: str
    job: str
    started: str
    entered: Entered
    frontier: Frontier
    to_fetch: int  # targets that had no outcome when the run began
    left_over: bool  # whether an earlier run left captures to publish
    recent: RecentCaptures | None = None  # of a recrawl: what the archive had when it began
    previous: PreviousPages | None = None  # likewise
    input_pages: InputPages = field(default_factory=InputPages)
    arguments: tuple[str, ...] = ()  # of the command line, for the record

    def holds(self, target: Target, outcome: OutcomeWord, reason: Reason) -> bool:
        """Whether a target that came to this waits for its rescue instead of ending."""
        options = self.options
        wanted = options.rescue and not isinstance(target, InputTarget)
        return wanted and is_rescuable(outcome, reason, blocked=options.rescue_blocked)

    def close(self) -> None:
        self.ledger.close()
        if self.recent:
            self.recent.close()
        self.spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_session(
    options: CrawlOptions,
    wanted: Iterable[Event] | Selection,
    kind: Literal["crawl", "recrawl"],
    asked: Asked | None = None,
    told: Progress = lambda *_: None,
) -> Session:
    """Recover what an earlier run left, learn what the store holds, enter what is wanted, and stand ready to crawl.

    ``asked`` names the inputs that are yet to be fetched, beside those that the reading of the others leads to. ``told`` is of the
    cache of captures, which takes minutes to make for a million.
    Raises besides `NotFound` for a selection that names a run or an event that is not there.
    """
    store = open_store(options.store)
    store_marker(store)
    spool = Spool(find_spool(store.uri, options.spool, os.environ))
    try:
        ledger = Ledger(spool.ledger)
        recover_spool(spool, ledger)
        sync_with_store(spool, ledger, store)
        left_over = bool(ledger.uncommitted_segments())
        seeds = asked.seeds if asked else ()
        recent = open_recent(spool, store, told) if kind == "recrawl" or seeds else None
        started = now()
        run = new_run(started)
        job = SOURCES_JOB if kind == "crawl" else f"recrawl-{run}"
        start_run(ledger, run, job, iso(started))
        pages = InputPages()
        if asked and seeds:
            work = take_up(ledger, run, job, asked.what, started, own_job=kind == "recrawl")
            job, pages = work.sources, InputPages(work.inputs, continued=work.continued)
        if recent and isinstance(wanted, Selection):
            entered = enter_targets(ledger, run, job, choose(wanted, recent, ledger, started))
        elif not isinstance(wanted, Selection):
            entered = enter(ledger, run, job, wanted)
        further = wanted.further if isinstance(wanted, Reading) else ()
        if asked and further and not pages.job:
            pages = InputPages(take_up(ledger, run, job, asked.what, started, own_job=kind == "recrawl").inputs)
        if pages.job:
            enter_inputs(ledger, run, pages.job, pages_to_read(ledger, seeds, further, started))
            ledger.commit()
        elif kind == "recrawl":
            job = resume_job(ledger, run, job)
        frontier, to_fetch = Frontier(ledger, run), count_queued(ledger, run, job) + awaiting(ledger, run)
    except BaseException:
        spool.close()
        raise
    previous = PreviousPages(recent, store) if recent else None
    return Session(options, store, spool, ledger, run, job, iso(started), entered, frontier, to_fetch, left_over, recent, previous, pages)


def open_recent(spool: Spool, store: Store, told: Progress = lambda *_: None) -> RecentCaptures:
    """The cache beside the ledger, up to date. Raises `DamageError`, `StoreError`."""
    recent = RecentCaptures(spool.directory / "captures.sqlite")
    try:
        recent.refresh(store, lambda problem: logger.warning("%s", problem), told)
    except BaseException:
        recent.close()
        raise
    return recent


def choose(selection: Selection, recent: RecentCaptures, ledger: Ledger, at: datetime) -> Iterator[tuple[str, str]]:
    """Key and address of the targets selected. Raises `NotFound`."""
    cited = None if selection.event is None else cited_by(ledger, selection.event)
    ended = about_to_be_published(ledger) if selection.moves else frozenset()
    return ((key, url) for key, url in select(recent, selection, at, cited) if key not in ended)
