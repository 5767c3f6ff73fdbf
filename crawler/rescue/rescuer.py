"""The rescue of one address: copies in order, each looked at, until one is the cited page; else nothing, and what there was."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from archive.model import Reason, Rescue
from crawler.rescue.claims import Found
from crawler.rescue.copies import Copy, CopyRefused, Fetch, fetch_copy
from crawler.rescue.given import Claim
from crawler.rescue.score import score
from crawler.rescue.source import ArchiveRefuses, ArchiveSource, ArchiveUnavailable, Ask, Candidate

TRIES = 3
"""Copies of one archive that are fetched for an address."""

GIVEN_UP_AFTER = 3
"""Questions in a row without an answer, after which an archive is asked no more in this run."""

Known = Mapping[str, Sequence[Candidate]]
"""By archive: what a question for the whole host has told of the address."""

Examine = Callable[[Copy], Awaitable[tuple[Mapping[str, Any], Reason]]]
"""The document of a copy, and what stands in the page's place, if anything."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A copy that was not taken, or an archive that gave none: ``what`` is its address or name."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Rescued:
    copy: Copy
    rescue: Rescue


class Rescuer:
    """``threshold``: the score from which a copy is taken; ``window``: how far it may lie from the moment asked for."""

    def __init__(self, sources: Sequence[ArchiveSource], ask: Ask, threshold: float, window: timedelta) -> None:
        self.sources = sources
        self._ask = ask
        self._threshold = threshold
        self._window = window
        self._silent: Counter[str] = Counter()  # by archive: questions in a row without an answer

    async def rescue(self, claim: Claim, known: Known, fetch: Fetch, examine: Examine) -> Rescued | tuple[Tried, ...]:
        """The first copy that passes, or all that was tried."""
        tried: list[Tried] = []
        async for candidate in self._candidates(claim, known, tried):
            try:
                copy = await fetch_copy(candidate, claim.wanted.url, fetch, self._window)
                rescue = self._judge(claim, copy, *await examine(copy))
            except (CopyRefused, ArchiveUnavailable) as error:
                tried.append(Tried(candidate.memento, str(error)))
            else:
                if rescue.score >= self._threshold:
                    return Rescued(copy, rescue)
                tried.append(Tried(rescue.memento, f"score {rescue.score:.2f}: {'; '.join(rescue.why)}"))
        return tuple(tried)

    async def _candidates(self, claim: Claim, known: Known, tried: list[Tried]) -> AsyncIterator[Candidate]:
        """Copies that digests name first; an archive is asked only when the one before had none that passed."""
        seen: set[str] = set()
        for candidate in claim.named[:TRIES]:
            seen.add(candidate.memento)
            yield candidate
        for source in self.sources:
            try:
                found = known[source.name] if source.name in known else await self._ask_for(source, claim)
            except (ArchiveUnavailable, ArchiveRefuses) as error:
                tried.append(Tried(source.name, str(error)))
                continue
            if not found:
                tried.append(Tried(source.name, "no copy"))
            for candidate in [c for c in found if c.memento not in seen][:TRIES]:
                yield candidate

    async def _ask_for(self, source: ArchiveSource, claim: Claim) -> Sequence[Candidate]:
        if self._silent[source.name] >= GIVEN_UP_AFTER:
            raise ArchiveUnavailable("not asked: it did not answer before")
        try:
            found = await source.candidates(claim.wanted, self._ask)
        except ArchiveUnavailable:
            self._silent[source.name] += 1
            raise
        self._silent[source.name] = 0
        return found

    def _judge(self, claim: Claim, copy: Copy, document: Mapping[str, Any], reason: Reason) -> Rescue:
        """Raises `CopyRefused` for a page that stands where the cited one should."""
        if reason is not Reason.OK:
            raise CopyRefused(f"captured, but it is none: {reason.value}")
        found = Found(copy.original, copy.memento, copy.at, 200, document, reason)
        scored = score(claim.cited, found)
        return Rescue(copy.candidate.archive, copy.memento, scored.value, scored.why)
