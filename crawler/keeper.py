"""The Scrapy extension that keeps what the crawl fetches: from exchange to segment, ledger row, document and manifest.

Order is everything (commit-protocol.md): bytes are appended, fsynced in groups, and only then the ledger says ``captured``;
extraction and publishing follow, and none of their failures can take a capture back.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from archive.errors import WarciteError
from archive.model import Ending, Exchange, OutcomeWord, Reason, Target
from archive.spool.segment import SegmentWriter
from archive.times import iso, now
from archive.warc.records import encode_exchange, encode_failure, warcinfo_member
from archive.warc.writer import new_record_id
from crawler.publisher import Publisher, as_failure
from crawler.requests import hops_of, keep_capture, target_of
from crawler.session import Session
from crawler.settings import user_agent
from pipelines.publish import versions

logger = logging.getLogger(__name__)

GROUP_CAPTURES = 16
GROUP_SECONDS = 0.2


class Keeper:
    """Implements `crawler.handlers.recorder.Recorder`."""

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self._crawler = crawler
        self.session = session
        self.publisher = Publisher(session)
        self.wake: Callable[[], None] = lambda: None
        self.fatal: WarciteError | None = None
        self.bytes_fetched = 0
        self.ended: Counter[str] = Counter()  # outcomes as fetched; the text may still change some
        self._segment: SegmentWriter | None = None
        self._full: dict[str, SegmentWriter] = {}  # take no more captures; sealed once the targets they hold have ended
        self._under_way: dict[int, str] = {}  # target id -> segment of its latest capture
        self._warcinfo_id = ""
        self._pending: list[tuple[Target, Ending]] = []
        self._flush_at: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        session = getattr(crawler.spider, "session", None)
        if not isinstance(session, Session):
            raise TypeError("warcite's extensions need its own spiders: scrapy crawl sources -a input=DIGEST")
        keeper = cls(crawler, session)
        crawler.signals.connect(keeper.opened, signals.spider_opened)
        crawler.signals.connect(keeper.settle, signals.spider_idle)
        crawler.signals.connect(keeper.closed, signals.spider_closed)
        return keeper

    def opened(self) -> None:
        try:
            self.publisher.start(self.wake_up, self.stop)
        except Exception as error:
            self._fail(as_failure(error))
            raise CloseSpider("failed") from error  # Scrapy crawls on after anything else, and cannot be stopped before it runs

    def wake_up(self) -> None:
        self.wake()

    @property
    def congested(self) -> bool:
        """Whether fetching should wait for extraction, or has to stop."""
        return self.fatal is not None or self.publisher.congested

    # --- captures ------------------------------------------------------------------------------

    def record(self, exchange: Exchange, request: Request) -> None:
        """Append one exchange to the segment. Raises what made it impossible, and stops the crawl."""
        if self.fatal:
            raise self.fatal
        try:
            segment = self._writable()
            encoded = encode_exchange(
                exchange,
                warcinfo_id=self._warcinfo_id,
                segment=segment.name,
                new_id=new_record_id,
                fields=self._fields(request),
            )
            offset = segment.append(encoded.data)
        except WarciteError as error:
            self.stop(error)
            raise
        self.bytes_fetched += len(exchange.response)
        keep_capture(request, replace(encoded.capture, offset=encoded.capture.offset + offset))
        if target := target_of(request):
            self._under_way[target.id] = segment.name
        self._flush_soon()

    def end(self, target: Target, ending: Ending) -> None:
        """The one ending of a target. One without a response gets a ``metadata`` record, so that the archive says why."""
        if self.fatal or target.id not in self.session.frontier.leased:
            return
        try:
            if ending.capture is None:
                ending = self._failure(target, ending)
            self._under_way.pop(target.id, None)
            self._pending.append((target, ending))
            self.session.frontier.ended(ending)
            self.ended[ending.outcome] += 1
            self._flush_soon()
        except WarciteError as error:
            self.stop(error)

    def postpone(self, target: Target, attempts: int, ready_at: float) -> None:
        """Another attempt later (monotonic seconds); what this one brought stays in the WARC."""
        self._under_way.pop(target.id, None)
        try:
            self.session.frontier.postpone(target, attempts, ready_at)
        except WarciteError as error:
            self.stop(error)

    def _failure(self, target: Target, ending: Ending) -> Ending:
        segment = self._writable()
        encoded = encode_failure(
            target.url,
            at=ending.ended_at,
            warcinfo_id=self._warcinfo_id,
            segment=segment.name,
            new_id=new_record_id,
            fields=[("outcome", ending.outcome), ("reason", ending.reason), ("detail", ending.detail), *self._citations(target)],
        )
        offset = segment.append(encoded.data)
        return replace(ending, capture=replace(encoded.capture, offset=encoded.capture.offset + offset))

    def _fields(self, request: Request) -> list[tuple[str, str]]:
        target = target_of(request)
        if target is None:
            return [("purpose", "robots")]
        hops = hops_of(request)
        fields = [("target", target.url), *((("via", hops[-1]), ("hop", str(len(hops)))) if hops else ())]
        return fields + self._citations(target)

    def _citations(self, target: Target) -> list[tuple[str, str]]:
        cited = self.session.ledger.citations_of(target.key, self.session.run)
        return [("citation", f"{c.event_id} {c.position} {c.digest_file}") for c in cited]

    def _writable(self) -> SegmentWriter:
        if self._segment is None:
            session, name = self.session, str(uuid.uuid4())
            self._segment = SegmentWriter(session.spool, name, asyncio.get_running_loop().time())
            session.ledger.open_segment(name, session.run, session.job)
            self._warcinfo_id = new_record_id()
            self._segment.append(warcinfo_member(name, _warcinfo_fields(session), record_id=self._warcinfo_id, date=now()))
        return self._segment

    # --- groups ---------------------------------------------------------------------------------

    def _flush_soon(self) -> None:
        if len(self._pending) >= GROUP_CAPTURES:
            self._flush()
        elif self._flush_at is None:
            self._flush_at = asyncio.get_running_loop().call_later(GROUP_SECONDS, self._flush)

    def _flush(self) -> None:
        """fsync the segments, then let the ledger say so, then hand the pages to extraction."""
        if self._flush_at:
            self._flush_at.cancel()
            self._flush_at = None
        groups: dict[str, list[tuple[Target, Ending]]] = {writer.name: [] for writer in self._writers()}
        for target, ending in self._pending:
            if ending.capture:
                groups[ending.capture.segment].append((target, ending))
        self._pending = []
        try:
            for writer in self._writers():
                writer.sync()
                self.session.ledger.captured(writer.name, writer.synced, [ending for _, ending in groups[writer.name]])
            self.session.ledger.commit()
            for writer in self._writers():
                self.publisher.extract(writer.name, writer.path, groups[writer.name])
            self._retire()
        except Exception as error:  # noqa: BLE001  # a group that cannot be booked must stop the crawl, whatever the reason
            self.stop(as_failure(error))

    def _writers(self) -> list[SegmentWriter]:
        return [*self._full.values(), *([self._segment] if self._segment else [])]

    def _retire(self) -> None:
        """Set a full segment aside, and seal those whose last target has ended."""
        if self._segment and self._is_full(self._segment):
            self._full[self._segment.name] = self._segment
            self._segment = None
        needed = set(self._under_way.values())
        for name in [n for n in self._full if n not in needed]:
            self._seal(self._full.pop(name))

    def _is_full(self, segment: SegmentWriter) -> bool:
        options, age = self.session.options, asyncio.get_running_loop().time() - segment.opened_at
        return segment.captures >= options.segment_captures or segment.length >= options.segment_bytes or age >= options.segment_seconds

    def _seal(self, segment: SegmentWriter) -> None:
        segment.seal()
        self.session.ledger.sealed(segment.name, iso(now()))
        self.session.ledger.commit()
        self.publisher.publish(segment.name)

    # --- the end --------------------------------------------------------------------------------

    def stop(self, error: WarciteError) -> None:
        """Stop the crawl for good; what is on the disk stays and the next run goes on from there."""
        if self._fail(error):
            task = asyncio.get_running_loop().create_task(self._crawler.stop_async())
            task.add_done_callback(lambda _: None)

    def _fail(self, error: WarciteError) -> bool:
        """Keep the first failure; whether this is it."""
        if self.fatal is not None:
            return False
        self.fatal = error
        logger.error("stopping: %s", error)
        return True

    def settle(self) -> None:
        """Nothing is under way, yet a row is still leased: Scrapy dropped its request in silence. It gets an ending that says so."""
        for target in list(self.session.frontier.leased.values()):
            self.end(target, _dropped(target))

    async def closed(self, reason: str) -> None:
        if reason == "finished":
            self.settle()
        self._flush()  # after a failure too: what is on the disk need not be fetched again
        try:
            if self.fatal is None:
                for writer in self._writers():
                    self._seal(writer)
                self._full, self._segment = {}, None
        except WarciteError as error:
            self.stop(error)
        await self.publisher.finish()
        try:
            self.session.frontier.release()
            if self.fatal is None:
                self.publisher.publish_events_alone()
                await self.publisher.finish()
            self.session.ledger.commit()
        except WarciteError as error:
            self.stop(error)  # rows still leased are given back by the next start
        self.publisher.close()


def _dropped(target: Target) -> Ending:
    return Ending(target.id, OutcomeWord.ERROR, Reason.INTERNAL, target.attempts + 1, now(), detail="the request was dropped")


def _warcinfo_fields(session: Session) -> list[tuple[str, str]]:
    options = session.options
    return [
        ("software", " ".join(f"{name}/{number}" for name, number in versions().items())),
        ("http-header-user-agent", user_agent(options.contact)),
        ("robots", "obey: RFC 9309" if options.robots == "obey" else "ignore"),
        ("run", session.run),
        ("job", session.job),
        ("delay", f"{options.delay:g} s"),
    ]
