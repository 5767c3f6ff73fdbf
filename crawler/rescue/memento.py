"""Any archive that speaks Memento (RFC 7089): by its TimeMap, or without one by its TimeGate."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from crawler.rescue.choice import best_first
from crawler.rescue.links import Link, read_links
from crawler.rescue.moments import http_date, read_http_date, read_timestamp
from crawler.rescue.source import Answer, ArchiveUnavailable, Ask, Candidate, Question, Wanted

_PAGES = 4  # of one TimeMap (RFC 7089 section 5.1.2)
_NONE = frozenset({404, 410})
_WAYBACK = re.compile(r"/([0-9]{8,14})([a-z]{2}_)?/(?=[a-z]+:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MementoSource:
    """``timemap`` and ``timegate`` have ``{url}``; either may be missing.

    RFC 7089 has no word for bytes as captured. Addresses of the Wayback form get its ``id_``; others are taken as they are.
    """

    name: str
    timemap: str = ""
    timegate: str = ""

    async def candidates(self, wanted: Wanted, ask: Ask) -> list[Candidate]:
        found = await self._by_timemap(wanted, ask) if self.timemap else await self._by_timegate(wanted, ask)
        return best_first(found, wanted.near)

    async def of_host(self, host: str, wanted: Sequence[Wanted], ask: Ask) -> Mapping[str, list[Candidate]]:  # noqa: ARG002
        """Memento has no question for a whole host."""
        return {}

    async def _by_timemap(self, wanted: Wanted, ask: Ask) -> list[Candidate]:
        pages, seen, found = [self.timemap.replace("{url}", wanted.url)], set[str](), list[Candidate]()
        while pages and len(seen) < _PAGES:
            page = pages.pop(0)
            seen.add(page)
            answer = await ask(Question(page, (("Accept", "application/link-format"),)))
            if answer.status in _NONE:
                break
            _require(answer)
            links = list(read_links(answer.body.decode("utf-8", "replace")))
            found += [c for link in links if (c := self._memento(link, page, wanted)) is not None]
            further = (urljoin(page, link.target) for link in _nearest(links, wanted.near) if "timemap" in link.relations)
            pages += [address for address in further if address not in seen and address not in pages]
        return found

    def _memento(self, link: Link, base: str, wanted: Wanted) -> Candidate | None:
        at = read_http_date(link.parameters.get("datetime"))
        if at is None or "memento" not in link.relations:
            return None
        return self._candidate(urljoin(base, link.target), at, wanted)

    def _candidate(self, address: str, at: datetime, wanted: Wanted) -> Candidate:
        return Candidate(self.name, wanted.url, at, raw_address(address), kind="archive")

    async def _by_timegate(self, wanted: Wanted, ask: Ask) -> list[Candidate]:
        when = wanted.near or datetime(1996, 1, 1, tzinfo=UTC)
        gate = self.timegate.replace("{url}", wanted.url)
        answer = await ask(Question(gate, (("Accept-Datetime", http_date(when)),)))
        if answer.status in _NONE:
            return []
        links = [link for link in read_links(answer.headers.get("link", "")) if "memento" in link.relations]
        found = [c for link in links if (c := self._memento(link, gate, wanted)) is not None]
        address = answer.headers.get("location") or answer.headers.get("content-location")
        if address and (at := read_http_date(answer.headers.get("memento-datetime")) or moment_in(address)):
            found.append(self._candidate(urljoin(gate, address), at, wanted))
        if not found and not 300 <= answer.status < 400:
            _require(answer)
        return list({c.address: c for c in found}.values())


def raw_address(address: str) -> str:
    """The address of a memento as captured, where it is of the Wayback form."""
    return _WAYBACK.sub(r"/\1id_/", address, count=1)


def moment_in(address: str) -> datetime | None:
    """The time in an address of the Wayback form; None in any other."""
    found = _WAYBACK.search(address)
    return read_timestamp(found[1]) if found else None


def original_in(address: str) -> str | None:
    """The address that was captured, in one of the Wayback form."""
    found = _WAYBACK.search(address)
    return address[found.end() :] if found else None


def rebased(address: str, other: str) -> str | None:
    """The copy of another page at the same moment."""
    found = _WAYBACK.search(address)
    return address[: found.end()] + other if found else None


def _require(answer: Answer) -> None:
    if answer.status != 200:
        raise ArchiveUnavailable(f"{answer.url} answered {answer.status}")


def _nearest(links: Sequence[Link], near: datetime | None) -> list[Link]:
    """Further pages of a TimeMap, those that cover the date first."""

    def away(link: Link) -> float:
        start, end = (read_http_date(link.parameters.get(name)) for name in ("from", "until"))
        if near is None or (start is None and end is None):
            return 0.0
        return max((start - near).total_seconds() if start else 0.0, (near - end).total_seconds() if end else 0.0, 0.0)

    return sorted(links, key=away)
