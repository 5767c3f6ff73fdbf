"""What the events that cite a dead address say of it, and the copies that they name themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from archive.urls import surt
from crawler.rescue.claims import Cited
from crawler.rescue.memento import moment_in, raw_address
from crawler.rescue.source import Candidate, Wanted


@dataclass(frozen=True, slots=True)
class Claim:
    """A dead address with everything that is said of it; ``named`` are copies that digests point at."""

    wanted: Wanted
    cited: tuple[Cited, ...]
    named: tuple[Candidate, ...]


def claim_of(url: str, key: str, events: Sequence[Mapping[str, Any]]) -> Claim:
    """From ``warcite.event/1`` rows, oldest first. It was cited when the first event that has a date says so."""
    pairs = [(event, citation) for event in events for citation in event["citations"] if surt(citation["url"]) == key]
    cited = tuple(
        Cited(
            url=citation["url"],
            date=event["date"] or (citation["date"] or "")[:10] or None,
            label=citation["label"],
            title=event["title"],
            summary=event["summary"],
            related=tuple(text for related in event["related"] for text in (related["title"], *related["contexts"])),
        )
        for event, citation in pairs
    )
    near = min((at for one in cited if (at := _day(one.date))), default=None)
    named = {c.address: c for _, citation in pairs if (c := _named(citation, near)) is not None}
    return Claim(Wanted(url, near), cited, tuple(named.values()))


def _named(citation: Mapping[str, Any], near: datetime | None) -> Candidate | None:
    """The copy that a citation points at, made when the link or the digest says, or else about when it was cited."""
    link = citation["archive_url"]
    if not link or not link.startswith(("http://", "https://")):
        return None
    at = _day(citation["archive_date"]) or moment_in(link) or near
    return Candidate(urlsplit(link).hostname or "", citation["url"], at, raw_address(link)) if at else None


def _day(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
