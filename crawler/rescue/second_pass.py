"""The second pass of a crawl, once nothing is left to fetch: targets whose fetch came to nothing are looked for in web archives."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from archive.model import DocumentContext, Ending, OutcomeWord, Reason, Rescue, Target
from archive.spool.held import Held, awaiting, events_citing, held_targets
from archive.times import iso, now
from archive.warc.rescues import as_recorded
from crawler.keeper import Keeper
from crawler.publisher import as_failure
from crawler.rescue.archives import sources_of, state_directory
from crawler.rescue.copies import Copy
from crawler.rescue.given import Claim, claim_of
from crawler.rescue.lookups import Lookups
from crawler.rescue.rescuer import Rescued, Rescuer, Tried
from crawler.rescue.score import THRESHOLD
from crawler.rescue.source import ArchiveRefuses, ArchiveUnavailable, Candidate

AT_ONCE = 8  # targets under way: an archive is asked one thing at a time, and its copies come at the host's delay
WHOLE_HOST = 3
"""Dead addresses of one host, and none that lives: from so many on an archive is asked for the whole host at once."""

_LONGEST_DETAIL = 2000

Work = tuple[Held, Claim, dict[str, list[Candidate]]]


class SecondPass:
    """Begins when the spider is idle, and keeps it open until every target that waits has ended."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._task: asyncio.Task[None] | None = None
        self._lookups: Lookups | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        second_pass = cls(crawler)
        crawler.signals.connect(second_pass.opened, signals.spider_opened)
        crawler.signals.connect(second_pass.idle, signals.spider_idle)
        return second_pass

    def opened(self) -> None:
        keeper = self._crawler.get_extension(Keeper)
        if keeper is None:
            raise RuntimeError("the second pass needs the extension crawler.keeper.Keeper")
        self._keeper, self._session = keeper, keeper.session
        keeper.before_closing = self.stop

    def idle(self) -> None:
        """Raises `DontCloseSpider` while there is something left to do."""
        if self._keeper.fatal is not None or (self._task is None and not self._has_work()):
            return
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
            self._task.add_done_callback(self._done)
        raise DontCloseSpider

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._lookups is not None:
            self._lookups.close()

    def _has_work(self) -> bool:
        """Pages whose text is being read may still turn out to be none."""
        self._keeper.flush()
        reading = self._session.options.rescue and self._keeper.publisher.extracting
        return reading or awaiting(self._session.ledger, self._session.run) > 0

    def _done(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()):
            self._keeper.stop(as_failure(_first(error)))
        self._keeper.wake()

    async def _run(self) -> None:
        await self._keeper.publisher.extracted_all()
        self._keeper.flush()
        held = held_targets(self._session.ledger, self._session.run)
        if not self._session.options.rescue:
            for one in held:
                self._keeper.end_held(one, replace(one.ending, ended_at=now()), None, [("rescue", "not tried"), *_live(one)])
            return
        await self._rescue_all(self._rescuer(), list(held))

    def _rescuer(self) -> Rescuer:
        options = self._session.options
        if self._lookups is None:
            self._lookups = Lookups(self._crawler, options, state_directory(options, os.environ), lambda: self._keeper.fatal is not None)
        threshold = THRESHOLD if options.rescue_threshold is None else options.rescue_threshold
        return Rescuer(sources_of(options.archives), self._lookups.ask, threshold, timedelta(seconds=options.rescue_window))

    # --- all of them ------------------------------------------------------------------------------

    async def _rescue_all(self, rescuer: Rescuer, held: Sequence[Held]) -> None:
        """Host by host; raises what ended the first that failed, once the others have stopped."""
        queue: asyncio.Queue[Work | None] = asyncio.Queue(2 * AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work_off(rescuer, queue))
            for host, group in groupby(held, key=lambda one: one.target.host):
                for work in await self._prepared(rescuer, host, list(group)):
                    await queue.put(work)
            for _ in range(AT_ONCE):
                await queue.put(None)

    async def _work_off(self, rescuer: Rescuer, queue: asyncio.Queue[Work | None]) -> None:
        while (work := await queue.get()) is not None:
            if self._keeper.fatal is None:
                await self._rescue(rescuer, *work)

    async def _prepared(self, rescuer: Rescuer, host: str, held: Sequence[Held]) -> list[Work]:
        """The claims of one host's targets, with what an archive has said of the whole host."""
        ledger = self._session.ledger
        work: list[Work] = [(one, claim_of(one.target.url, one.target.key, events_citing(ledger, one.target.key)), {}) for one in held]
        if len(held) < WHOLE_HOST or self._is_alive(host):
            return work
        for source in rescuer.sources:
            try:
                found = await source.of_host(host, [claim.wanted for _, claim, _ in work], self._lookups_of().ask)
            except (ArchiveUnavailable, ArchiveRefuses):
                continue  # each address is asked for, which says why
            for one, _, known in work:
                if one.target.key in found:
                    known[source.name] = found[one.target.key]
        return work

    def _lookups_of(self) -> Lookups:
        if self._lookups is None:
            raise RuntimeError("no look-ups")
        return self._lookups

    def _is_alive(self, host: str) -> bool:
        """Whether any page of the host was ever had live."""
        found = self._session.ledger.execute(
            "SELECT 1 FROM targets WHERE host = ? AND via = 'live' AND outcome IN ('captured', 'unchanged') LIMIT 1", (host,)
        ).fetchone()
        return found is not None

    # --- one ------------------------------------------------------------------------------------

    async def _rescue(self, rescuer: Rescuer, held: Held, claim: Claim, known: Mapping[str, Sequence[Candidate]]) -> None:
        async def examine(copy: Copy) -> tuple[Mapping[str, Any], Reason]:
            return await self._examine(held.target, copy)

        result = await rescuer.rescue(claim, known, self._lookups_of().copies_of(held.target), examine)
        if isinstance(result, Rescued):
            self._keeper.end_held(held, *_as_rescued(held, result))
        else:
            self._keeper.end_held(held, *_as_it_was(held, result))

    async def _examine(self, target: Target, copy: Copy) -> tuple[Mapping[str, Any], Reason]:
        """The document of a copy that is kept. Recorded before read: what came is on the disk first."""
        self._keeper.flush()
        if self._keeper.fatal is not None:
            raise self._keeper.fatal
        capture = copy.capture
        context = DocumentContext(
            url=target.url,
            final_url=copy.original,
            captured_at=iso(capture.captured_at),
            outcome=OutcomeWord.RESCUED,
            http_status=200,
            warc_record_id=capture.record_id,
            payload_digest=capture.payload_digest,
            warc_offset=capture.offset,
            warc_length=capture.length,
            run=self._session.run,
            via=capture.via.kind,
        )
        extracted = await self._keeper.publisher.examine(capture.segment, context)
        return json.loads(extracted.line), extracted.reason


def _first(error: BaseException) -> BaseException:
    """The failure in a task group's."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _as_rescued(held: Held, found: Rescued) -> tuple[Ending, Rescue, list[tuple[str, str]]]:
    copy, rescue = found.copy, as_recorded(found.rescue)
    ending = replace(
        held.ending,
        outcome=OutcomeWord.RESCUED,
        reason=Reason.OK,
        ended_at=now(),
        http_status=200,
        final_url=copy.original,
        capture=copy.capture,
        detail=f"{rescue.memento}; score {rescue.score:.2f}",
    )
    return ending, rescue, _live(held)


def _as_it_was(held: Held, tried: Sequence[Tried]) -> tuple[Ending, None, list[tuple[str, str]]]:
    """What the fetch came to, with what the archives had."""
    said = "; ".join(f"{one.what}: {one.why}" for one in tried)
    detail = "; ".join(part for part in (held.ending.detail, f"no copy taken: {said}") if part)[:_LONGEST_DETAIL]
    candidates = [("candidate", f"{one.what} {one.why}") for one in tried]
    return replace(held.ending, ended_at=now(), detail=detail), None, [*candidates, *_live(held)]


def _live(held: Held) -> list[tuple[str, str]]:
    """What the site itself had answered, and where that is."""
    e = held.ending
    said = [("liveOutcome", f"{e.outcome} {e.reason}"), ("liveAt", iso(e.ended_at))]
    return said + ([("liveRecord", held.record_id)] if held.record_id else [])
