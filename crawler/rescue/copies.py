"""Fetching a copy: through the archive's redirects and the page's own, to bytes that are the page's at about the moment asked for.

What an archive shows besides copies (its own error pages, "not archived", challenges) has no ``Memento-Datetime``: RFC 7089 section 2.1.1
makes that header the promise that a page is one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from archive.errors import DamageError
from archive.model import Capture, Exchange, Reason, Via
from archive.times import parse_iso
from archive.urls import host_of, surt
from archive.warc.http import parse_http
from archive.warc.wrapped import unwrap
from crawler.endings import judge_response
from crawler.rescue.links import read_links
from crawler.rescue.memento import original_in, raw_address, rebased
from crawler.rescue.moments import read_http_date
from crawler.rescue.source import Answer, Candidate, Question
from pipelines.document import registrable_host

MAX_HOPS = 6
_MAX_RECORD = 64 << 20  # bytes of a WARC record, unpacked


class CopyRefused(Exception):
    """The archive answered, and it is no copy of the page: ``str`` says what it is."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that is kept: where, and whether all of it came."""

    answer: Answer  # of a piece of a WARC, the piece
    capture: Capture
    whole: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as an archive captured it."""

    candidate: Candidate
    original: str  # the address that was captured, after the page's own redirects
    memento: str  # where the kept bytes came from
    at: datetime
    capture: Capture


Fetch = Callable[[Question, Via], Awaitable[Fetched]]
"""Raises `ArchiveUnavailable`."""


def via_of_answer(exchange: Exchange, via: Via) -> Exchange:
    """The exchange with how it came to us: an archive's answer without ``Memento-Datetime`` is its own page, as live as any."""
    if via.kind != "archive":
        return replace(exchange, via=via)
    at = read_http_date(parse_http(exchange.response).header("Memento-Datetime"))
    return replace(exchange, via=replace(via, memento_url=exchange.url, memento_at=at)) if at else exchange


async def fetch_copy(candidate: Candidate, url: str, fetch: Fetch, window: timedelta) -> Copy:
    """The copy of ``url`` that a candidate promises. Raises `CopyRefused`, `ArchiveUnavailable`."""
    via = Via(candidate.kind, candidate.archive, candidate.memento, candidate.at)
    copy = _of_record(candidate, await fetch(candidate.question, via)) if candidate.span else await _playback(candidate, fetch, via)
    if abs(copy.at - candidate.at) > window:
        raise CopyRefused(f"captured {copy.at:%Y-%m-%d}, {abs(copy.at - candidate.at).days} days from the copy asked for")
    if judge_response(200, None, url, copy.original)[1] is Reason.FRONT_PAGE:
        raise CopyRefused("captured as a redirect to the front page")
    return copy


async def _playback(candidate: Candidate, fetch: Fetch, via: Via) -> Copy:
    address = candidate.address
    seen = {address}
    while True:
        fetched = await fetch(Question(address), via)
        answer = fetched.answer
        at = read_http_date(answer.headers.get("memento-datetime"))
        if not 300 <= answer.status < 400:
            return _page(candidate, address, fetched, at)
        address = _next(address, answer, is_copy=at is not None)
        if address in seen or len(seen) >= MAX_HOPS:
            raise CopyRefused("its redirects lead nowhere")
        seen.add(address)


def _page(candidate: Candidate, address: str, fetched: Fetched, at: datetime | None) -> Copy:
    answer = fetched.answer
    if at is None:
        raise CopyRefused(f"the archive's own answer of status {answer.status}, not a copy")
    if answer.status != 200:
        raise CopyRefused(f"captured with status {answer.status}")
    if not fetched.whole:
        raise CopyRefused("the archive's answer was cut off")
    linked = (link.target for link in read_links(answer.headers.get("link", "")) if "original" in link.relations)
    original = original_in(address) or next(linked, candidate.original)
    return Copy(candidate, original, address, at, fetched.capture)


def _next(address: str, answer: Answer, *, is_copy: bool) -> str:
    """Where a redirect leads: within the archive, or, when the page itself was one, to the copy of where it led."""
    location = answer.headers.get("location")
    if not location:
        raise CopyRefused("a redirect that leads nowhere")
    there = raw_address(urljoin(address, location))
    if registrable_host(host_of(there)) == registrable_host(host_of(address)) and original_in(there):
        return there
    original = original_in(address)
    copy = rebased(address, urljoin(original, location)) if is_copy and original else None
    if copy is None:
        raise CopyRefused(f"a redirect away from the archive, to {urlsplit(there).hostname}")
    return copy


def _of_record(candidate: Candidate, fetched: Fetched) -> Copy:
    answer = fetched.answer
    if answer.status not in {200, 206} or not fetched.whole:
        raise CopyRefused(f"the archive answered {answer.status} instead of its record")
    try:
        record = unwrap(answer.body, _MAX_RECORD)
        at = parse_iso(record.header("WARC-Date") or "")
    except (DamageError, ValueError) as error:
        raise CopyRefused(f"its record cannot be read: {error}") from error
    original, status = record.target_uri or "", parse_http(record.block).status
    if surt(original) != surt(candidate.original) or at.tzinfo is None:
        raise CopyRefused("its record is of another page")
    if status != 200:
        raise CopyRefused(f"captured with status {status}")
    return Copy(candidate, original, candidate.memento, at, fetched.capture)
