"""From input names to a session: what both the command line and `scrapy crawl` do first."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from scrapy.crawler import Crawler

from archive.config import load, options_of
from archive.errors import InputError
from archive.index.recent import Progress
from archive.options import CrawlOptions
from archive.spool.directory import Spool
from archive.spool.entry import Entered, enter
from archive.spool.frontier import Frontier
from archive.spool.ledger import Ledger
from archive.spool.recover import sync_with_store
from archive.store import Store, open_store
from archive.times import now
from crawler.seeds.asked import Asked, asked_for, pages_to_read
from crawler.seeds.days import LAST_DAYS, Window
from crawler.seeds.told import first_of
from crawler.session import SOURCES_JOB, Session, open_session
from pipelines.inputs.kinds import Kind as InputKind
from pipelines.inputs.reading import Reading

logger = logging.getLogger(__name__)

Kind = Literal["crawl", "recrawl"]


def reading_of(asked: Asked, kind: Kind) -> Reading:
    """The local inputs as a stream of events; a recrawl takes every one for a list of URLs."""
    reading = Reading(asked.local, only=InputKind.URL_LIST if kind == "recrawl" else None, follows=kind == "crawl")
    reading.problems += asked.problems
    reading.unread += len(asked.problems)
    return reading


def open_for(
    names: Iterable[str], kind: Kind, options: CrawlOptions, window: Window = LAST_DAYS, told: Progress = lambda *_: None
) -> tuple[Session, Reading]:
    """A session with everything entered that local inputs cite, and those that are addresses ready to be fetched.

    Raises `InputError` when there is neither an event nor an address.
    """
    asked = asked_for(names, kind, window, now().date())
    reading = reading_of(asked, kind)
    session = open_session(options, reading, kind, asked, told)
    if session.entered.events == 0 and not session.input_pages.job:
        session.close()
        raise InputError("nothing to crawl: " + first_of(reading.problems))
    return session, reading


def dry_run(names: Iterable[str], kind: Kind, options: CrawlOptions, window: Window = LAST_DAYS) -> tuple[dict[str, Any], Reading]:
    """What a crawl would do, without writing anything: counted in a ledger that is thrown away.

    Nothing is fetched, so what inputs lead to that are addresses is not known: only they are named.
    """
    asked = asked_for(names, kind, window, now().date())
    reading = reading_of(asked, kind)
    store = open_store(options.store)
    with tempfile.TemporaryDirectory() as directory, Spool(Path(directory)) as spool:
        ledger = Ledger(spool.ledger)
        if kind == "crawl":
            sync_with_store(spool, ledger, store)
        entered = enter(ledger, "dry-run", SOURCES_JOB, reading)
        plan = plan_of(ledger, "dry-run", entered, store, options.delay)
        plan["inputs"] = [page.url for page in pages_to_read(ledger, asked.seeds, reading.further, now())]
        ledger.close()
    return plan, reading


def plan_of(ledger: Ledger, run: str, entered: Entered, store: Store, delay: float) -> dict[str, Any]:
    """``warcite.plan/1``: what is entered for a run, and how long its busiest host takes at least."""
    frontier = Frontier(ledger, run)
    busiest = frontier.slowest(1)
    return {
        "schema": "warcite.plan/1",
        "store": store.uri,
        "digests": entered.digests,
        "events": entered.events,
        "citations": entered.citations,
        "sources": entered.targets,
        "to_fetch": frontier.queued,
        "hosts": ledger.sql.execute("SELECT count(*) FROM temp.hosts").fetchone()[0],
        "busiest_host": busiest[0][0] if busiest else None,
        "at_least_seconds": round(busiest[0][1] * delay, 1) if busiest else 0.0,
    }


def session_from_scrapy(crawler: Crawler, arguments: dict[str, Any]) -> Session:
    """The session of ``scrapy crawl sources -a input=... [-a store=...]``: Scrapy's own settings win over the configuration file."""
    names = str(arguments.pop("input", "")).split()
    if not names:
        raise InputError("say what to crawl: scrapy crawl sources -a input=DIGEST [-a store=URI] [-a kind=recrawl]")
    kind: Kind = "recrawl" if arguments.pop("kind", "crawl") == "recrawl" else "crawl"
    options = options_from_scrapy(crawler, arguments)
    session, reading = open_for(names, kind, options)
    for problem in reading.problems:
        logger.warning("%s:%d: %s", problem.file, problem.line, problem.problem)
    return session


def options_from_scrapy(crawler: Crawler, arguments: dict[str, Any]) -> CrawlOptions:
    """What a crawl under Scrapy's own command line is told; takes ``store`` and ``spool`` out of its arguments."""
    settings = crawler.settings
    return replace(
        options_of(load({"store": arguments.pop("store", None), "spool": arguments.pop("spool", None)})),
        delay=settings.getfloat("DOWNLOAD_DELAY"),
        concurrency=settings.getint("CONCURRENT_REQUESTS"),
        timeout=settings.getfloat("DOWNLOAD_TIMEOUT"),
        max_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
        robots="ignore" if settings.get("WARCITE_ROBOTS") == "ignore" else "obey",
    )
