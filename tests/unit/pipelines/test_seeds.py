"""The five texts that the project started from: pages laid out as theirs were, and every leftover of theirs on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archive.model import Document, DocumentContext, OutcomeWord
from pipelines.extract import extract

SEEDS = Path(__file__).resolve().parents[2] / "fixtures" / "seeds"


class Seed(NamedTuple):
    document: Document
    text: list[str]
    said: dict[str, Any]


@pytest.fixture(params=sorted(SEEDS.glob("*.html")), ids=lambda p: p.stem)
def seed(request: pytest.FixtureRequest) -> Seed:
    page: Path = request.param
    said = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    context = DocumentContext(
        url=said["url"],
        final_url=said["url"],
        captured_at="2024-11-06T12:00:00Z",
        outcome=OutcomeWord.CAPTURED,
        http_status=200,
        warc_record_id="<urn:uuid:1>",
        payload_digest=None,
        warc_offset=0,
        warc_length=1,
        run="run-1",
    )
    document = extract(page.read_bytes(), "text/html; charset=utf-8", context)
    return Seed(document, page.with_suffix(".txt").read_text(encoding="utf-8").splitlines(), said)


def folded(text: str) -> str:
    return " ".join(text.split())


def test_the_text_is_the_article_and_nothing_else(seed: Seed) -> None:
    assert [folded(line) for line in seed.document.text.splitlines()] == seed.text


def test_no_sentence_of_the_article_is_missing(seed: Seed) -> None:
    text = folded(seed.document.text)
    assert [line for line in seed.text if line not in text] == []


def test_no_leftover_is_in_the_text(seed: Seed) -> None:
    text = folded(seed.document.text)
    assert [phrase for phrases in seed.said["leftovers"].values() for phrase in phrases if phrase in text] == []


def test_every_leftover_is_explained(seed: Seed) -> None:
    """Each is in ``removed`` with its reason, and what readers wrote may be among the comments instead."""
    removed = {(r.reason, folded(r.text)) for r in seed.document.removed}
    written = [folded(f"{c.author} said {c.text}") for c in seed.document.comments]
    for reason, phrases in seed.said["leftovers"].items():
        for phrase in phrases:
            explained = any(reason == why and phrase in text for why, text in removed)
            assert explained or (reason == "comment" and any(phrase in text for text in written)), (reason, phrase)


def test_comments_are_data(seed: Seed) -> None:
    found = {(c.author, folded(c.text)[:40], c.about) for c in seed.document.comments}
    assert found == {(c["author"], c["text"][:40], c["about"]) for c in seed.said["comments"]}


def test_the_title_is_the_articles(seed: Seed) -> None:
    assert (seed.document.title or "").rstrip(".") == seed.said["title"]


def test_authors_and_date(seed: Seed) -> None:
    assert seed.document.authors == tuple(seed.said["authors"])
    assert (seed.document.date_published or "")[:10] == seed.said["date"]
