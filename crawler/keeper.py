"""The Scrapy extension that keeps what the crawl fetches: from exchange to segment, ledger row, document and manifest.

Order is everything (commit-protocol.md): bytes are appended, fsynced in groups, and only then the ledger says ``captured``;
extraction and publishing follow, and none of their failures can take a capture back.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from archive.errors import WarciteError
from archive.model import Capture, Ending, Exchange, OutcomeWord, Reason, Rescue, Target
from archive.provenance import told_fields
from archive.spool.held import Held, hold
from archive.spool.seeds import InputTarget
from archive.spool.segment import SegmentWriter
from archive.times import iso, now
from archive.warc.records import Encoded, encode_exchange, encode_failure, encode_revisit, warcinfo_member
from archive.warc.rescues import encode_rescue
from archive.warc.writer import Fields, new_record_id
from crawler.publisher import Publisher, as_failure
from crawler.requests import hops_of, is_to_archive, keep_capture, kept_page_of, rescued_by, target_of, via_of
from crawler.rescue.copies import via_of_answer
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
        self._open: dict[str, SegmentWriter] = {}  # by job: a manifest commits the targets of one
        self._full: dict[str, SegmentWriter] = {}  # take no more captures; sealed once the targets they hold have ended
        self._under_way: dict[int, str] = {}  # target id -> segment of its latest capture
        self._warcinfo_ids: dict[str, str] = {}  # of segments
        self._pending: list[tuple[Target, Ending]] = []
        self._held: list[Ending] = []  # of targets that are to wait for their rescue
        self.before_closing: Callable[[], Awaitable[None]] = _nothing
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
    def reading(self) -> bool:
        """Whether inputs have come whose words are not known yet: they may lead to more."""
        return self.publisher.reading or any(isinstance(target, InputTarget) for target, _ in self._pending)

    @property
    def congested(self) -> bool:
        """Whether fetching should wait for extraction, or has to stop."""
        return self.fatal is not None or self.publisher.congested

    # --- captures ------------------------------------------------------------------------------

    def record(self, exchange: Exchange, request: Request) -> None:
        """Append one exchange to the segment. Raises what made it impossible, and stops the crawl."""
        if self.fatal:
            raise self.fatal
        exchange = via_of_answer(exchange, via_of(request))
        try:
            segment = self._writable(self._job_of(target_of(request) or rescued_by(request)))
            encoded = self._encode(exchange, request, segment.name)
            offset = segment.append(encoded.data)
        except WarciteError as error:
            self.stop(error)
            raise
        self.bytes_fetched += len(exchange.response)
        keep_capture(request, replace(encoded.capture, offset=encoded.capture.offset + offset))
        if target := target_of(request) or rescued_by(request):
            self._under_way[target.id] = segment.name
        self._flush_soon()

    def _encode(self, exchange: Exchange, request: Request, segment: str) -> Encoded:
        """As a revisit, when it is the page that is kept already."""
        fields, page, warcinfo_id = self._fields(request), kept_page_of(request), self._warcinfo_ids[segment]
        profile = page.profile_of(exchange) if page else None
        if page is None or profile is None:
            return encode_exchange(exchange, warcinfo_id=warcinfo_id, segment=segment, new_id=new_record_id, fields=fields)
        return encode_revisit(
            exchange,
            page.original,
            profile=profile,
            warcinfo_id=warcinfo_id,
            segment=segment,
            new_id=new_record_id,
            fields=fields,
            keep_head=page.head_fits(exchange),
        )

    def end(self, target: Target, ending: Ending) -> None:
        """The one ending of a target. One without a response gets a ``metadata`` record, so that the archive says why."""
        if self.fatal or target.id not in self.session.frontier.leased:
            return
        try:
            self._under_way.pop(target.id, None)
            self.session.frontier.ended(ending)
            if self.session.holds(target, ending.outcome, ending.reason):
                self._held.append(ending)
            else:
                self._book(target, ending)
            self._flush_soon()
        except WarciteError as error:
            self.stop(error)

    def end_held(self, held: Held, ending: Ending, rescue: Rescue | None, fields: Fields) -> None:
        """The one ending of a target that waited: with a copy and its ``rescue``, or as its fetch had it. ``fields`` are for the record
        that says so.
        """
        if self.fatal:
            return
        target = held.target
        try:
            if rescue is not None and ending.capture is not None:
                self._note_rescue(target, ending.capture, rescue, fields)
            self._under_way.pop(target.id, None)
            self._book(target, ending, fields)
            self._flush_soon()
        except WarciteError as error:
            self.stop(error)

    def _book(self, target: Target, ending: Ending, fields: Fields = ()) -> None:
        if ending.capture is None:
            ending = self._failure(target, ending, fields)
        self._pending.append((target, ending))
        self.ended[ending.outcome] += not isinstance(target, InputTarget)

    def _note_rescue(self, target: Target, copy: Capture, rescue: Rescue, fields: Fields) -> None:
        """Beside the copy, in the segment that was kept open for it."""
        segment = next(writer for writer in self._writers() if writer.name == copy.segment)
        warcinfo_id, said = self._warcinfo_ids[segment.name], [*fields, *self._citations(target)]
        segment.append(encode_rescue(target.url, copy, rescue, at=now(), warcinfo_id=warcinfo_id, new_id=new_record_id, fields=said))
        self.publisher.rescues[copy.record_id] = rescue

    def postpone(self, target: Target, attempts: int, ready_at: float) -> None:
        """Another attempt later (monotonic seconds); what this one brought stays in the WARC."""
        self._under_way.pop(target.id, None)
        try:
            self.session.frontier.postpone(target, attempts, ready_at)
        except WarciteError as error:
            self.stop(error)

    def _failure(self, target: Target, ending: Ending, more: Fields) -> Ending:
        said = [("outcome", ending.outcome), ("reason", ending.reason), ("detail", ending.detail)]
        segment = self._writable(self._job_of(target))
        encoded = encode_failure(
            target.url,
            at=ending.ended_at,
            warcinfo_id=self._warcinfo_ids[segment.name],
            segment=segment.name,
            new_id=new_record_id,
            fields=[*said, *more, *self._citations(target)],
        )
        offset = segment.append(encoded.data)
        return replace(ending, capture=replace(encoded.capture, offset=encoded.capture.offset + offset))

    def _fields(self, request: Request) -> list[tuple[str, str]]:
        target = target_of(request) or rescued_by(request)
        if target is None:
            return [("purpose", "look-up" if is_to_archive(request) else "robots")]
        hops = hops_of(request)
        fields = [("target", target.url), *((("via", hops[-1]), ("hop", str(len(hops)))) if hops else ())]
        return fields + self._citations(target)

    def _citations(self, target: Target) -> list[tuple[str, str]]:
        if isinstance(target, InputTarget):
            return [("purpose", "input")]
        cited = self.session.ledger.citations_of(target.key, self.session.run)
        return [("citation", f"{c.event_id} {c.position} {c.digest_file}") for c in cited]

    def _job_of(self, target: Target | None) -> str:
        """What works for no target lies with the inputs, where there are some: a run that finds nothing new has one segment then."""
        if target is None:
            return self.session.input_pages.job or self.session.job
        return target.job if isinstance(target, InputTarget) else self.session.job

    def _writable(self, job: str) -> SegmentWriter:
        if job not in self._open:
            session, name = self.session, str(uuid.uuid4())
            self._open[job] = SegmentWriter(session.spool, name, asyncio.get_running_loop().time())
            session.ledger.open_segment(name, session.run, job)
            self._warcinfo_ids[name] = new_record_id()
            about = warcinfo_member(name, _warcinfo_fields(session, job), record_id=self._warcinfo_ids[name], date=now())
            self._open[job].append(about)
        return self._open[job]

    # --- groups ---------------------------------------------------------------------------------

    def _flush_soon(self) -> None:
        if len(self._pending) >= GROUP_CAPTURES:
            self.flush()
        elif self._flush_at is None:
            self._flush_at = asyncio.get_running_loop().call_later(GROUP_SECONDS, self.flush)

    def flush(self) -> None:
        """fsync the segments, then let the ledger say so, then hand the pages to extraction."""
        if self._flush_at:
            self._flush_at.cancel()
            self._flush_at = None
        groups: dict[str, list[tuple[Target, Ending]]] = {writer.name: [] for writer in self._writers()}
        for target, ending in self._pending:
            if ending.capture:
                groups[ending.capture.segment].append((target, ending))
        self._pending, held, self._held = [], self._held, []
        try:
            for writer in self._writers():
                writer.sync()
                self.session.ledger.captured(writer.name, writer.synced, [ending for _, ending in groups[writer.name]])
            hold(self.session.ledger, held)
            self.session.ledger.commit()
            for writer in self._writers():
                self.publisher.extract(writer.name, writer.path, groups[writer.name])
            self._retire()
        except Exception as error:  # noqa: BLE001  # a group that cannot be booked must stop the crawl, whatever the reason
            self.stop(as_failure(error))

    def _writers(self) -> list[SegmentWriter]:
        return [*self._full.values(), *self._open.values()]

    def _retire(self) -> None:
        """Set full segments aside, and seal those whose last target has ended."""
        for job in [job for job, segment in self._open.items() if self._is_full(segment)]:
            segment = self._open.pop(job)
            self._full[segment.name] = segment
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
        await self.before_closing()
        if reason == "finished":
            self.settle()
        self.flush()  # after a failure too: what is on the disk need not be fetched again
        try:
            if self.fatal is None:
                for writer in self._writers():
                    self._seal(writer)
                self._full, self._open = {}, {}
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


async def _nothing() -> None:
    pass


def _dropped(target: Target) -> Ending:
    return Ending(target.id, OutcomeWord.ERROR, Reason.INTERNAL, target.attempts + 1, now(), detail="the request was dropped")


def _warcinfo_fields(session: Session, job: str) -> list[tuple[str, str]]:
    options = session.options
    return [
        ("software", " ".join(f"{name}/{number}" for name, number in versions().items())),
        ("http-header-user-agent", user_agent(options.contact)),
        ("robots", "obey: RFC 9309" if options.robots == "obey" else "ignore"),
        ("run", session.run),
        ("job", job),
        ("delay", f"{options.delay:g} s"),
        *told_fields(session.arguments, asdict(options)),
    ]
