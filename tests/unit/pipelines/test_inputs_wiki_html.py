"""Pages of MediaWiki as HTML: days of Portal:Current events, articles, Wikinews; and Wikinews as wikitext."""

from __future__ import annotations

import io

import pytest

from archive.model import Event, Problem
from pipelines.inputs.read import read_inputs
from tests.support.shared import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "inputs"


def read(name: str) -> tuple[list[Event], list[Problem]]:
    found = list(read_inputs([str(FIXTURES / name)]))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def test_a_day_of_today() -> None:
    events, problems = read("wikipages/day_now.html")
    assert {e.date for e in events} == {"2031-02-03"}
    economy = ("Business and economy", "Ports of the North", "Barges")
    assert [(e.title, e.topics, [(c.label, c.url, c.line) for c in e.citations]) for e in events] == [
        (
            "The harbour of Lisse opens its second lock.",
            economy,
            [("Lisse Courier", "http://courier.example/lock?a=1&b=2", 15), ("Morning Post", "https://post.example/lock", 16)],
        ),
        ("Its gates weigh 90 t, their maker says.", economy, [("their maker", "http://gates.example/", 17)]),
        ("A choir sings.", ("Business and economy",), []),
        ("Two men are tried.", ("Law and crime",), [("Court News", "http://court.example/a", 23)]),
    ]
    assert events[3].citations[0].archive_date == "2031-02-04T00:00:00Z"
    assert [(p.line, p.problem) for p in problems] == [(24, "bad host: http://New%20Zealand%20Herald")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "day_2020.html",
            [
                ("2031-02-04", "A match ends.", ("Sports",), "http://sport.example/1", 6),
                ("2031-02-05", "A film opens.", ("Arts and culture",), "http://film.example/1", 11),
            ],
        ),
        (
            "day_2010.html",
            [
                ("2031-02-06", "A dam holds.", ("Disasters",), "http://dam.example/1", 6),
                ("2031-02-06", "The river falls.", ("Disasters", "Floods"), "http://river.example/1", 8),
            ],
        ),
    ],
)
def test_days_of_former_years(name: str, expected: list[object]) -> None:
    events, problems = read(f"wikipages/{name}")
    assert problems == []
    assert [(e.date, e.title, e.topics, c.url, c.line) for e in events for c in e.citations] == expected


def test_article() -> None:
    events, problems = read("wikipages/article.html")
    (event,) = events
    assert (event.title, event.url) == ("Lisse harbour", "https://en.wiki.example/wiki/Lisse_harbour")
    stolen = "https://web.archive.org/web/20310303000000/http://stolen.example/x"
    assert [(c.line, c.date, c.label, c.url, c.archive_url) for c in event.citations] == [
        (7, "2031-02-03", "Lisse Courier", "http://courier.example/history", None),
        (
            8,
            "2031-03-02",
            "Morning Post",
            "http://www.post.example/locks",
            "https://web.archive.org/web/20310301000000/http://post.example/locks",
        ),
        (9, None, "Live", "http://live.example/1", "https://archive.today/20310302000000/http://live.example/1"),
        (10, None, "Stolen", stolen, stolen),
        (11, None, "Ports", "http://journal.example/1", None),
        (13, None, "Some Paper", "http://plain.example/7", None),
        (15, None, "Ports", "https://doi.org/10.1000%2F2", None),
        (17, None, "Further reading", "http://book.example/", None),
    ]
    assert [(p.line, p.problem) for p in problems] == [
        (10, f"the original is not linked, so only its archived copy is a source: {stolen}"),
        (14, "ftp: addresses are not fetched: ftp://files.example/8"),
    ]


def test_wikinews() -> None:
    (event,) = read("wikipages/wikinews.html")[0]
    assert event.title == "Harbour opens"
    assert [(c.date, c.label, c.url) for c in event.citations] == [("2031-02-03", "Lisse Courier", "http://courier.example/lock")]
    (event,) = read("wiki/news.wiki")[0]
    assert event.date == "2031-02-03"
    assert [(c.line, c.date, c.label, c.url) for c in event.citations] == [
        (4, "2031-02-02", "Lisse Courier", "http://courier.example/lock"),
        (9, "2031-02-03", "Morning Post", "http://post.example/lock"),
    ]


def test_other_pages_are_no_input() -> None:
    for page in (b"<!doctype html><p>Hello <a href='http://a.example/'>there</a></p>", b"<html><body><ul><li>x</ul>"):
        (problem,) = read_inputs(["-"], io.BytesIO(page))
        assert isinstance(problem, Problem)
        assert problem.line == 0


@pytest.mark.parametrize(
    "inner",
    [
        "<b>",
        "<ul><li>",
        "<div class='vevent'><span class='bday'>2031-02-03</span>",
        "<cite class='citation'><a class='external' href='http://a.example/'>",
    ],
)
def test_deep_nesting_is_named(inner: str) -> None:
    page = "<div class='vevent'><span class='bday'>2031-02-03</span><ul><li>x <a class='external' href='http://a.example/'>(A)</a></li></ul></div>"
    found = list(read_inputs(["-"], io.BytesIO((page + inner * 20_000).encode())))
    assert [item.citations[0].url for item in found if isinstance(item, Event) and item.title == "x"] == ["http://a.example/"]
    assert "nested too deeply: the rest is not read" in [item.problem for item in found if isinstance(item, Problem)]
