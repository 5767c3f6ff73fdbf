"""Run Scrapy over a session, in this process, once."""

from __future__ import annotations

import gc
import json
import logging
import signal
from collections.abc import Sequence
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from twisted.logger import ILogObserver, LogEvent, globalLogBeginner
from zope.interface import implementer

from archive.spool.held import awaiting
from crawler.keeper import Keeper
from crawler.report import Finished, run_report
from crawler.session import Session
from crawler.settings import from_options
from crawler.spiders.sources import SourcesSpider


class _Process(AsyncCrawlerProcess):
    """Remembers which signal asked it to stop: Scrapy finishes cleanly either way, but the exit code tells them apart."""

    stopped_by: signal.Signals | None = None

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self.stopped_by = signal.Signals(signum)
        super()._signal_shutdown(signum, frame)


def run_session(session: Session, settings: dict[str, Any] | None = None, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Fetch, keep, extract and publish what the session has entered; returns ``warcite.run/1``. One call per process (Twisted).

    ``arguments`` are those of the command line: they are recorded, without secrets.
    """
    session.arguments = tuple(arguments)
    report = run_report(session, _crawl(session, settings or {}))
    session.ledger.begin()
    session.ledger.sql.execute(
        "UPDATE runs SET finished = ?, report = ? WHERE run = ?", (report["finished"], json.dumps(report), session.run)
    )
    session.ledger.commit()
    return report


def _crawl(session: Session, settings: dict[str, Any]) -> Finished:
    if _nothing_to_do(session):
        return Finished()
    gc.freeze()  # what is imported by now stays: the collector need not look at it after every few pages
    gc.set_threshold(20_000, 20, 20)
    process = _Process(from_options(session.options) | settings)
    _quiet_twisted(process.settings["LOG_LEVEL"])
    crawler = process.create_crawler(SourcesSpider)
    process.crawl(crawler, session=session)
    process.start()
    keeper = crawler.get_extension(Keeper)
    if keeper is None:
        raise RuntimeError("the crawl did not start; see the log above")
    return Finished(keeper.bytes_fetched, tuple(keeper.publisher.warcs), keeper.publisher.extraction_cpu, process.stopped_by, keeper.fatal)


@implementer(ILogObserver)
class _Silence:
    """Takes the place of Twisted's first observer, which prints what is critical to standard error, past all logging."""

    def __call__(self, event: LogEvent) -> None:
        """Says nothing."""


def _quiet_twisted(level: str) -> None:
    """No tracebacks of certificates that failed: the outcome says it."""
    silence: Any = _Silence()  # zope's interfaces are no types
    globalLogBeginner.beginLoggingTo([silence], redirectStandardIO=False, discardBuffer=True)
    twisted = logging.getLogger("twisted")
    twisted.addFilter(lambda record: not record.getMessage().startswith("while verifying certificate"))
    if level == "WARNING":
        twisted.setLevel(logging.CRITICAL + 1)


def _nothing_to_do(session: Session) -> bool:
    """No target to fetch, no segment to publish, no event to commit."""
    sql = session.ledger.sql
    left = sql.execute("SELECT EXISTS (SELECT 1 FROM segments) OR EXISTS (SELECT 1 FROM events WHERE manifest IS NULL OR manifest = '')")
    return session.frontier.queued == 0 and not left.fetchone()[0] and not awaiting(session.ledger, session.run)
