"""Digest pages in Markdown, every variant that the generators wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.model import Event, Problem
from pipelines.inputs.digest import DigestReader
from pipelines.inputs.draft import Origin, event_id
from pipelines.inputs.markdown_links import read_links
from pipelines.inputs.published import event_record
from tests.support.shared import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "inputs"
ORIGIN = Origin("page.md", "0" * 64)


def read(text: str, origin: Origin = ORIGIN) -> tuple[list[Event], list[Problem]]:
    found = list(DigestReader(origin).read(text))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def page(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def only(text: str) -> Event:
    events, problems = read(text)
    assert problems == []
    assert len(events) == 1
    return events[0]


def test_golden() -> None:
    expected = json.loads((FIXTURES / "golden" / "spring.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(event_record(only(page("pages/spring.md"))))) == expected


def test_later_template() -> None:
    event = only(page("pages/formats.md"))
    assert (event.date, event.topics) == ("2031-03-11", ("Bridges of Lisse",))
    assert event.title == "A bridge is closed: 10 m2 of its deck are gone."
    assert event.summary == ""
    assert event.url == "/news/2031/03/11/a-bridge-is-closed.md"
    assert [(c.position, c.label, c.url, c.line) for c in event.citations] == [
        (1, "Courier", "http://courier.example/bridge?x=1&anchor=a&type=Tes", 14),
        (2, "Weather [live]", "http://weather.example/now", 15),
    ]
    assert event.related[0].contexts == ("Bridges of Lisse",)


def test_chinese_edition() -> None:
    event = only(page("pages/chinese.md"))
    assert event.date == "2031-03-03"
    assert event.topics == ("利瑟",)
    assert [c.label for c in event.citations] == ["港口报", "晨报", "电台(英文"]
    assert event.citations[0].url == "https://port.example/%E6%96%B0%E9%97%BB/%E8%88%B9%E9%97%B8-0630.html"
    archived = event.citations[1]
    assert archived.url == "http://morning.example/tbbd/t_4873663.html"
    assert archived.archive_url == "https://web.archive.org/web/20310304013722/http://morning.example/tbbd/t_4873663.html"
    assert archived.archive_date == "2031-03-04T01:37:22Z"
    assert (event.related[0].title, event.related[0].contexts) == ("第一艘驳船等待通过船闸。", ("利瑟", "驳船"))


def test_awkward_sources() -> None:
    events, problems = read(page("pages/awkward.md"))
    assert [c.url for c in events[0].citations] == [
        "http://a.example/lock_(Lisse)",
        "http://b.example/lock_(Lisse",
        "http://c.example/lock_Lisse)",
        "http://e.example/two%20words.html",
        "http://f.example/it''s",
        "http://g.example/Stra%C3%9Fe?q=caf%C3%A9",
        "http://h.example/a?b=c&d=e",
        "http://i.example/story",
        "http://j.example/view",
        "https://archive.is/AbC12",
        "http://k.example/1",
        "http://k.example/2",
    ]
    assert [c.position for c in events[0].citations] == list(range(1, 13))
    assert [(p.line, p.problem.split(":")[0]) for p in problems] == [
        (10, "unclosed link"),
        (11, "mailto"),
        (12, "no http(s) address"),
        (13, "bad host"),
        (22, "no link in a line of the list of sources"),
        (23, "bad port"),
    ]


def test_day_index() -> None:
    events, problems = read(page("day/news/2031/02/3/index.md"))
    assert problems == []
    assert [(e.date, e.title, e.summary, e.topics, e.url, e.citations) for e in events] == [
        (
            "2031-02-03",
            "The harbour of Lisse opens its second lock after nine years of work.",
            "The second lock lets barges pass; [sic] the mayor's words.",
            (),
            "/news/2031/02/3/the-harbour-of-lisse-opens.md",
            (),
        ),
        ("2031-02-03", "A choir [of 90] sings.", "", ("2031 Choir Days", "Lisse"), "/news/2031/02/3/a-choir-of-90-sings.md", ()),
    ]


def test_front_page_of_several_days() -> None:
    events, problems = read(page("pages/front.md"))
    assert problems == []
    assert [(e.date, e.title, e.topics) for e in events] == [
        ("2031-02-04", "船闸关闭一天。", ("利瑟",)),
        ("2031-02-03", "第二船闸开通", ()),
    ]


def test_own_path_from_the_folder() -> None:
    events, _ = read(page("pages/spring.md"), Origin("copy/news/2031/02/3/harbour.md", "0" * 64))
    assert events[0].url == "/news/2031/02/3/harbour.md"
    assert read(page("pages/spring.md"))[0][0].url is None


def test_pages_one_after_the_other() -> None:
    events, problems = read(page("pages/formats.md") + page("pages/chinese.md") + page("pages/spring.md"))
    assert problems == []
    assert [(e.date, len(e.citations), len(e.related)) for e in events] == [
        ("2031-03-11", 2, 1),
        ("2031-03-03", 3, 1),
        ("2031-02-03", 3, 2),
    ]


def test_no_such_day() -> None:
    events, problems = read("### [2031-02-30](/news/2031/02/30/index.md)\n\n# A title\n")
    assert events[0].date is None
    assert events[0].id.startswith("undated-")
    assert [(p.line, p.problem) for p in problems] == [(1, "no such day: 2031-02-30")]


def test_links_elsewhere_are_named() -> None:
    events, problems = read("# A title\n\n### See also:\n\n1. [x](http://a.example/)\n")
    assert events[0].citations == ()
    assert [p.line for p in problems] == [5]


def test_identity_is_day_and_sources() -> None:
    text = page("pages/spring.md")
    event = only(text)
    edited = only(
        text.replace("#   The harbour of Lisse opens", "# Lisse's harbour opens").replace(
            "http://radio.example", "https://www.radio.example"
        )
    )
    swapped = only("\n".join(line for line in text.split("\n") if not line.startswith("1. [Lisse")))
    other_day = only(text.replace("[2031-02-3]", "[2031-02-4]"))
    assert edited.title != event.title
    assert edited.id == event.id
    assert len({event.id, swapped.id, other_day.id}) == 3
    assert {c.event_id for c in event.citations} == {event.id}


def test_identity_without_sources_is_the_title() -> None:
    assert event_id("2031-02-03", "A choir  sings.", []) == event_id("2031-02-03", "a Choir sings", [])
    assert event_id("2031-02-03", "A choir sings", []) != event_id("2031-02-03", "A choir rests", [])
    assert event_id(None, "A choir sings", []).startswith("undated-")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[a](b)", [("a", "b", True)]),
        ("[a [b]](c_(d))", [("a [b]", "c_(d)", True)]),
        ("[a](b_(c)", [("a", "b_(c", True)]),
        ("[a](b)[c](d)", [("a", "b", True), ("c", "d", True)]),
        ("[a](b), [c](d).", [("a", "b", True), ("c", "d", True)]),
        ("[a](b [c](d)", [("a", "b", False), ("c", "d", True)]),
        ('[a](<b> "title")', [("a", "b", True)]),
        ("[a](b", [("a", "b", False)]),
        ("[a] (b)", []),
    ],
)
def test_markdown_links(text: str, links: list[tuple[str, str, bool]]) -> None:
    assert [(link.label, link.target, link.closed) for link in read_links(text)] == links


HOSTILE = [
    "1. " + "[" * 90_000,
    "1. " + "](" * 45_000,
    "1. " + "[a](" * 22_000,
    "1. [a](http://a.example/" + ")" * 90_000,
    "1. [a](/x) " + "_Context: " * 9_000,
    "x" * 3_000_000,
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: line[:14])
@pytest.mark.parametrize("heading", ["Source", "Related"])
def test_hostile_lines_take_no_time(line: str, heading: str) -> None:
    events, _ = read(f"# A title\n\n### {heading}:\n\n{line}\n1. [a](http://a.example/)\n")
    assert len(events) == 1


def test_fixtures_are_no_twins_by_accident() -> None:
    names = [Path("index.md"), Path("README.md")]
    assert len({(FIXTURES / "day/news/2031/02/3" / name).read_bytes() for name in names}) == 1
