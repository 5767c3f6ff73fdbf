"""The rules on real pages of their publishers, where the shared corpus lies beside the checkout."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from statistics import mean

import pytest

from pipelines.clean.page import parse_page
from pipelines.sites.registry import publisher_of, read_site
from pipelines.sites.text import texts
from tests.support.shared import shared

_WORD = re.compile(r"\w+")


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


@pytest.mark.corpus
def test_bodies_less_cuts_are_the_articles() -> None:
    pages = shared("corpus/pages")
    scores: list[float] = []
    for line in (pages / "pages.jsonl").read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        if publisher_of(row["host"]) is None or not row["gold_text"] or (row["page_type"] or "article") != "article":
            continue
        tree = parse_page(gzip.decompress((pages / row["html"]).read_bytes()), None).tree
        reading = read_site(row["host"], tree) if tree is not None else None
        if reading is None or not reading.body:
            continue
        got = words(" ".join("".join(texts(container, reading.cut)) for container in reading.body))
        gold = words(row["gold_text"])
        shared_words = sum((got & gold).values())
        scores.append(2 * shared_words / (sum(got.values()) + sum(gold.values())))
    assert len(scores) >= 34
    assert mean(scores) >= 0.985
    assert min(scores) >= 0.9
