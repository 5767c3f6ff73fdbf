"""Sitemaps, news sitemaps and indexes of them."""

from __future__ import annotations

import gzip
import io
import logging
import tracemalloc

import pytest
from usp.tree import sitemap_from_str

from archive.model import Event, Problem
from pipelines.inputs.draft import Origin
from pipelines.inputs.further import Further
from pipelines.inputs.reading import Reading
from pipelines.inputs.sitemap import MAX_GAP, read_sitemap
from tests.support.shared import ROOT

SITEMAPS = ROOT / "tests" / "fixtures" / "inputs" / "sitemaps"


def read(data: bytes) -> tuple[list[Event], list[Problem], list[Further]]:
    found = list(read_sitemap(io.BytesIO(data), Origin("map", "0" * 64)))
    return (
        [item for item in found if isinstance(item, Event)],
        [item for item in found if isinstance(item, Problem)],
        [item for item in found if isinstance(item, Further)],
    )


def test_news_and_pages() -> None:
    events, problems, _ = read((SITEMAPS / "news.xml").read_bytes())
    news, pages = events
    assert (news.date, news.title, news.topics) == ("2031-02-03", "The harbour opens its second lock", ("Ports", "Barges"))
    assert [(c.line, c.label, c.url) for c in news.citations] == [(4, "Lisse Courier", "http://courier.example/lock?a=1&b=2")]
    assert (pages.date, pages.title) == (None, "map lines 15-21")
    assert [(c.line, c.date, c.url) for c in pages.citations] == [
        (15, "2031-02-04", "http://courier.example/untitled"),
        (21, None, "http://courier.example/about"),
    ]
    assert [(p.line, p.problem) for p in problems] == [(19, "no http(s) address: /relative"), (20, "no address")]


def test_index() -> None:
    events, problems, further = read((SITEMAPS / "index.xml").read_bytes())
    assert events == []
    assert [(f.line, f.url, f.modified) for f in further] == [
        (2, "http://courier.example/sitemap-2031-01.xml.gz", "2031-02-01"),
        (6, "http://courier.example/sitemap-2031-02.xml", None),
    ]
    assert [p.line for p in problems] == [7]


def test_a_reading_names_the_sitemaps_of_an_index() -> None:
    path = str(SITEMAPS / "index.xml")
    told, follows = Reading([path]), Reading([path], follows=True)
    assert list(told) == list(follows) == []
    assert [f.url for f in follows.further] == [f.url for f in told.further]
    assert len(told.further) == 2
    assert [p.problem.split(",")[0] for p in told.problems][-1] == "an index of 2 sitemaps"
    assert [p.line for p in follows.problems] == [7]
    events = list(follows.add(follows.further[1].url, io.BytesIO((SITEMAPS / "news.xml").read_bytes())))
    assert [e.digest_file for e in events] == ["http://courier.example/sitemap-2031-02.xml"] * 2
    assert follows.events == 2


def test_broken_xml_costs_what_it_breaks() -> None:
    events, problems, _ = read((SITEMAPS / "broken.xml").read_bytes())
    assert [c.url for c in events[0].citations] == [f"http://courier.example/{part}" for part in ("1", "2?a&b", "3", "4")]
    assert {p.line for p in problems} <= {6, 7}
    assert any(p.problem.startswith("broken XML") for p in problems)


def test_bytes_of_another_charset_make_no_address() -> None:
    events, problems, _ = read(
        b"<urlset>\n<url><loc>http://a.example/\xe9t\xe9</loc></url><url><loc>http://a.example/2</loc></url></urlset>"
    )
    assert [c.url for e in events for c in e.citations] == ["http://a.example/2"]
    assert [p.line for p in problems] == [2, 2]


def test_gzip() -> None:
    packed = gzip.compress((SITEMAPS / "news.xml").read_bytes())
    reading = Reading(["-"], io.BytesIO(packed))
    assert [len(e.citations) for e in reading] == [1, 2]
    cut = Reading(["-"], io.BytesIO(gzip.compress(b"http://a.example/1\n" * 9)[:-9]))
    assert sum(len(e.citations) for e in cut) >= 1
    assert [p.problem for p in cut.problems] == ["gzip data that ends early"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be", "gb18030"])
def test_charsets(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding[:6] if encoding[0] == "u" else encoding}"?>\n<urlset><url>\n<loc>http://a.example/利?a&amp;b</loc></url></urlset>'
    reading = Reading(["-"], io.BytesIO(text.encode(encoding)))
    assert [(c.url, c.line) for e in reading for c in e.citations] == [("http://a.example/%E5%88%A9?a&b", 2)]


def test_ampersands_at_the_borders_of_blocks() -> None:
    urls = [f"http://a.example/{n}?a&b={'x' * (n % 80)}" for n in range(4_000)]
    data = "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"
    assert [c.url for e in read(data.encode())[0] for c in e.citations] == urls


def test_a_long_sitemap_takes_constant_memory() -> None:
    entry = b"<url><loc>http://a.example/0123456789</loc><lastmod>2031-02-03</lastmod></url>\n"
    stream = io.BytesIO(b"<urlset>" + entry * 60_000 + b"</urlset>")
    tracemalloc.start()
    try:
        count = sum(len(item.citations) for item in read_sitemap(stream, Origin("map", "0" * 64)) if isinstance(item, Event))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert peak < 16_000_000


@pytest.mark.parametrize("data", [b"<urlset>" + b"<a " * MAX_GAP, b"<urlset><url><loc>" + b"x" * 3 * MAX_GAP])
def test_what_has_no_end_is_given_up(data: bytes) -> None:
    events, problems, _ = read(data)
    assert events == []
    assert any("the rest is not read" in p.problem for p in problems)


@pytest.mark.parametrize("name", ["news.xml", "index.xml"])
def test_our_reading_against_that_of_ultimate_sitemap_parser(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Where it reads a file to its end: ours finds no address more or less, besides those that nobody can fetch."""
    caplog.set_level(logging.CRITICAL)
    text = (SITEMAPS / name).read_text()
    for broken in (
        "<url><loc>/relative</loc></url>",
        "<url><lastmod>2031-02-04</lastmod></url>",
        "<sitemap><loc>ftp://courier.example/sitemap.xml</loc></sitemap>",
    ):
        text = text.replace(broken, "")
    text = text.replace("<n:publication_date>2031-02-04<", "<n:title>x</n:title><n:publication_date>2031-02-04<")
    theirs = sitemap_from_str(text)
    events, problems, further = read(text.encode())
    assert problems == []
    assert {f.url for f in further} == {sub.url for sub in theirs.sub_sitemaps}
    assert {c.url for e in events for c in e.citations} == {page.url for page in theirs.all_pages()}
