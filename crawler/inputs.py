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
from archive.model import Problem
from archive.options import CrawlOptions
from archive.spool.directory import Spool
from archive.spool.entry import enter
from archive.spool.frontier import Frontier
from archive.spool.ledger import Ledger
from archive.spool.recover import sync_with_store
from archive.store import open_store
from crawler.session import SOURCES_JOB, Session, open_session
from pipelines.inputs.kinds import Kind as InputKind
from pipelines.inputs.reading import Reading

logger = logging.getLogger(__name__)

Kind = Literal["crawl", "recrawl"]


def reading_of(names: Iterable[str], kind: Kind) -> Reading:
    """The inputs as a stream of events; a recrawl takes every input for a list of URLs."""
    return Reading(names, only=InputKind.URL_LIST if kind == "recrawl" else None)


def open_for(names: Iterable[str], kind: Kind, options: CrawlOptions) -> tuple[Session, Reading]:
    """A session with everything entered that the inputs cite. Raises `InputError` when they hold no event at all."""
    reading = reading_of(names, kind)
    session = open_session(options, reading, kind)
    if session.entered.events == 0:
        session.close()
        raise InputError("nothing to crawl: " + _first(reading.problems))
    return session, reading


def _first(problems: list[Problem]) -> str:
    if not problems:
        return "the inputs hold no event and no URL"
    shown = "; ".join(f"{p.file}{f':{p.line}' if p.line else ''}: {p.problem}" for p in problems[:3])
    return shown + (f" (and {len(problems) - 3} more)" if len(problems) > 3 else "")


def dry_run(names: Iterable[str], kind: Kind, options: CrawlOptions) -> tuple[dict[str, Any], Reading]:
    """What a crawl would do, without writing anything: counted in a ledger that is thrown away."""
    reading = reading_of(names, kind)
    store = open_store(options.store)
    with tempfile.TemporaryDirectory() as directory, Spool(Path(directory)) as spool:
        ledger = Ledger(spool.ledger)
        if kind == "crawl":
            sync_with_store(spool, ledger, store)
        entered = enter(ledger, "dry-run", SOURCES_JOB, reading)
        frontier = Frontier(ledger, "dry-run")
        busiest = frontier.slowest(1)
        plan = {
            "schema": "warcite.plan/1",
            "store": store.uri,
            "digests": entered.digests,
            "events": entered.events,
            "citations": entered.citations,
            "sources": entered.targets,
            "to_fetch": frontier.queued,
            "hosts": ledger.sql.execute("SELECT count(*) FROM temp.hosts").fetchone()[0],
            "busiest_host": busiest[0][0] if busiest else None,
            "at_least_seconds": round(busiest[0][1] * options.delay, 1) if busiest else 0.0,
        }
        ledger.close()
    return plan, reading


def session_from_scrapy(crawler: Crawler, arguments: dict[str, Any]) -> Session:
    """The session of ``scrapy crawl sources -a input=... [-a store=...]``: Scrapy's own settings win over the configuration file."""
    names = str(arguments.pop("input", "")).split()
    if not names:
        raise InputError("say what to crawl: scrapy crawl sources -a input=DIGEST [-a store=URI] [-a kind=recrawl]")
    kind: Kind = "recrawl" if arguments.pop("kind", "crawl") == "recrawl" else "crawl"
    settings = crawler.settings
    options = replace(
        options_of(load({"store": arguments.pop("store", None), "spool": arguments.pop("spool", None)})),
        delay=settings.getfloat("DOWNLOAD_DELAY"),
        concurrency=settings.getint("CONCURRENT_REQUESTS"),
        timeout=settings.getfloat("DOWNLOAD_TIMEOUT"),
        max_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
        robots="ignore" if settings.get("WARCITE_ROBOTS") == "ignore" else "obey",
    )
    session, reading = open_for(names, kind, options)
    for problem in reading.problems:
        logger.warning("%s:%d: %s", problem.file, problem.line, problem.problem)
    return session
