"""What a fixture page is expected to come to: every line of the page and its fate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement

from archive.urls import host_of
from pipelines.clean.page import parse_page
from pipelines.clean.reasons import Cut
from pipelines.sites.layout import SiteReading
from pipelines.sites.registry import read_site

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "sites"
_BLOCK_NAMES = """
address article aside blockquote body br button center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr label legend li main nav ol option p pre section select summary table tbody td tfoot th thead time tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNREAD = frozenset({"script", "style", "noscript", "template", "svg", "head"})

Line = tuple[str, str]
"""A fate and a text: ``text`` in the article, ``outside`` its containers, the reason of a cut, or ``open`` where rules say nothing."""


def read_fixture(page: bytes, url: str) -> tuple[HtmlElement, SiteReading | None]:
    tree = parse_page(page, "text/html; charset=utf-8").tree
    assert tree is not None
    return tree, read_site(host_of(url), tree)


def expectation(page: bytes, url: str) -> dict[str, Any]:
    """The rules' account of a page in the form of the golden files."""
    tree, reading = read_fixture(page, url)
    said = {name: getattr(reading, name, None) for name in ("title", "byline", "published", "modified")}
    return {
        "url": url,
        "layout": reading.name if reading else None,
        **said,
        "authors": list(reading.authors) if reading else [],
        "lines": [list(line) for line in lines_of(tree, reading)],
    }


def golden_text(expected: dict[str, Any]) -> str:
    """The golden file: JSON with one line of the page on one line of the file."""
    head = {name: value for name, value in expected.items() if name != "lines"}
    lines = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in expected["lines"])
    return json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "lines": [\n' + lines + "\n ]\n}\n"


def lines_of(tree: HtmlElement, reading: SiteReading | None) -> list[Line]:
    """The page's visible lines in order. A line ends where a block does, and where the article or a cut begins or ends."""
    body = frozenset(reading.body) if reading else frozenset()
    cut: Mapping[HtmlElement, Cut] = reading.cut if reading else {}
    starts = reading.starts if reading else {}
    lines: list[Line] = []
    loose: list[str] = []

    def flush(fate: str, element: HtmlElement | None = None) -> None:
        text = " ".join("".join(loose).split())
        loose.clear()
        reason, words = starts.get(element, ("", "")) if fate in ("text", "open") else ("", "")
        if words and text.startswith(words):
            lines.append((str(reason), words))
            text = text.removeprefix(words).lstrip()
        if text:
            lines.append((fate, text))

    def walk(element: HtmlElement, fate: str) -> None:
        if element.tag in _UNREAD:
            return
        own = str(cut[element]) if element in cut else "text" if element in body else fate
        breaks = element.tag in _BLOCKS or own != fate
        if breaks:
            flush(fate)
        loose.append(element.text or "")
        for child in element:
            walk(child, own)
            loose.append(child.tail or "")
        if breaks:
            flush(own, element)

    walk(tree, "outside" if body else "open")
    return lines
