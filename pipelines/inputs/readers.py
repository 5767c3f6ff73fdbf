"""One reader for each kind of input. Imported when they are met: most inputs need one library, and none needs all."""

# ruff: noqa: PLC0415
from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from archive.model import Event, Problem
from pipelines.inputs.decode import decode
from pipelines.inputs.digest import DigestReader
from pipelines.inputs.draft import Origin
from pipelines.inputs.further import Further
from pipelines.inputs.kinds import Kind
from pipelines.inputs.urllist import read_url_list

MAX_PAGE = 32 * 1024 * 1024  # bytes of what is read whole; lists of addresses and sitemaps have no limit
MAX_FEED = 16 * 1024 * 1024  # feedparser takes a second for every 2 MiB

Found = Event | Problem | Further


def read_kind(kind: Kind, stream: BinaryIO, origin: Origin) -> Iterator[Found]:
    """What an input of a known kind holds; ``stream`` is seekable and at its start, and is left open."""
    if kind is Kind.URL_LIST:
        yield from read_url_list(stream, origin)
    elif kind is Kind.SITEMAP:
        from pipelines.inputs.sitemap import read_sitemap

        yield from read_sitemap(stream, origin)
    else:
        limit = MAX_FEED if kind is Kind.FEED else MAX_PAGE
        data = stream.read(limit + 1)
        if len(data) > limit:
            yield Problem(origin.name, 1, f"larger than {limit} bytes, too large for a {kind}: not read")
            return
        yield from _whole(kind, data, origin)


def _whole(kind: Kind, data: bytes, origin: Origin) -> Iterator[Found]:
    if kind is Kind.FEED:
        from pipelines.inputs.feed import read_feed

        yield from read_feed(data, origin)
    elif kind in {Kind.DIGEST, Kind.WIKITEXT}:
        yield from _page(kind, data, origin)
    else:
        yield from _in_one_charset(kind, data, origin)


def _page(kind: Kind, data: bytes, origin: Origin) -> Iterator[Found]:
    text, line = decode(data)
    if line:
        yield Problem(origin.name, line, "not valid UTF-8: its lines that are not were read as Windows-1252")
    if kind is Kind.DIGEST:
        yield from DigestReader(origin).read(text)
    else:
        from pipelines.inputs.wikitext import read_wikitext

        yield from read_wikitext(text, origin)


def _in_one_charset(kind: Kind, data: bytes, origin: Origin) -> Iterator[Found]:
    from pipelines.inputs.charset import decode_whole

    text, charset = decode_whole(data)
    if charset:
        yield Problem(origin.name, 1, f"not valid UTF-8: read as {charset}")
    if kind is Kind.BOOKMARKS:
        from pipelines.inputs.bookmarks import read_bookmarks

        yield from read_bookmarks(text, origin)
    elif kind is Kind.BIBTEX:
        from pipelines.inputs.bibtex import read_bibtex

        yield from read_bibtex(text, origin)
    elif kind is Kind.CSL_JSON:
        from pipelines.inputs.csl import read_csl

        yield from read_csl(text, origin)
    else:
        yield from _wiki_page(data, text, origin)


def _wiki_page(data: bytes, text: str, origin: Origin) -> Iterator[Found]:
    from pipelines.inputs.article import read_article
    from pipelines.inputs.current_events import day_boxes, read_days
    from pipelines.inputs.html_page import parse_page

    root, problems = parse_page(data, text, origin)
    yield from problems
    if root is not None:
        boxes = day_boxes(root)
        yield from read_days(boxes, origin) if boxes else read_article(root, origin)
