"""What every reader of inputs makes: sources, and events with a stable id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.digests import sha256_hex
from archive.model import Citation, Event, Related
from archive.urls import surt
from pipelines.inputs.addresses import fetchable
from pipelines.inputs.archive_links import read_archive_link

_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """The input a value was read from."""

    name: str  # as given
    sha256: str  # of its bytes, hex


@dataclass(frozen=True, slots=True)
class Copy:
    """An archived copy of a source."""

    url: str
    made_at: str | None  # RFC 3339 UTC


@dataclass(frozen=True, slots=True)
class Source:
    """A cited source before its event is known."""

    url: str
    label: str
    line: int
    date: str | None = None  # YYYY-MM-DD
    copy: Copy | None = None


@dataclass(slots=True)
class Draft:
    """An event while its lines are being read."""

    date: str | None = None
    title: str = ""
    summary: str = ""
    topics: list[str] = field(default_factory=list)
    url: str | None = None
    sources: list[Source] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)


def read_copy(written: str, made_on: str | None = None) -> Copy:
    """An archived copy that the input names beside the original. Raises InputError when its address cannot be fetched."""
    url = fetchable(written)
    link = read_archive_link(url)
    return Copy(url, (link.captured_at if link else None) or (f"{made_on}T00:00:00Z" if made_on else None))


def make_source(written: str, label: str, line: int, date: str | None = None, copy: Copy | None = None) -> Source:
    """A source from its address as written; a link to an archived copy is unwrapped to the original.

    Raises InputError when the address cannot be fetched.
    """
    url = fetchable(written)
    link = read_archive_link(url)
    if link is None:
        return Source(url, label, line, date, copy)
    return Source(link.original, label, line, date, copy or (Copy(url, link.captured_at) if link.is_copy else None))


def make_event(draft: Draft, origin: Origin) -> Event:
    """The event, its citations numbered from 1 in the order written."""
    identity = event_id(draft.date, draft.title, (source.url for source in draft.sources))
    return Event(
        id=identity,
        date=draft.date,
        title=draft.title,
        summary=draft.summary,
        topics=distinct(draft.topics),
        url=draft.url,
        digest_file=origin.name,
        digest_sha256=origin.sha256,
        citations=tuple(_citation(identity, position, source, draft.date) for position, source in enumerate(draft.sources, 1)),
        related=tuple(draft.related),
    )


def _citation(event: str, position: int, source: Source, day: str | None) -> Citation:
    return Citation(
        event_id=event,
        position=position,
        url=source.url,
        label=source.label,
        line=source.line,
        date=source.date or day,
        archive_url=source.copy.url if source.copy else None,
        archive_date=source.copy.made_at if source.copy else None,
    )


def event_id(date: str | None, title: str, urls: Iterable[str]) -> str:
    """``<date or "undated">-<12 hex digits>``: the same for the same day and sources, whatever the headline and the path.

    The scheme, the order and repetition of the addresses do not count (``archive.urls.surt``); the title does when there are none.
    """
    keys = sorted({surt(url) for url in urls})
    basis = keys or ["title:" + _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", title).casefold()).strip()]
    day = date or "undated"
    return f"{day}-{sha256_hex(chr(10).join([day, *basis]).encode('utf-8', 'surrogatepass'))[:12]}"


def distinct(topics: Sequence[str]) -> tuple[str, ...]:
    """Topics in order, empty and repeated ones left out."""
    return tuple(dict.fromkeys(topic for topic in topics if topic))
