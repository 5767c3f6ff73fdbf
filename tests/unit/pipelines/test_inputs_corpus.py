"""Real digests, lists and day pages, and every hostile sample, counted against independent readings."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from archive.model import Event, Problem
from archive.urls import host_of
from pipelines.inputs.read import read_inputs, read_url_lists
from tests.support.shared import shared

pytestmark = pytest.mark.corpus

SOURCE_LINE = re.compile(r"\d+\. \[(?!Cover Image\])[^\n]*\]\(https?://")


def read(path: Path) -> tuple[list[Event], list[Problem]]:
    found = list(read_inputs([str(path)]))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def cited(events: list[Event]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for event in events:
        counts[event.digest_file] += len(event.citations)
    return counts


@pytest.mark.parametrize("edition", ["en", "en-derived", "zh"])
def test_digests_against_numbered_lines(edition: str) -> None:
    folder = shared(f"corpus/digests/{edition}")
    events, problems = read(folder)
    assert problems == []
    counts = cited(events)
    for path in folder.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        section = re.split(r"^### (?:Related|有关):", text, maxsplit=1, flags=re.MULTILINE)[0]
        expected = sum(1 for line in section.split("\n") if SOURCE_LINE.match(line))
        assert counts[str(path)] == expected, path
        days = set(re.findall(r"^##+ \[(\d{4}-\d\d-\d\d?)\]", text, re.MULTILINE))
        dates = {event.date for event in events if event.digest_file == str(path)}
        assert {f"{day[:8]}{day[8:]:0>2}" for day in days} in ({*dates}, set()), path
    assert all(event.title and event.date for event in events)
    assert sum(counts.values()) > 0


def test_related_of_digests_against_numbered_lines() -> None:
    folder = shared("corpus/digests/en")
    for path in folder.rglob("*.md"):
        related = re.split(r"^### Related:", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[1:]
        expected = len(re.findall(r"^\d+\. \[", related[0], re.MULTILINE)) if related else 0
        assert sum(len(event.related) for event in read(path)[0]) == expected, path


def test_seed_page() -> None:
    path = shared("corpus/seeds/000_digest_page.txt")
    events, problems = read(path)
    assert problems == []
    (event,) = events
    assert event.date == "2016-05-21"
    assert [c.label for c in event.citations] == ["Huffington Post", "Reuters", "VOA News"]
    assert [host_of(c.url) for c in event.citations] == ["www.huffingtonpost.com", "www.reuters.com", "www.voanews.com"]
    assert len(event.related) == 10
    assert all(len(related.contexts) >= 3 for related in event.related)
    assert event.related[0].contexts == ("Russia", "Syria", "Syrian Civil War", "al-Qaeda")


def test_one_event_under_several_paths_has_one_id() -> None:
    pages = [
        path
        for path in shared("corpus/digests/en/news/2016/05/21").glob("*.md")
        if "pentagon-rejects" in path.name
    ]  # fmt: skip
    assert len(pages) == 2
    assert len({event.id for path in pages for event in read(path)[0]}) == 1


def test_day_pages_against_a_pattern() -> None:
    folder = shared("corpus/inputs/portal-wikitext")
    events, problems = read(folder)
    bad = Counter(Path(p.file).name for p in problems if p.problem.startswith("bad host"))
    assert {p.problem.split(":")[0] for p in problems} == {"bad host", "no event in it", "not valid UTF-8"}
    counts = cited(events)
    for path in folder.iterdir():
        text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8", errors="replace"), flags=re.DOTALL)
        # An address that follows a blank, a bracket or a template's `=`; those inside other addresses do not count.
        addresses = re.findall(r"(?:^|[\s\[.,]|\|\s*url\s*=\s*)https?://", text)
        assert counts[str(path)] + bad[path.name] == len(addresses), path
    assert all(event.date and event.title for event in events)
    assert len(events) > 600


def test_url_lists_against_their_rows() -> None:
    for path in shared("corpus/inputs/urllists").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            expected = [row["url"].strip() for row in csv.DictReader(stream)]
        events, problems = read(path)
        assert len(expected) == sum(cited(events).values()) + len(problems), path
        assert sum(1 for e in events for c in e.citations if c.url in set(expected)) > 0.95 * len(expected)


@pytest.mark.parametrize("folder", ["inputs", "hostile", "seeds", "pages"])
def test_no_sample_raises(folder: str) -> None:
    files = [path for path in shared(f"corpus/{folder}").rglob("*") if path.is_file() and path.stat().st_size < 4_000_000]
    assert files
    for path in files:
        for door in (read_inputs, read_url_lists):
            for item in door([str(path)]):
                if isinstance(item, Problem):
                    assert item.problem
                else:
                    assert all(c.url.startswith(("http://", "https://")) and host_of(c.url) for c in item.citations)
