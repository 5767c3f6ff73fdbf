"""What a report says of runs that were written for it: sums, years, coverage, changes, comparison, hostile words, files."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archive.errors import InputError, NotFound
from archive.report.build import Reporter
from archive.report.files import COLUMNS, formats_of, put_beside, write_into, write_sources
from archive.report.model import Report, write_schemas
from archive.report.page import page
from archive.report.wires import percentile
from archive.store import open_store
from archive.store.base import Store
from archive.takedown import plan, take_down
from tests.support.shared import ROOT
from tests.support.told_runs import Told, event, tell_run

HOST = "http://news.example"
A, B, C, D, E, F, G = (f"{HOST}/{name}" for name in "abcdefg")
OTHER = "http://other.example/x"
NASTY = "http://nasty.example/'\"><script>alert(1)</script>"
WORDS = '<img src=x onerror="alert(1)">\u202e & "so" ]]>'

FIRST = [
    Told(A, after=0, elapsed=0.1),
    Told(B, text="One text.", after=2, elapsed=0.2),
    Told(C, outcome="gone", after=4, elapsed=0.3),
    Told(D, outcome="error", detail="timed out", after=6),
    Told(E, outcome="skipped", after=8),
    Told(F, after=70, elapsed=1.5, language=None),
    Told(OTHER, outcome="blocked", text="Are you human", title=None, after=71, elapsed=0.05),
]
SECOND = [
    Told(A, outcome="unchanged", after=0),
    Told(B, text="Another text.", after=1),
    Told(C, after=2),
    Told(D, outcome="error", detail=WORDS, after=3),
    Told(F, outcome="gone", after=4),
    Told(G, outcome="rescued", after=5),
    Told(NASTY, outcome="blocked", text="no entry", title=WORDS, after=6),
]
EVENTS = [
    event("2001-05-21", [A, B], "Both are kept"),
    event("2016-05-21", [C, D, A], "Some"),
    event("2016-06-01", [D], "None"),
    event(None, [F, "http://never.example/asked"], WORDS, digest="=cmd|' /C calc'!A0.md"),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(str(tmp_path / "archive"))
    first = tell_run(store, 1, FIRST, EVENTS)
    tell_run(store, 2, SECOND, before=first)
    return store


@pytest.fixture
def reporter(store: Store) -> Iterator[Reporter]:
    with Reporter(store, "last") as reporter:
        yield reporter


def first_report(store: Store) -> Report:
    with Reporter(store, "run-1") as reporter:
        return reporter.report()


def nonzero(counts: dict[str, int]) -> dict[str, int]:
    return {word: count for word, count in counts.items() if count}


def parsed(html: str) -> ET.Element:
    assert html.startswith("<!DOCTYPE html>\n")
    return ET.fromstring(html.removeprefix("<!DOCTYPE html>\n"))


def test_every_count_sums_to_the_sources(store: Store) -> None:
    for run, compare in (("run-1", None), ("run-2", None), ("run-2", "run-1"), ("run-1", "run-2")):
        with Reporter(store, run, compare=compare) as reporter:
            report = reporter.report()
        assert report.sources == 7
        sums = {
            "outcomes": sum(report.outcomes.values()),
            "statuses": sum(s.count for s in report.statuses),
            "hosts": sum(h.sources for h in report.hosts),
            "outcomes of hosts": sum(sum(h.outcomes.values()) for h in report.hosts),
            "years": sum(y.sources for y in report.years),
            "outcomes of years": sum(sum(y.outcomes.values()) for y in report.years),
            "texts": sum(report.texts.outcomes.values()),
            "changes": sum(report.changes.counts.values()),
            "timeline": sum(sum(i.outcomes.values()) for i in report.timeline.intervals) if report.timeline else 0,
            "kept and not": report.kept + len(report.failures),
        }
        assert set(sums.values()) == {7}, sums
        assert sum(b.count for b in report.texts.lengths) == report.texts.documents == sum(report.texts.languages.values())
        assert report.times is not None
        assert sum(b.count for b in report.times.bins) == report.times.count
        coverage = report.coverage
        assert coverage.whole + coverage.some + coverage.none == coverage.events


def test_what_became_of_the_sources(store: Store) -> None:
    report = first_report(store)
    assert nonzero(report.outcomes) == {"captured": 3, "gone": 1, "blocked": 1, "error": 1, "skipped": 1}
    assert [(s.status, s.meaning, s.count) for s in report.statuses] == [
        (200, "OK", 3),
        (403, "Forbidden", 1),
        (404, "Not Found", 1),
        (None, "no answer, or not asked", 2),
    ]
    assert [(f.url, f.outcome.value, f.reason, f.last_good) for f in report.failures] == [
        (OTHER, "blocked", "forbidden", None),
        (D, "error", "timeout", None),
        (C, "gone", "not-found", None),
        (E, "skipped", "robots", None),
    ]
    assert [f.event_title for f in report.failures] == [None, "Some", "Some", None]
    assert [(h.host, h.sources, h.kept, h.worst, h.robots) for h in report.hosts] == [
        ("news.example", 6, 3, "not-found", 1),
        ("other.example", 1, 0, "forbidden", 0),
    ]


def test_times_are_those_of_the_records(store: Store) -> None:
    report = first_report(store)
    assert report.times is not None
    assert (report.times.count, report.times.p50, report.times.p95, report.times.slowest) == (5, 200, 1500, 1500)
    assert [(b.below, b.count) for b in report.times.bins if b.count] == [(100, 1), (200, 1), (500, 2), (2000, 1)]
    news = report.hosts[0]
    assert (news.median_ms, news.requests, news.least_pause) == (200, 4, 2.0)
    assert report.timeline is not None
    assert (report.timeline.seconds, len(report.timeline.intervals)) == (2, 36)
    assert report.run.asked_seconds == 71.0
    with Reporter(store, "run-1", read_warcs=False) as reporter:
        quick = reporter.report()
    assert (quick.times, quick.hosts[0].median_ms, quick.hosts[0].requests) == (None, None, None)
    assert any("--quick" in why for why in quick.unknown)
    assert "Response times are not known" in page(quick)


def test_percentile_is_the_nearest_rank() -> None:
    values = list(range(1, 101))
    assert [percentile(values, 50), percentile(values, 95), percentile([7], 95), percentile([], 50)] == [50, 95, 7, None]


def test_years_and_coverage(store: Store, reporter: Reporter) -> None:
    first, second = first_report(store), reporter.report()
    assert [(y.year, y.sources, nonzero(y.outcomes)) for y in first.years] == [
        ("2001", 2, {"captured": 2}),
        ("2016", 2, {"gone": 1, "error": 1}),
        (None, 3, {"captured": 1, "blocked": 1, "skipped": 1}),
    ]
    assert (first.coverage.events, first.coverage.whole) == (4, 1)
    assert [(e.title, e.kept, e.sources) for e in first.coverage.uncovered] == [("None", 0, 1)]
    assert [(e.date, e.kept, e.sources) for e in first.coverage.partly] == [(None, 1, 2), ("2016-05-21", 1, 3)]
    kept_before = {e.title: e.kept for e in (*second.coverage.partly, *second.coverage.uncovered)}
    assert kept_before["None"] == 0
    assert [e.kept for e in second.coverage.partly if e.date is None] == [1]  # F is gone now, and kept by the run before


def test_changes_since_the_last_time(store: Store, reporter: Reporter) -> None:
    assert nonzero(first_report(store).changes.counts) == {"new": 7}
    changes = reporter.report().changes
    assert changes.baseline is None
    assert nonzero(changes.counts) == {"same": 1, "text": 1, "back": 1, "still-failing": 1, "newly-gone": 1, "new": 2}
    assert [(r.url, r.kind, r.before, r.after) for r in changes.rows] == [
        (C, "back", "gone", "captured"),
        (F, "newly-gone", "captured", "gone"),
        (B, "text", "captured", "captured"),
    ]
    failure = next(f for f in reporter.report().failures if f.url == F)
    assert failure.last_good is not None


def test_texts_by_other_versions_are_not_called_changes(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "other"))
    first = tell_run(store, 1, [Told(A, text="One."), Told(B, text="Two."), Told(C, text="")])
    tell_run(
        store, 2, [Told(A, text="One, again.", version="2"), Told(B, text="Two.", version="2"), Told(C, text="", version="1")], before=first
    )
    with Reporter(store, "last") as reporter:
        assert nonzero(reporter.report().changes.counts) == {"not-compared": 1, "same": 2}


def test_a_run_beside_another(store: Store) -> None:
    with Reporter(store, "run-2", compare="run-1") as reporter:
        report = reporter.report()
    comparison = report.comparison
    assert comparison is not None
    assert (comparison.both, comparison.only_before, comparison.only_now) == (5, 2, 2)
    assert {before: nonzero(row) for before, row in comparison.moves.items() if any(row.values())} == {
        "captured": {"captured": 1, "unchanged": 1, "gone": 1},
        "gone": {"captured": 1},
        "error": {"error": 1},
    }
    assert report.changes.baseline == "run-1"
    assert nonzero(report.changes.counts) == {"same": 1, "text": 1, "back": 1, "still-failing": 1, "newly-gone": 1, "new": 2}
    assert "Side by side" in page(report)
    with pytest.raises(InputError, match="run itself"):
        Reporter(store, "run-1", compare="run-1")
    with pytest.raises(NotFound):
        Reporter(store, "run-9")


def test_the_page_is_well_formed_and_asks_for_nothing(reporter: Reporter) -> None:
    html = page(reporter.report())
    root = parsed(html)
    tags = {element.tag for element in root.iter()}
    assert not tags & {"script", "img", "iframe", "link", "object", "embed", "form", "input", "base"}
    assert "url(" not in html
    assert "@import" not in html
    for element in root.iter():
        assert not any(name.startswith("on") or name in {"src", "style", "action"} for name in element.attrib), element.attrib
        if element.tag == "a":
            assert re.match(r"https?://|#", element.attrib["href"])
    assert [h.text for h in root.iter("h2")] == [
        "1. The run in figures",
        "2. Outcomes",
        "3. What was not kept",
        "4. When, and how fast",
        "5. Hosts",
        "6. Events and their sources",
        "7. Link rot by year of the event",
        "8. Texts",
        "9. Changes",
        "10. Provenance",
    ]


def test_the_page_can_be_read_without_seeing_it(reporter: Reporter) -> None:
    root = parsed(page(reporter.report()))
    assert root.attrib["lang"] == "en"
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for table in root.iter("table"):
        assert table[0].tag == "caption"
        assert "".join(table[0].itertext())
        assert all(cell.attrib.get("scope") for cell in table.iter("th"))
        width = {len(row) for row in table.iter("tr")}
        assert len(width) == 1
    for plot in root.iter("svg"):
        assert (plot.attrib["role"], plot[0].tag, bool(plot[0].text)) == ("img", "title", True)
    for link in root.iter("a"):
        if link.attrib["href"].startswith("#"):
            assert link.attrib["href"][1:] in ids


def test_hostile_words_stay_words(reporter: Reporter) -> None:
    html = page(reporter.report())
    assert "<script" not in html
    assert "<img" not in html
    assert "\u202e" not in html
    shown = "".join(parsed(html).itertext())
    assert '<img src=x onerror="alert(1)">\ufffd & "so" ]]>' in shown
    assert "=cmd|' /C calc'!A0.md" in shown


def test_sources_as_a_table(reporter: Reporter, tmp_path: Path) -> None:
    reporter.report()
    write_sources(tmp_path / "s.csv", reporter.facts.sql, "run-2")
    raw = (tmp_path / "s.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(raw)))
    assert tuple(rows[0]) == COLUMNS
    assert {r["url"]: (r["outcome"], r["change"], r["event_year"], r["run"]) for r in rows} == {
        A: ("unchanged", "same", "2001", "run-2"),
        B: ("captured", "text", "2001", "run-2"),
        C: ("captured", "back", "2016", "run-2"),
        D: ("error", "still-failing", "2016", "run-2"),
        F: ("gone", "newly-gone", "", "run-2"),
        G: ("rescued", "new", "", "run-2"),
        NASTY: ("blocked", "new", "", "run-2"),
    }
    assert len(next(r for r in rows if r["url"] == A)["events"].split()) == 2


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "formulas"))
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"]
    tell_run(store, 1, [Told(f"{HOST}/{n}", title=title) for n, title in enumerate(titles)])
    with Reporter(store, "last") as reporter:
        reporter.report()
        write_sources(tmp_path / "s.csv", reporter.facts.sql, "run-1")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "s.csv").read_text(encoding="utf-8"))))
    assert [r["title"] for r in rows] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "plain"]


def test_the_same_archive_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    for name in ("one", "two"):
        with Reporter(store, "last", compare="run-1") as reporter:
            write_into(tmp_path / name, reporter.report(), reporter.facts, formats_of(None))
    files = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert files == ["report.html", "report.json", "sources.csv"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_files_beside_the_archive(store: Store, reporter: Reporter) -> None:
    keys = put_beside(store, reporter.report(), reporter.facts, formats_of("json, csv"))
    assert keys == ["runs/run-2/report.json", "runs/run-2/sources.csv"]
    assert json.loads(store.get(keys[0]))["run"]["run"] == "run-2"
    with pytest.raises(InputError, match="pdf"):
        formats_of("html,pdf")


def test_what_was_taken_down_is_not_shown(store: Store) -> None:
    captured = next(o.record_id for o in tell_run(store, 3, [Told(f"{HOST}/secret", title="A secret title")]).manifest.outcomes)
    with Reporter(store, "run-3") as reporter:
        reporter.report()
        title = reporter.facts.sql.execute("SELECT title FROM targets").fetchone()[0]
    assert title == "A secret title"
    take_down(store, plan((str(captured),), "withdrawn", "2026-01-01T00:00:00Z"))
    with Reporter(store, "run-3") as reporter:
        report = reporter.report()
        assert reporter.facts.sql.execute("SELECT title FROM targets").fetchone()[0] is None
    assert (report.sources, report.texts.documents) == (1, 0)


def test_a_documents_object_that_is_lost_is_said(store: Store) -> None:
    key = next(s.key for s in store.list("documents/"))
    for stat in list(store.list("documents/")):
        store.delete(stat.key)
    report = first_report(store)
    assert report.texts.documents == 0
    assert any("documents of segment" in why for why in report.unknown), key
    assert "Not known: " in page(report)


def test_golden_parts(store: Store) -> None:
    root = parsed(page(first_report(store)))
    sections = {s.attrib["aria-labelledby"]: [t for t in map(str.strip, s.itertext()) if t] for s in root.iter("section")}
    blank = "\N{NARROW NO-BREAK SPACE}"
    assert sections["outcomes"][1:] == [
        "Outcomes of 7 sources: captured 3, gone 1, blocked 1, error 1, skipped 1",
        *("captured", f"3 · 42.9{blank}%", "gone", f"1 · 14.3{blank}%", "blocked", f"1 · 14.3{blank}%"),
        *("error", f"1 · 14.3{blank}%", "skipped", f"1 · 14.3{blank}%", "What became of the 7 sources"),
        "Status codes of the last answers. A page that says it is gone, or asks for proof of humanity, may come with 200.",
        *("Code", "Meaning", "Sources", "Share", "200", "OK", "3", f"42.9{blank}%", "403", "Forbidden", "1", f"14.3{blank}%"),
        *("404", "Not Found", "1", f"14.3{blank}%", "–", "no answer, or not asked", "2", f"28.6{blank}%"),
        *("all", "7", f"100.0{blank}%"),
    ]
    years = sections["rot"]
    assert years[years.index("2016") : years.index("all")] == [
        *("2016", "2016: gone 1, error 1", "2", f"0.0{blank}%", f"0.0{blank}%", f"50.0{blank}%", f"0.0{blank}%", f"50.0{blank}%"),
        *("no date", "no date: captured 1, blocked 1, skipped 1", "3", f"33.3{blank}%", f"0.0{blank}%", f"0.0{blank}%"),
        *(f"33.3{blank}%", f"33.3{blank}%"),
    ]
    commands = " ".join(sections["failures"])
    assert "warcite recrawl --run run-1 --failed --store file:///" in commands
    assert "obey: RFC 9309" in sections["provenance"]
    assert "not recorded" in sections["provenance"]  # by an older version


def test_the_published_schema(store: Store, tmp_path: Path) -> None:
    for made in write_schemas(tmp_path):
        assert made.read_text(encoding="utf-8") == (ROOT / "docs" / "schema" / made.name).read_text(encoding="utf-8")
    schema = json.loads((ROOT / "docs" / "schema" / "report.schema.json").read_text(encoding="utf-8"))
    for compare in (None, "run-1"):
        with Reporter(store, "last", compare=compare) as reporter:
            document: Any = json.loads(json.dumps(asdict(reporter.report())))
        assert [e.message for e in Draft202012Validator(schema).iter_errors(document)] == []
