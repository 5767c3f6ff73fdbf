"""Bookmark files."""

from __future__ import annotations

import pytest

from archive.model import Event, Problem
from pipelines.inputs.bookmarks import read_bookmarks
from pipelines.inputs.draft import Origin
from tests.support.shared import ROOT

BOOKMARKS = ROOT / "tests" / "fixtures" / "inputs" / "bookmarks"


def read(text: str) -> tuple[list[Event], list[Problem]]:
    found = list(read_bookmarks(text, Origin("bookmarks.html", "0" * 64)))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def test_folders_tags_dates_and_lines() -> None:
    events, problems = read((BOOKMARKS / "browser.html").read_text(encoding="utf-8"))
    assert [(e.date, e.title, e.summary, e.topics) for e in events] == [
        ("2031-02-02", "The lock & the harbour", "What it is about", ("ports", "barges")),
        ("2031-02-03", "A ship", "", ("Sea", "Ships")),
        ("2030-10-10", "Gone", "", ("Sea",)),
        (None, "http://bare.example/", "", ()),
        ("2031-02-04", "Last", "", ()),
    ]
    assert [(c.line, c.date, c.url) for e in events for c in e.citations] == [
        (6, "2031-02-02", "http://courier.example/lock"),
        (13, "2031-02-03", "http://post.example/ship"),
        (16, "2030-10-10", "http://gone.example/1"),
        (22, None, "http://bare.example/"),
        (23, "2031-02-04", "http://ie.example/"),
    ]
    assert events[2].citations[0].archive_date == "2031-02-04T00:00:00Z"
    assert [(p.line, p.problem) for p in problems] == [
        (14, "marked as private: left out"),
        (18, "place: addresses are not fetched: place:sort=8&maxResults=10"),
        (19, "javascript: addresses are not fetched: javascript:void(0)"),
        (20, "no address of its own: ?note1"),
    ]


def test_a_private_bookmark_is_named_nowhere() -> None:
    events, problems = read('<DL><p><DT><A PRIVATE="1" HREF="http://secret.example/">Secret</A><DD>Hidden words')
    assert events == []
    assert not {"secret", "Secret", "Hidden"} & set(str(problems).replace("/", " ").split())
    assert "secret.example" not in str(problems)


def test_a_quote_that_never_closes_costs_its_tag() -> None:
    events, problems = read('<DL><p>\n<DT><A HREF="http://a.example/1>One</A>\n<DT><A HREF=http://a.example/2>Two</A>\n')
    assert "http://a.example/2" in [c.url for e in events for c in e.citations]
    assert (2, "a quotation mark is not closed in this tag") in [(p.line, p.problem) for p in problems]


@pytest.mark.parametrize(
    "text",
    [
        "<DL>" * 90_000 + '<A HREF="http://a.example/">x</A>',
        "<a '" * 90_000,
        '<a "x' * 90_001,
        "<!--" * 90_000,
        "<a " + "x =" * 90_000 + ">",
        "</DL>" * 90_000,
    ],
    ids=["deep", "quotes", "odd quotes", "comments", "attributes", "closing"],
)
def test_hostile_soup_takes_no_time(text: str) -> None:
    events, _ = read("<DT><A HREF='http://a.example/0' ADD_DATE='1'>0</A>" + text)
    assert events[0].citations[0].url == "http://a.example/0"
