"""Sitemaps (sitemaps.org 0.9), news sitemaps (Google's sitemap-news 0.9) and indexes of sitemaps, in constant memory.

Read with lxml and not with ultimate-sitemap-parser: that one is under the GPL, gives no lines, holds the whole file, imports an HTTP
client, and ends at the first news entry that lacks a title. The tests hold our reading against its.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.addresses import fetchable, shown
from pipelines.inputs.days import read_day
from pipelines.inputs.draft import Draft, Origin, Source, make_event, make_source
from pipelines.inputs.further import Further
from pipelines.inputs.urllist import CHUNK, lines_title
from pipelines.inputs.wording import one_line, publisher

MAX_FIELD = 20_000  # characters
MAX_ERRORS = 1_000  # after which a file is given up: the parser keeps them all
MAX_GAP = 1 << 18  # bytes without the end of a tag
_BARE_AMPERSAND = re.compile(rb"&(?!(?:[A-Za-z][A-Za-z0-9]{0,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_LONGEST_REFERENCE = 40  # bytes
_BLOCK = 1 << 16  # bytes read at once
_SPLIT_KEYWORDS = re.compile(r"\s*,\s*")
_FIELDS = {
    ("url", "loc"): "loc",
    ("url", "lastmod"): "modified",
    ("sitemap", "loc"): "loc",
    ("sitemap", "lastmod"): "modified",
    ("news", "title"): "title",
    ("news", "publication_date"): "published",
    ("news", "keywords"): "keywords",
    ("publication", "name"): "publication",
}
_ENTRIES = frozenset({"url", "sitemap"})

Fields = dict[str, str]


def read_sitemap(stream: BinaryIO, origin: Origin) -> Iterator[Event | Problem | Further]:
    """A news entry is an event; other pages come by the thousand, as of a list of addresses; an index yields what it names.

    ``stream`` is at its start; it is left open.
    """
    pages: list[Source] = []
    for found in _entries(stream, origin):
        if isinstance(found, Problem):
            yield found
            continue
        name, line, fields = found
        try:
            if "\ufffd" in fields.get("loc", ""):
                raise InputError(f"bytes that are none of the file's charset: {shown(fields['loc'])}")
            if name == "sitemap":
                yield Further(origin.name, line, fetchable(fields.get("loc", "")), read_day(fields.get("modified", "")))
            elif fields.get("title"):
                yield _news(fields, line, origin)
            else:
                day = read_day(fields.get("published", "")) or read_day(fields.get("modified", ""))
                pages.append(make_source(fields.get("loc", ""), _publication(fields), line, day))
        except InputError as error:
            yield Problem(origin.name, line, str(error))
        if len(pages) == CHUNK:
            yield _pages(pages, origin)
            pages = []
    if pages:
        yield _pages(pages, origin)


def _pages(pages: list[Source], origin: Origin) -> Event:
    return make_event(Draft(title=lines_title(origin, pages), sources=pages), origin)


def _news(fields: Fields, line: int, origin: Origin) -> Event:
    day = read_day(fields.get("published", "")) or read_day(fields.get("modified", ""))
    draft = Draft(date=day, title=one_line(fields["title"]))
    draft.topics = [one_line(keyword) for keyword in _SPLIT_KEYWORDS.split(fields.get("keywords", ""))]
    draft.sources.append(make_source(fields.get("loc", ""), _publication(fields), line, day))
    return make_event(draft, origin)


def _publication(fields: Fields) -> str:
    return publisher(fields.get("publication", ""))


def _entries(stream: BinaryIO, origin: Origin) -> Iterator[tuple[str, int, Fields] | Problem]:
    """``url`` and ``sitemap`` elements with their line and their fields. XML that is broken costs the entries that it breaks."""
    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    entry: tuple[str, int, Fields] | None = None
    for event, element in _read_events(parser, stream):
        name, parent = _local(element), element.getparent()
        if name in _ENTRIES and parent is not None:
            # An entry that begins within another one: the end tag of that is missing.
            if entry is not None:
                yield entry
            entry = (name, element.sourceline or 1, {}) if event == "start" else None
        elif event == "end" and entry is not None and parent is not None:
            _take(entry[2], (_local(parent), name), element)
        if event == "end" and parent is not None:
            _forget_before(element, parent)
    if entry is not None:
        yield entry
    for error in list(parser.feed_error_log)[:1]:
        message = one_line(error.message)[:120]
        yield Problem(origin.name, max(1, error.line), f"broken XML, read as far as it makes sense: {message}")
    if stream.read(1):
        yield Problem(origin.name, 1, "the XML is too damaged, or a tag or a text in it is too long: the rest is not read")


def _read_events(parser: Any, stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    try:
        for block in _blocks(stream):
            parser.feed(block)
            yield from parser.read_events()
            if len(parser.feed_error_log) > MAX_ERRORS:
                return
        parser.close()
    except etree.XMLSyntaxError:
        pass  # it is in the log
    # What ends only with the file is cut short, so events that closing the parser makes are left.


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The file, up to the first tag or text that is too long: the parser would hold it and all its errors at once.

    Ampersands that begin no reference, as in ``?a=1&b=2``, are written as references: the parser would leave them out of an address.
    """
    gap, rest = 0, b""
    while block := stream.read(_BLOCK):
        end = block.rfind(b">")
        gap = gap + len(block) if end < 0 else len(block) - end
        block = rest + block
        cut = block.rfind(b"&", max(0, len(block) - _LONGEST_REFERENCE))
        block, rest = (block, b"") if cut < 0 else (block[:cut], block[cut:])
        yield block if b"\0" in block else _BARE_AMPERSAND.sub(b"&amp;", block)
        if gap > MAX_GAP:
            return
    yield rest if b"\0" in rest else _BARE_AMPERSAND.sub(b"&amp;", rest)


def _take(fields: Fields, path: tuple[str, str], element: Any) -> None:
    if (field := _FIELDS.get(path)) and field not in fields:
        try:
            fields[field] = (element.text or "")[:MAX_FIELD].strip()
        except UnicodeDecodeError:  # the parser lets bytes through that are none of the charset
            fields[field] = "\ufffd"


def _forget_before(element: Any, parent: Any) -> None:
    while (previous := element.getprevious()) is not None:
        parent.remove(previous)


def _local(element: Any) -> str:
    try:
        name = str(element.tag)
    except UnicodeDecodeError:
        return ""
    return name[max(name.rfind("}"), name.rfind(":")) + 1 :].lower()
