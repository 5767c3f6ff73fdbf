"""Real pages and real oddities that lie beside the checkout."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from archive.model import DocumentContext, OutcomeWord
from archive.schema import document_schema
from pipelines.extract import document_json, extract
from tests.support.shared import shared

pytestmark = pytest.mark.corpus
VALID = Draft202012Validator(document_schema())


def context(url: str) -> DocumentContext:
    return DocumentContext(url, url, "2026-11-21T00:00:00Z", OutcomeWord.CAPTURED, 200, "<urn:uuid:1>", None, 0, 1, "run")


def rows(every: int) -> list[dict[str, str]]:
    with (shared("corpus/pages") / "pages.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for n, line in enumerate(lines) if n % every == 0]


def test_no_annotated_page_is_taken_for_an_error_page() -> None:
    wrong = []
    for page in rows(every=6):
        body = gzip.decompress((shared("corpus/pages") / page["html"]).read_bytes())
        document = extract(body, "text/html", context(page["url"]))
        VALID.validate(json.loads(document_json(document)))
        if document.outcome != OutcomeWord.CAPTURED or "extraction-failed" in document.flags:
            wrong.append((page["id"], document.outcome, document.flags, document.title))
    assert wrong == []


def test_news_text_is_as_good_as_the_extractors() -> None:
    """Mean word-bag F1 of a sample of news articles; trafilatura alone has 0.94 to 0.96 on these sets."""
    sys.path.insert(0, str(shared("tools")))
    try:
        from text_metrics import bag1
    finally:
        sys.path.pop(0)
    for dataset, every, floor in (("aeb", 1, 0.95), ("fundus", 3, 0.92)):
        pages = [p for p in rows(every=1) if p["source_dataset"] == dataset and p["gold_text"]][::every]
        bodies = [gzip.decompress((shared("corpus/pages") / page["html"]).read_bytes()) for page in pages]
        texts = [extract(b, "text/html", context(p["url"])).text for b, p in zip(bodies, pages, strict=True)]
        assert sum(bag1(p["gold_text"], t)[2] for p, t in zip(pages, texts, strict=True)) / len(pages) > floor


@pytest.mark.parametrize("folder", ["html", "charset", "html5lib_tok", "xml", "image_fuzz", "strings"])
def test_hostile_files(folder: str) -> None:
    failed = []
    files: list[Path] = [p for p in sorted(shared(f"corpus/hostile/{folder}").rglob("*")) if p.is_file()]
    for path in files[:: max(1, len(files) // 60)]:
        document = extract(path.read_bytes(), "text/html", context("http://hostile.example/"))
        VALID.validate(json.loads(document_json(document)))
        if "extraction-failed" in document.flags:
            failed.append(path.name)
    assert files
    assert failed == []


def test_html5lib_tree_cases() -> None:
    cases = 0
    for path in sorted(shared("corpus/hostile/html5lib_tree").rglob("*.dat")):
        for case in path.read_bytes().split(b"#data\n")[1::2]:
            body = case.split(b"\n#errors", 1)[0]
            document = extract(body, "text/html", context("http://hostile.example/"))
            assert "extraction-failed" not in document.flags, body
            cases += 1
    assert cases > 300
