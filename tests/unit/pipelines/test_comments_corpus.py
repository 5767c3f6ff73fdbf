"""Real pages: what is found of annotated comments, and what of the articles is lost."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from typing import Any

import pytest
from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.comments import read_comments
from pipelines.clean.page import parse_page
from tests.support.shared import shared

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(600)]
_WORD = re.compile(r"\w+")


def rows() -> list[dict[str, Any]]:
    with (shared("corpus/pages") / "pages.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tree_of(row: dict[str, Any]) -> HtmlElement:
    return parse_page(gzip.decompress((shared("corpus/pages") / row["html"]).read_bytes()), None).tree


def folded(text: str) -> str:
    return " ".join(text.split())


def parted(tree: HtmlElement, containers: tuple[HtmlElement, ...]) -> tuple[str, str]:
    """The page's text outside and inside the containers."""
    cut, depth = set(containers), 0
    outside: list[str] = []
    inside: list[str] = []
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        hidden = element.tag in ("script", "style", "template", "head")
        if event == "start":
            if hidden:
                walker.skip_subtree()
                continue
            depth += element in cut
            text = element.text
        else:
            depth -= element in cut
            text = element.tail
        (inside if depth else outside).append(text or "")
    return folded(" ".join(outside)), folded(" ".join(inside))


def test_annotated_comments_are_found_and_cut() -> None:
    present = found = left = 0
    for row in rows():
        if not row["comments"]:
            continue
        tree = tree_of(row)
        reading = read_comments(tree, row["url"])
        outside, inside = parted(tree, reading.containers)
        texts = folded("\n".join(comment.text for comment in reading.comments))
        for snippet in map(folded, row["comments"]):
            if snippet in outside or snippet in inside:
                present += 1
                found += snippet in texts
                left += snippet in outside and not reading.forum
    assert found >= 0.93 * present
    assert left <= 0.04 * present


def test_articles_lose_nothing() -> None:
    gold_words = lost_words = 0
    robbed = []
    for row in rows():
        if not row["gold_text"] or row["page_type"] not in (None, "article"):
            continue
        tree = tree_of(row)
        reading = read_comments(tree, row["url"])
        if not reading.containers:
            continue
        outside, inside = (Counter(_WORD.findall(text.lower())) for text in parted(tree, reading.containers))
        gold = Counter(_WORD.findall(row["gold_text"].lower()))
        lost = sum(((gold & (outside + inside)) - outside).values())
        gold_words += sum(gold.values())
        lost_words += lost
        if lost > 0.02 * sum(gold.values()) and "comments on “" not in row["gold_text"]:  # one page's gold has its comments
            robbed.append((row["id"], lost))
    assert robbed == []
    assert lost_words <= 0.001 * gold_words


def test_forums_are_told_from_articles() -> None:
    forums, others = [], []
    for row in rows():
        if row["page_type"] not in ("article", "forum"):
            continue
        (forums if row["page_type"] == "forum" else others).append(read_comments(tree_of(row), row["url"]).forum)
    assert sum(forums) >= 0.85 * len(forums)
    assert sum(others) == 0
