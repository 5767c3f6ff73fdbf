"""RSS, RDF and Atom."""

from __future__ import annotations

import pytest

from archive.model import Event, Problem
from pipelines.inputs.draft import Origin
from pipelines.inputs.feed import read_feed
from tests.support.shared import ROOT

FEEDS = ROOT / "tests" / "fixtures" / "inputs" / "feeds"


def read(data: bytes) -> tuple[list[Event], list[Problem]]:
    found = list(read_feed(data, Origin("feed", "0" * 64)))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def test_rss() -> None:
    events, problems = read((FEEDS / "rss.xml").read_bytes())
    assert [(e.date, e.title, e.summary, e.topics) for e in events] == [
        ("2031-02-03", "The harbour opens its second lock", "Barges of 90 m pass.", ("Ports", "Barges")),
        ("2031-02-04", "A strike ends", "", ()),
        (None, "Only words, no title.", "Only words, no title.", ()),
    ]
    assert [(c.line, c.date, c.label, c.url) for e in events for c in e.citations] == [
        (9, "2031-02-03", "Lisse Courier", "http://courier.example/lock?a=1&b=2"),
        (18, "2031-02-04", "Morning Post", "http://post.example/strike"),
        (29, None, "Lisse Courier", "http://gone.example/1"),
    ]
    assert events[2].citations[0].archive_url == "https://web.archive.org/web/20310205000000/http://gone.example/1"
    assert [(p.line, p.problem) for p in problems] == [
        (24, "no http(s) address: 44"),
        (26, "mailto: addresses are not fetched: mailto:desk@courier.example"),
    ]


def test_atom() -> None:
    events, problems = read((FEEDS / "atom.xml").read_bytes())
    assert problems == []
    assert [(e.date, e.title, e.summary) for e in events] == [
        ("2031-02-06", "Relative link", "Two words"),
        ("2031-02-06", "Only itself", ""),
    ]
    assert [(c.line, c.label, c.url) for e in events for c in e.citations] == [
        (4, "Wire", "http://atom.example/news/1.html"),
        (15, "Atom & Sons", "http://atom.example/2"),
    ]


def test_rdf() -> None:
    events, problems = read((FEEDS / "rdf.xml").read_bytes())
    assert problems == []
    assert [(e.date, e.title, c.line, c.label, c.url) for e in events for c in e.citations] == [
        ("2031-02-07", "One", 4, "RDF Day", "http://rdf.example/1")
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-be", "gb18030", "utf-8-sig"])
def test_charsets(encoding: str) -> None:
    name = encoding.removesuffix("-sig").removesuffix("-be")
    text = f'<?xml version="1.0" encoding="{name}"?>\n<rss><channel><item>\n<title>利瑟</title><link>http://a.example/1</link></item></channel></rss>'
    [event] = read(text.encode(encoding))[0]
    assert (event.title, event.citations[0].line) == ("利瑟", 3)


def test_a_broken_feed_gives_what_it_has() -> None:
    events, problems = read(b"<rss><channel>\n<item><title>A & B</title><link>http://a.example/1</link></item>\n<item><link>http://a.exam")
    assert events[0].citations[0].url == "http://a.example/1"
    assert problems[0].line == 2
    assert problems[0].problem.startswith("broken XML")


def test_the_same_entry_with_its_headline_edited_is_the_same_event() -> None:
    data = (FEEDS / "rss.xml").read_bytes()
    assert read(data)[0][0].id == read(data.replace(b"second lock", b"new lock"))[0][0].id


def test_relative_links_of_a_feed_that_was_fetched() -> None:
    data = "<rss><channel><item><title>利瑟</title><link>../1.html</link></item></channel></rss>".encode()
    (event,) = read_feed(data, Origin("https://a.example/feeds/all.xml", "0" * 64))
    assert isinstance(event, Event)
    assert (event.title, event.citations[0].url) == ("利瑟", "https://a.example/1.html")
    (problem,) = read_feed(data, Origin("all.xml", "0" * 64))
    assert problem == Problem("all.xml", 1, "no http(s) address: ../1.html")
