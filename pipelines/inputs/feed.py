"""Feeds: RSS 0.9 to 2.0 and Atom, read by feedparser. One event an entry, its link the citation."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import escape
from time import struct_time
from typing import Any
from xml.sax import SAXParseException

import feedparser

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.days import iso_day
from pipelines.inputs.decode import decode
from pipelines.inputs.draft import Draft, Origin, make_event, make_source
from pipelines.inputs.wording import one_line, publisher, words_of

MAX_TOPICS = 50
_ENTRY = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?:[\w.-]+:)?(item|entry)(?=[\s/>])", re.DOTALL | re.IGNORECASE)
_HTTP = ("http://", "https://")


def read_feed(data: bytes, origin: Origin) -> Iterator[Event | Problem]:
    """The entries in the order of the feed; one without an address is a problem, and so is XML that is broken."""
    try:
        # A stream: a string could be taken for an address or a file's name. We strip markup ourselves.
        feed = feedparser.parse(io.BytesIO(data), response_headers=_headers(origin), resolve_relative_uris=False, sanitize_html=False)
    except Exception as error:  # noqa: BLE001 - on damaged feeds it raises whatever its date and address parsers meet
        yield Problem(origin.name, 1, f"cannot be read as a feed: {one_line(str(error))[:120]}")
        return
    text = _text(data, feed.get("encoding"))
    if isinstance(broken := feed.get("bozo_exception"), SAXParseException):
        # To a feed without an XML declaration it adds one, on a line of its own.
        line = (broken.getLineNumber() or 1) - (not text.lstrip("\ufeff").startswith("<?xml"))
        words = f"broken XML, read as far as it makes sense: {one_line(broken.getMessage())[:120]}"
        yield Problem(origin.name, max(1, line), words)
    lines = _EntryLines(text)
    of_feed = publisher(words_of(_string(feed.get("feed", {}), "title")))
    for number, entry in enumerate(feed.entries):
        yield from _entry(entry, of_feed, lines, number, origin)


def _headers(origin: Origin) -> dict[str, str]:
    """What links without a host are relative to: the address of the feed, when it was fetched from one."""
    # Without a type, feedparser would take Latin-1 for the default charset.
    return {"content-location": origin.name, "content-type": "application/xml"} if origin.name.lower().startswith(_HTTP) else {}


def _text(data: bytes, encoding: object) -> str:
    try:
        if isinstance(encoding, str) and encoding:
            return data.decode(encoding, "replace")
    except (LookupError, ValueError):  # a codec that is no charset
        pass
    return decode(data)[0]


def _entry(entry: Any, of_feed: str, lines: _EntryLines, number: int, origin: Origin) -> Iterator[Event | Problem]:
    link = _link(entry)
    line = lines.line_of(number, link)
    if not link:
        yield Problem(origin.name, line, "an entry without an address")
        return
    summary = words_of(_string(entry, "summary") or _string(entry, "description"))
    draft = Draft(
        date=_day(entry), title=words_of(_string(entry, "title")) or summary[:120] or link, summary=summary, topics=_topics(entry)
    )
    label = publisher(words_of(_string(dict.get(entry, "source", {}), "title"))) or of_feed
    try:
        draft.sources.append(make_source(link, label, line, draft.date))
    except InputError as error:
        yield Problem(origin.name, line, str(error))
        return
    yield make_event(draft, origin)


def _link(entry: Any) -> str:
    """The entry's page: its alternate link, a guid that is a permalink, or what the entry says of itself."""
    links = [found for found in dict.get(entry, "links", ()) if isinstance(found.get("href"), str)]
    alternate = [found["href"] for found in links if found.get("rel", "alternate") == "alternate"]
    own = [found["href"] for found in links if found.get("rel") == "self"]
    # `link` may be a guid that is no address, because a guid is a permalink unless it says that it is none.
    written = [*alternate, _string(entry, "link"), _string(entry, "id"), *own]
    chosen = next((link for link in written if link.strip().lower().startswith(_HTTP)), "")
    return (chosen or next(filter(None, written), "")).strip()


def _day(entry: Any) -> str | None:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        moment = dict.get(entry, name)
        if isinstance(moment, struct_time) and (day := iso_day(moment.tm_year, moment.tm_mon, moment.tm_mday)):
            return day
    return None


def _topics(entry: Any) -> list[str]:
    tags = [tag for tag in dict.get(entry, "tags", ())[:MAX_TOPICS] if isinstance(tag, dict)]
    return [one_line(_string(tag, "label") or _string(tag, "term")) for tag in tags]


def _string(values: Any, name: str) -> str:
    # Not values[name]: feedparser answers for absent members with those of other names, and warns.
    value = dict.get(values, name) if isinstance(values, dict) else None
    return value if isinstance(value, str) else ""


class _EntryLines:
    """Where the entries of a feed stand: feedparser does not say."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [found.start() for found in _ENTRY.finditer(text) if found[1]]
        self._position = 0
        self._line = 1

    def line_of(self, number: int, link: str) -> int:
        """The line of the link of the entry with this number (from 0), else of the entry's start. Ask in the order of the text."""
        if number >= len(self._starts):
            return self._line
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
        places = (self._text.find(form, start, end) for form in (link, escape(link, quote=False)) if link)
        at = next((place for place in places if place >= 0), start)
        if at > self._position:
            self._line += self._text.count("\n", self._position, at)
            self._position = at
        return self._line
