"""One run of the crawler: its spool, ledger, store and frontier, opened in the order the commit protocol asks for."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from archive.errors import KeyExists
from archive.model import Event
from archive.options import CrawlOptions
from archive.spool.directory import Spool, find_spool
from archive.spool.entry import Entered, enter, resume_job, start_run
from archive.spool.frontier import Frontier
from archive.spool.ledger import Ledger
from archive.spool.recover import recover_spool, sync_with_store
from archive.store import Store, open_store
from archive.times import iso, now
from pipelines.publish import store_marker

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

    def close(self) -> None:
        self.ledger.close()
        self.spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_session(options: CrawlOptions, events: Iterable[Event], kind: Literal["crawl", "recrawl"]) -> Session:
    """Recover what an earlier run left, learn what the store holds, enter the input, and stand ready to crawl."""
    store = open_store(options.store)
    mark(store)
    spool = Spool(find_spool(store.uri, options.spool, os.environ))
    try:
        ledger = Ledger(spool.ledger)
        recover_spool(spool, ledger)
        sync_with_store(spool, ledger, store)
        left_over = bool(ledger.uncommitted_segments())
        started = now()
        run = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        job = SOURCES_JOB if kind == "crawl" else f"recrawl-{run}"
        start_run(ledger, run, job, iso(started))
        entered = enter(ledger, run, job, events)
        if kind == "recrawl":
            job = resume_job(ledger, run, job)
        frontier = Frontier(ledger, run)
    except BaseException:
        spool.close()
        raise
    return Session(options, store, spool, ledger, run, job, iso(started), entered, frontier, frontier.queued, left_over)


def mark(store: Store) -> None:
    try:
        store_marker(store)
    except KeyExists:
        return
