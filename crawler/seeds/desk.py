"""Where inputs that came are read: each leads to sources and to further inputs, which enter the ledger while the crawl runs.

A segment with input pages is committed only after all of them are read and entered, so a crash between costs a second reading of what
is in the spool, and no request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archive.model import Capture, Ending, Event, OutcomeWord, Problem, Target
from archive.spool.entry import enter
from archive.spool.seeds import Input, enter_inputs, input_of, led_to, owner_of
from archive.urls import host_of, surt
from pipelines.input_pages import InputReading, Lead, reading_of_json, unreadable
from pipelines.tasks import InputTask
from pipelines.workers import WorkerPool

if TYPE_CHECKING:
    from crawler.session import Session

MAX_DEPTH = 3
"""Pages between an input that the user named and one that it leads to: an index of indexes of sitemaps."""

MAX_LED = 10_000
"""Input pages that one named input may lead to, itself included."""

_AT_ONCE = 1000  # events entered before other work gets its turn
_READABLE = frozenset({OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED})


class InputDesk:
    def __init__(self, session: Session, pool: WorkerPool) -> None:
        self._session = session
        self._pool = pool
        self.under_way = 0  # pages that came and are not entered yet

    def wants(self, ending: Ending) -> bool:
        return ending.outcome in _READABLE and ending.capture is not None

    async def read(self, job: str, target: Target, ending: Ending, path: Path) -> None:
        """Read one page of an inputs job and enter what it leads to, as targets of the latest run that asked for it."""
        page, owner = input_of(self._session.ledger, job, target.key), owner_of(self._session.ledger, job)
        if page is None or owner is None or ending.capture is None:
            return
        task, original = await self._task(page, target, ending, ending.capture, path)
        if isinstance(task, InputTask):
            extracted = await asyncio.wrap_future(self._pool.submit(task))
            reading = reading_of_json(extracted.line)
        else:
            reading = task
        if original:
            original.unlink(missing_ok=True)
        await self._enter(job, page, reading, owner)

    async def _task(
        self, page: Input, target: Target, ending: Ending, capture: Capture, path: Path
    ) -> tuple[InputTask | InputReading, Path | None]:
        """What to read; a page that had not changed is read from its last whole capture, which is fetched from the store."""
        base = ending.final_url or target.url
        here = InputTask(page.name, base, path, capture.offset, capture.length)
        if ending.outcome is not OutcomeWord.UNCHANGED:
            return here, None
        previous, store = self._session.previous, self._session.store
        found = previous.find_page(base) if previous else None
        if found is None:
            return unreadable(here, "it is unchanged, and its last capture is no longer in the archive"), None
        # A name that every start takes for a leftover.
        copy = self._session.spool.directory / f"{capture.record_id.strip('<>').rpartition(':')[2]}.input.jsonl"
        place = found.original
        with await asyncio.to_thread(store.open_range, place.warc, place.offset, place.length) as stream:
            copy.write_bytes(await asyncio.to_thread(stream.read))
        return InputTask(page.name, base, copy, 0, place.length), copy

    async def _enter(self, job: str, page: Input, reading: InputReading, owner: tuple[str, str]) -> None:
        session, (run, sources) = self._session, owner
        pages, told_there = self._follow(job, page, reading)
        events = [event for event in reading.events if event.id not in told_there]
        for some in _chunks(events):
            entered = enter(session.ledger, run, sources, some)
            if run == session.run:
                self._count(entered.targets, some)
            await asyncio.sleep(0)
        enter_inputs(session.ledger, run, job, pages)
        if run == session.run:
            session.entered.digests += bool(events)
            session.frontier.refresh({host_of(p.url) for p in pages})
        session.ledger.commit()
        self._tell(page, reading)

    def _count(self, targets: int, events: list[Event]) -> None:
        session = self._session
        session.entered.events += len(events)
        session.entered.citations += sum(len(event.citations) for event in events)
        session.entered.targets = targets
        session.to_fetch += session.frontier.refresh({host_of(c.url) for event in events for c in event.citations})

    def _follow(self, job: str, page: Input, reading: InputReading) -> tuple[list[Input], set[str]]:
        """The pages to read next, and the events that those tell in full."""
        leads, ledger = _distinct(reading.leads), self._session.ledger
        named = len(leads)
        room = MAX_LED - led_to(ledger, job, page.seed) if page.depth < MAX_DEPTH else 0
        if len(leads) > room:
            known = [lead for lead in leads if input_of(ledger, job, surt(lead.url))]
            leads = (known + [lead for lead in leads if lead not in known])[: len(known) + max(0, room)]
            left = named - len(leads)
            limit = f"{MAX_LED} pages" if page.depth < MAX_DEPTH else f"{MAX_DEPTH} steps"
            words = f"it names {left} more input pages than are followed from one input ({limit})"
            self._session.input_pages.problems.append(Problem(page.name, 0, words))
        followed = {surt(lead.url) for lead in leads}
        pages = [Input(lead.url, lead.url, page.seed, page.depth + 1) for lead in leads]
        return pages, {lead.event for lead in reading.leads if lead.event and surt(lead.url) in followed}

    def _tell(self, page: Input, reading: InputReading) -> None:
        told = self._session.input_pages
        told.problems += reading.problems
        told.unread += [page.name] if reading.unread else []


def _chunks(events: list[Event]) -> Iterator[list[Event]]:
    for start in range(0, len(events), _AT_ONCE):
        yield events[start : start + _AT_ONCE]


def _distinct(leads: Iterable[Lead]) -> list[Lead]:
    return list({surt(lead.url): lead for lead in leads}.values())
