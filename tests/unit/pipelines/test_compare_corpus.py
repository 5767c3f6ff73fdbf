"""Real pages, edited where they stand: the comparison names the edited paragraph, and an unchanged page is the same."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from archive.model import DocumentContext, OutcomeWord
from pipelines.compare import compare
from pipelines.extract import document_json, extract
from tests.support.shared import shared

pytestmark = pytest.mark.corpus

Row = dict[str, Any]

_PLAIN = re.compile(r"[^<>&\n]{60,400}[.!?]")
_INSERTED = " (officials have denied it)"


def pages(every: int) -> list[Row]:
    with (shared("corpus/pages") / "pages.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for n, line in enumerate(lines) if n % every == 0]


def document(url: str, body: bytes) -> Row:
    context = DocumentContext(url, url, "2026-11-21T00:00:00Z", OutcomeWord.CAPTURED, 200, "<urn:uuid:1>", None, 0, 1, "run")
    row: Row = json.loads(document_json(extract(body, "text/html; charset=utf-8", context)))
    return row


def edited(html: str, row: Row) -> tuple[str, str, str] | None:
    """The page with words put into a paragraph of its second half, and that paragraph before and after; None where there is none."""
    lines = [line for block in row["blocks"] if block["kind"] == "paragraph" for line in block["text"].split("\n")]
    for line in lines[len(lines) // 2 :]:
        if _PLAIN.fullmatch(line) and html.count(f">{line}<") == html.count(line) == 1:
            after = line[:-1].rstrip() + _INSERTED + line[-1]
            return html.replace(line, after), line, after
    return None


@pytest.mark.timeout(900)
def test_an_edited_paragraph_of_a_real_page_is_named_exactly() -> None:
    wrong, tried = [], 0
    for page in pages(every=24):
        body = gzip.decompress((shared("corpus/pages") / page["html"]).read_bytes())
        try:
            html = body.decode("utf-8")
        except UnicodeDecodeError:
            continue
        row = document(page["url"], body)
        assert compare(row, document(page["url"], body)).kind == "same"
        if (edit := edited(html, row)) is None:
            continue
        tried += 1
        found = compare(row, document(page["url"], edit[0].encode()))
        if (found.removed, found.added) != ((edit[1],), (edit[2],)):
            wrong.append((page["id"], found.removed, found.added))
    assert tried >= 15
    assert len(wrong) <= tried // 20, wrong


EDITED_BY_THEIR_PUBLISHERS = [("fundus-319e27a07763", "fundus-c1803b7ab55e"), ("fundus-e436f43190cc", "fundus-84515eb68f11")]
NOT_EDITED = [
    ("traf-bd158aafda3a", "htmldate-0ce1a5969f39"),
    ("traf-6577a41caecf", "htmldate-3463c2975280"),
    ("traf-58f75b36e285", "htmldate-7884544a7e68"),
    ("fundus-3ea6d9b5ddfb", "fundus-b85eaf01581a"),
    ("traf-4dad963b3eee", "htmldate-28cbbfaab931"),
]


@pytest.mark.parametrize(
    ("one", "other", "is_edited"), [(*p, True) for p in EDITED_BY_THEIR_PUBLISHERS] + [(*p, False) for p in NOT_EDITED]
)
def test_pages_that_were_saved_twice(one: str, other: str, is_edited: bool) -> None:
    by_id = {page["id"]: page for page in pages(every=1)}
    rows = []
    for name in (one, other):
        body = gzip.decompress((shared("corpus/pages") / by_id[name]["html"]).read_bytes())
        rows.append(document(by_id[name]["url"], body))
    found = compare(*rows)
    if is_edited:
        assert (found.kind, found.stealth) == ("text", False)
        assert len(found.added) == 3
        assert 3 <= len(found.removed) <= 4
    else:
        assert (found.added, found.removed) == ((), ())
