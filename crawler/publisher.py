"""Between capture and manifest: pages of flushed groups go to the workers, and a sealed segment whose pages are all done is published.

Runs on the event loop; extraction is in child processes, uploading in a thread, one segment at a time.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path

from archive.errors import WarciteError
from archive.jobs import is_inputs
from archive.model import DocumentContext, Ending, OutcomeWord, Rescue, StoredObject, Target
from archive.spool.directory import spool_failure
from archive.spool.entry import take_new_events
from archive.spool.held import hold_back
from archive.spool.ledger import Segment
from archive.spool.recover import discard
from archive.times import iso, now
from crawler.seeds.desk import InputDesk
from crawler.session import Session
from pipelines.publish import DocumentSpool, Sealed, events_file, is_page, publish, write_events
from pipelines.replay import as_fetched, read_rescues
from pipelines.rescued import with_rescue
from pipelines.workers import Extracted, ExtractionTask, WorkerPool

_QUEUE_PER_WORKER = 64  # pages waiting for a worker before fetching waits too


class _Texts:
    """The documents of one segment: how many are still being made, and where the finished ones are."""

    def __init__(self, documents: DocumentSpool) -> None:
        self.documents = documents
        self.under_way = 0
        self.sealed = False
        self.broken = False  # a document could not be kept: the next run extracts the segment again


class Publisher:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._jobs = session.options.jobs or os.cpu_count() or 1
        self._pool = WorkerPool(self._jobs, deadline=session.options.extract_deadline, memory=session.options.extract_memory)
        self._desk = InputDesk(session, self._pool)
        self._texts: dict[str, _Texts] = {}
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._progress = asyncio.Event()
        self.rescues: dict[str, Rescue] = {}  # by record id of the copy, until its document is made
        self._wake: Callable[[], None] = lambda: None
        self._stop: Callable[[WarciteError], None] = lambda _: None
        self.extraction_cpu = 0.0  # seconds, of the children
        self.warcs: list[StoredObject] = []

    def start(self, wake: Callable[[], None], stop: Callable[[WarciteError], None]) -> None:
        """Begin with what an earlier run left sealed: its pages are extracted again and it is published."""
        self._wake, self._stop = wake, stop
        for segment in self._session.ledger.uncommitted_segments():
            path = self._session.spool.sealed_segment(segment.name)
            captured = list(self._session.ledger.captured_in(segment.name))
            if any(ending.outcome is OutcomeWord.RESCUED for _, ending in captured):
                self.rescues.update(read_rescues(path))
            group = ((target, _before_its_text(ending)) for target, ending in captured)
            self.extract(segment.name, path, group, run=segment.run)
            self.publish(segment.name)

    @property
    def reading(self) -> bool:
        """Whether input pages are being read, which may lead to more targets."""
        return self._desk.under_way > 0

    @property
    def congested(self) -> bool:
        return self._pool.pending > _QUEUE_PER_WORKER * self._jobs

    # --- extraction -----------------------------------------------------------------------------

    def extract(self, segment: str, path: Path, group: Iterable[tuple[Target, Ending]], run: str | None = None) -> None:
        """Hand the pages of fsynced captures to the workers; ``run`` is the one that fetched them, when it is not this one."""
        texts = self._texts_of(segment)
        loop = asyncio.get_running_loop()
        if is_inputs(job := self._segment(segment).job):
            self._read(segment, job, path, group)
            return
        for target, ending in group:
            context = self._context(target, ending, run or self._session.run)
            if context is None:
                continue
            texts.under_way += 1
            done = _on_loop(loop, lambda future, t=target, c=context: self._extracted(segment, t, c, future))  # type: ignore[misc]
            self._pool.submit(ExtractionTask(context, path, ending.reason)).add_done_callback(done)

    def _read(self, segment: str, job: str, path: Path, group: Iterable[tuple[Target, Ending]]) -> None:
        """Hand input pages to those who read them; until they have, their segment waits."""
        for target, ending in group:
            if self._desk.wants(ending):
                self._texts_of(segment).under_way += 1
                self._desk.under_way += 1
                task = asyncio.get_running_loop().create_task(self._desk.read(job, target, ending, path))
                self._tasks.add(task)
                task.add_done_callback(partial(self._was_read, segment))

    def _was_read(self, segment: str, task: asyncio.Task[None]) -> None:
        self._texts[segment].under_way -= 1
        self._desk.under_way -= 1
        if task.cancelled() or task.exception():
            self._texts[segment].broken = True
        self._publish_if_ready(segment)
        self._published(task)
        self._wake()

    def _context(self, target: Target, ending: Ending, run: str) -> DocumentContext | None:
        """What the document says about its capture; None when the ending has no page worth reading."""
        capture, status = ending.capture, ending.http_status
        if capture is None or capture.kind != "response" or status is None or not is_page(status):
            return None
        return DocumentContext(
            url=target.url,
            final_url=ending.final_url or target.url,
            captured_at=iso(capture.captured_at),
            outcome=ending.outcome,
            http_status=status,
            warc_record_id=capture.record_id,
            payload_digest=capture.payload_digest,
            warc_offset=capture.offset,
            warc_length=capture.length,
            run=run,
            citations=self._session.ledger.citations_of(target.key, run),
            via=capture.via.kind,
        )

    def _extracted(self, segment: str, target: Target, context: DocumentContext, future: Future[Extracted]) -> None:
        texts = self._texts[segment]
        texts.under_way -= 1
        try:
            extracted = future.result()
            if self._session.holds(target, extracted.outcome, extracted.reason):
                hold_back(self._session.ledger, target.id, extracted.outcome, extracted.reason)
            else:
                rescue = self.rescues.pop(context.warc_record_id, None)
                texts.documents.add(context.warc_offset, with_rescue(extracted.line, rescue))
                self._session.ledger.extracted(target.id, extracted.outcome, extracted.reason, extracted.text_outcome)
            self.extraction_cpu += extracted.cpu_s
        except Exception as error:  # noqa: BLE001  # a page nobody counts any more would be waited for without end
            texts.broken = True
            self._stop(as_failure(error))
        self._publish_if_ready(segment)
        self._progress.set()
        if not self.congested:
            self._wake()

    @property
    def extracting(self) -> bool:
        """Whether pages are on their way to their documents, which may show that they are none."""
        return any(texts.under_way for texts in self._texts.values())

    async def extracted_all(self) -> None:
        """Wait until every page handed over has its document."""
        while self.extracting:
            self._progress.clear()
            await self._progress.wait()

    async def examine(self, segment: str, context: DocumentContext) -> Extracted:
        """The document of a kept page that may not be the target's in the end."""
        task = ExtractionTask(context, self._session.spool.open_segment(segment))
        return await asyncio.wrap_future(self._pool.submit(task))

    def _texts_of(self, segment: str) -> _Texts:
        if segment not in self._texts:
            self._texts[segment] = _Texts(DocumentSpool(self._session.spool.documents(segment)))
        return self._texts[segment]

    # --- publishing -----------------------------------------------------------------------------

    def publish(self, segment: str) -> None:
        """Publish a sealed segment as soon as its last page is extracted."""
        self._texts_of(segment).sealed = True
        self._publish_if_ready(segment)

    def publish_events_alone(self) -> None:
        """Commit events that came with nothing to fetch, in a manifest without captures."""
        ledger = self._session.ledger
        if ledger.sql.execute("SELECT 1 FROM events WHERE manifest IS NULL OR manifest = '' LIMIT 1").fetchone() is None:
            return
        name = f"{self._session.run}-events"
        ledger.open_segment(name, self._session.run, self._session.job)
        ledger.sealed(name, iso(now()))
        ledger.commit()
        self.publish(name)

    def _publish_if_ready(self, segment: str) -> None:
        texts = self._texts[segment]
        if texts.sealed and texts.under_way == 0 and not texts.broken:
            task = asyncio.get_running_loop().create_task(self._publish(segment))
            self._tasks.add(task)
            task.add_done_callback(self._published)

    def _published(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._progress.set()
        if not task.cancelled() and (error := task.exception()):
            self._stop(as_failure(error))

    async def _publish(self, name: str) -> None:
        async with self._one_at_a_time:
            session, texts = self._session, self._texts.pop(name)
            events = write_events(take_new_events(session.ledger), events_file(session.spool, name))
            session.ledger.commit()
            sealed = Sealed(self._segment(name), session.ledger.outcomes_of(name), texts.documents, events)
            manifest = await asyncio.to_thread(publish, session.spool, session.store, sealed)
            session.ledger.finish(name, sealed.segment.job, sealed.outcomes)
            discard(session.spool, name)
            self.warcs.extend(o for o in manifest.objects if o.kind == "warc")

    def _segment(self, name: str) -> Segment:
        return next(s for s in self._session.ledger.uncommitted_segments() if s.name == name)

    async def finish(self) -> None:
        """Wait until every page handed over is extracted and every sealed segment is published (or failed to be)."""
        while self._tasks or any(t.under_way for t in self._texts.values()):
            self._progress.clear()
            await self._progress.wait()

    def close(self) -> None:
        self._pool.close()


def _before_its_text(ending: Ending) -> Ending:
    """A page that was extracted once is told its fetch's own outcome again: else its document would lack what the text said."""
    outcome, reason = as_fetched(ending.outcome, ending.reason, ending.http_status)
    return replace(ending, outcome=outcome, reason=reason)


def _on_loop(loop: asyncio.AbstractEventLoop, then: Callable[[Future[Extracted]], None]) -> Callable[[Future[Extracted]], None]:
    """Futures of the pool complete in its threads; the ledger belongs to the loop's."""

    def done(future: Future[Extracted]) -> None:
        loop.call_soon_threadsafe(then, future)

    return done


def as_failure(error: BaseException) -> WarciteError:
    """What stops the crawl, as something the user can act on."""
    if isinstance(error, WarciteError):
        return error
    if isinstance(error, OSError):
        return spool_failure(error, f"use {error.filename or 'the spool'}")
    return WarciteError(f"what was fetched could not be booked or published: {error!r}")
