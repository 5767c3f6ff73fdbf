"""Which copy to try first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.rescue.source import Candidate

SOON = timedelta(days=90)
_DAY = timedelta(days=1)  # an event's date is a day somewhere on Earth


def best_first(candidates: Iterable[Candidate], near: datetime | None) -> list[Candidate]:
    """The first capture from the cited day on, within `SOON`, then the nearest in either direction; without a date the oldest first.

    A digest has the event's date only, so that what it cites was captured after it. Of copies with one digest only the best stays.
    """
    ordered = sorted(candidates, key=lambda c: (*_rank(c.at, near), c.address))
    kept: list[Candidate] = []
    seen: set[str] = set()
    for candidate in ordered:
        if candidate.digest and candidate.digest in seen:
            continue
        seen.add(candidate.digest)
        kept.append(candidate)
    return kept


def _rank(at: datetime, near: datetime | None) -> tuple[int, float]:
    if near is None:
        return 0, at.timestamp()
    gap = at - near
    if -_DAY <= gap <= SOON:
        return 0, gap.total_seconds()
    return 1, abs(gap.total_seconds())
