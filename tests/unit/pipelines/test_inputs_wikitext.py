"""Day pages of Portal:Current events and articles, in wikitext."""

from __future__ import annotations

import pytest

from archive.model import Event, Problem
from pipelines.inputs.draft import Origin
from pipelines.inputs.wikitext import read_wikitext
from tests.support.shared import ROOT

WIKI = ROOT / "tests" / "fixtures" / "inputs" / "wiki"


def read(text: str, name: str = "page.txt") -> tuple[list[Event], list[Problem]]:
    found = list(read_wikitext(text, Origin(name, "0" * 64)))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def test_day_page() -> None:
    events, problems = read((WIKI / "day.txt").read_text(encoding="utf-8"))
    assert {event.date for event in events} == {"2031-02-03"}
    assert [(event.title, event.topics, [(c.label, c.url, c.line) for c in event.citations]) for event in events] == [
        (
            "The harbour opens its second lock.",
            ("Business and economy", "Ports of the North", "Barges"),
            [("Lisse Courier", "http://courier.example/lock?a=1|b", 6), ("Morning Post", "http://www.post.example/lock", 6)],
        ),
        ("Its gates weigh 90 t.", ("Business and economy", "Ports of the North", "Barges"), [("", "http://gates.example/", 7)]),
        ("A choir sings.", ("Business and economy",), []),
        (
            "Two men are tried, the court says so.",
            ("Law and crime",),
            [("the court", "http://court.example/a", 10), ("Court News", "http://court.example/b", 10)],
        ),
        (
            "A stolen site.",
            ("Law and crime",),
            [("The Stolen", "https://web.archive.org/web/20300101000000/http://stolen.example/x", 13)],
        ),
        ("Gone since.", ("Law and crime",), [("Gone", "http://gone.example/1", 14)]),
        ("Never closed.", ("Law and crime",), [("", "http://open.example/1", 15)]),
        ("Bad host.", ("Law and crime",), []),
    ]
    assert [(p.line, p.problem) for p in problems] == [
        (13, "marked usurped, so only its archived copy is a source: http://stolen.example/x"),
        (15, "unclosed link, read up to the blank: http://open.example/1"),
        (16, "bad host: http://Lisse%20Courier"),
    ]


def test_archived_copies_of_a_day_page() -> None:
    events, _ = read((WIKI / "day.txt").read_text(encoding="utf-8"))
    copies = {c.url: (c.archive_url, c.archive_date, c.date) for event in events for c in event.citations if c.archive_url}
    assert copies == {
        "http://court.example/b": (
            "https://web.archive.org/web/20310205000000/http://court.example/b",
            "2031-02-05T00:00:00Z",
            "2031-02-02",
        ),
        "https://web.archive.org/web/20300101000000/http://stolen.example/x": (
            "https://web.archive.org/web/20300101000000/http://stolen.example/x",
            "2030-01-01T00:00:00Z",
            "2031-02-03",
        ),
        "http://gone.example/1": (
            "https://web.archive.org/web/20310301000000/http://gone.example/1",
            "2031-03-01T00:00:00Z",
            "2031-02-03",
        ),
    }


def test_article_is_one_event() -> None:
    events, problems = read((WIKI / "article.wiki").read_text(encoding="utf-8"), "wiki/Lisse_harbour.wiki")
    assert problems == []
    assert [(e.date, e.title) for e in events] == [(None, "Lisse harbour")]
    assert [(c.label, c.url, c.line, c.archive_date) for c in events[0].citations] == [
        ("Lisse Courier", "http://courier.example/history", 1, "2012-03-04T00:00:00Z"),
        ("Two locks", "http://post.example/locks", 2, None),
        ("Official site", "http://lisse.example/", 5, None),
    ]


def test_wikinews_source_template() -> None:
    events, _ = read(
        "{{date|March 3, 2031}}\nText.\n{{source|url=http://a.example/x\n|title=T|author=A|pub=Courier\n|date=March 2, 2031}}\n"
    )
    assert events[0].date == "2031-03-03"
    assert [(c.label, c.url, c.date, c.line) for c in events[0].citations] == [("Courier", "http://a.example/x", "2031-03-02", 3)]


@pytest.mark.parametrize(
    "header",
    [
        "{{Current events header|2031|02|03}}",
        "<!-- All news items below this line -->{{Current events header|2031|2|3}}",
        "{{Current events|year=2031|month=02|day=03|content=",
        "{{Current  events header|2031|02|03}}",
    ],
)
def test_headers(header: str) -> None:
    events, problems = read(f"{header}\n\n* A choir sings.\n{{{{Current events footer}}}}")
    assert [(e.date, e.title) for e in events] == [("2031-02-03", "A choir sings.")]
    assert problems == []


def test_several_days_in_one_file() -> None:
    events, _ = read("{{Current events header|2031|02|03}}\n* One.\n{{Current events header|2031|02|04}}\n* Two.\n")
    assert [(e.date, e.title) for e in events] == [("2031-02-03", "One."), ("2031-02-04", "Two.")]


def test_day_from_the_name() -> None:
    events, _ = read("* A choir sings. [http://a.example/ (Courier)]\n", "data/2031_February_3.txt")
    assert events[0].date == "2031-02-03"


def test_topic_of_mixed_words_is_one() -> None:
    events, _ = read("{{Current events header|2031|02|03}}\n* Trial of [[A]] and [[B]] in court\n** Begins. [http://a.example/ (C)]\n")
    assert events[0].topics == ("Trial of A and B in court",)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["[[", "{{", "[http://", "''", "<ref>", "{{a|", "[[a|", "{|\n", "<b>", "[http://a.example ", "{{cite web|url=", "* [http://a ["],
)
@pytest.mark.parametrize("start", ["{{Current events header|2031|02|03}}\n* ", ""])
@pytest.mark.parametrize("length", [15_000, 59_000, 400_000])
def test_hostile_wikitext_takes_no_time(piece: str, start: str, length: int) -> None:
    # An event more after the damage shows that reading went on.
    events, _ = read(start + piece * (length // len(piece)) + "\n\n* After it. [http://after.example/ (Courier)]\n", "2031_February_3.txt")
    assert [c.url for c in events[-1].citations][-1] == "http://after.example/"
