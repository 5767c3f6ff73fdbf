"""Real feeds, sitemaps, bookmarks, reference lists and wiki pages, counted against independent readings."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from pathlib import Path

import lxml.html
import mwparserfromhell
import pytest
from usp.tree import sitemap_from_str

from archive.model import Event, Problem
from pipelines.inputs.read import InputReader, read_inputs
from tests.support.shared import shared

pytestmark = pytest.mark.corpus


def read(path: Path) -> tuple[list[Event], list[Problem]]:
    found = list(read_inputs([str(path)]))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def test_feeds_against_their_items() -> None:
    for path in sorted(shared("corpus/inputs/feeds").glob("*.*")):
        text = path.read_text(encoding="utf-8")
        expected = len(re.findall(r"<(?:item|entry)[ >]", text))
        events, problems = read(path)
        assert problems == [], path
        assert len(events) == expected, path
        assert all(len(e.citations) == 1 and e.title for e in events)
        lines = text.split("\n")
        for citation in (c for e in events for c in e.citations):
            assert re.search(r"https?://|<link|<guid|href=", lines[citation.line - 1]), (path, citation.line)


def test_feeds_in_every_charset() -> None:
    """No sample is taken for something else, and what is wrong with it is said."""
    for path in shared("corpus/inputs/feeds/feedparser-encoding").iterdir():
        events, problems = read(path)
        assert events or problems
        assert not any(problem.line == 0 for problem in problems), path


def test_sitemaps_against_ultimate_sitemap_parser(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    for path in sorted(shared("corpus/inputs/sitemaps").glob("*.xml")):
        reader = InputReader(follows=True)
        events = [item for item in reader.read(str(path)) if isinstance(item, Event)]
        theirs = sitemap_from_str(path.read_text(encoding="utf-8"))
        ours = {c.url for e in events for c in e.citations}
        assert {page.url.strip() for page in theirs.all_pages()} <= ours | {url.rstrip("/") for url in ours}, path
        if path.name != "trafilatura-sitemap-hreflang.xml":  # urlset and sitemap in one: they read the pages only
            assert [further.url for further in reader.further] == [sub.url for sub in theirs.sub_sitemaps], path


def test_packed_sitemaps() -> None:
    for path in shared("corpus/inputs/sitemaps").glob("*.xml.gz"):
        assert [len(e.citations) for e in read(path)[0]] == [len(e.citations) for e in read(path.with_suffix(""))[0]]


def test_bookmarks_against_lxml() -> None:
    for path in sorted(shared("corpus/inputs/bookmarks").iterdir()):
        if path.stat().st_size == 0:
            continue
        anchors = lxml.html.fromstring(path.read_text(encoding="utf-8-sig")).xpath("//a[@href]")
        events, problems = read(path)
        private = [a for a in anchors if a.get("private") == "1"]
        public = [a for a in anchors if a.get("private") != "1" and re.match(r"https?:", a.get("href"))]
        assert sorted(c.url.rstrip("/") for e in events for c in e.citations) == sorted(a.get("href").rstrip("/") for a in public), path
        assert sum(p.problem.startswith("marked as private") for p in problems) == len(private), path
        titles = {" ".join(a.text_content().split()) for a in public}
        assert {e.title for e in events} <= titles | {c.url for e in events for c in e.citations}, path


def test_bibtex() -> None:
    folder = shared("corpus/inputs/bibtex")
    assert len(read(folder / "xampl.bib")[0]) == 36
    assert [e.title for e in read(folder / "gbk_test.bib")[0]] == ["Test Title"]


def test_csl_against_the_json_module() -> None:
    paths = sorted(shared("corpus/inputs/csl-json").glob("*.json"))
    assert len(paths) >= 20
    for path in paths:
        items = json.loads(path.read_text(encoding="utf-8"))
        events, problems = read(path)
        assert problems == [], path
        assert len(events) == len(items), path
        lines = path.read_text(encoding="utf-8").split("\n")
        assert all('"URL"' in lines[c.line - 1] for e in events for c in e.citations), path
        assert sum(len(e.citations) for e in events) == sum("URL" in item for item in items), path


def test_articles_in_wikitext_against_mwparserfromhell() -> None:
    path = shared("corpus/inputs/wikipedia-wikitext/United-Kingdom.wiki")
    tree = mwparserfromhell.parse(path.read_text(encoding="utf-8"))
    cites = [template for template in tree.filter_templates() if re.match(r"\s*cit(?:e|ation)", str(template.name), re.IGNORECASE)]
    having: Counter[str] = Counter()
    for cite in cites:
        for name, aliases in {"url": ["url"], "archive": ["archiveurl", "archive-url"]}.items():
            having[name] += any(cite.has(alias, ignore_empty=True) for alias in aliases)
    assert (len(cites), having["url"], having["archive"]) == (510, 466, 115)
    (event,) = read(path)[0]
    urls = {c.url for c in event.citations}
    assert len(event.citations) >= 466
    assert sum(1 for c in event.citations if c.archive_url) >= 115
    written = {str(c.get("url").value).strip() for c in cites if c.has("url", ignore_empty=True)}
    assert len(written & urls) > 0.98 * len(written)


def test_articles_in_html_against_their_links() -> None:
    archived = 0
    for path in sorted(shared("corpus/inputs/wikipedia-html").glob("*.html")):
        root = lxml.html.fromstring(path.read_bytes())
        (event,) = read(path)[0]
        lists = root.xpath("//ol[contains(concat(' ', @class, ' '), ' references ')]//cite//a[contains(@class, 'external')][1]/@href")
        assert len(event.citations) >= len(set(lists)) * 0.9, path
        copies = {href for href in root.xpath("//cite//a[contains(@class, 'external')]/@href") if "//web.archive.org/web/" in href}
        assert {c.archive_url for c in event.citations if c.archive_url} == copies, path
        archived += len(copies)
    assert archived == 54  # of 55 in the pages: one is no reference


def test_current_events_in_html() -> None:
    events, problems = read(shared("corpus/inputs/portal-html/2025_February_16.fragment.html"))
    assert problems == []
    assert [(e.date, len(e.citations), e.topics[0]) for e in events] == [
        ("2025-02-16", 1, "Armed conflicts and attacks"),
        ("2025-02-16", 1, "Armed conflicts and attacks"),
        ("2025-02-16", 2, "International relations"),
    ]
    assert [c.label for e in events for c in e.citations] == ["Al Jazeera", "BBC News", "AP", "Kommersant"]


def test_wikinews_table() -> None:
    (event,) = read(shared("corpus/inputs/wikinews/wikinews_2019.csv"))[0]
    assert len(event.citations) == 171
