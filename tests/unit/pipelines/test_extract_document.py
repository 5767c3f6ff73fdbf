from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import pipelines.extract
from archive.digests import sha256_hex
from archive.model import Document, DocumentCitation, DocumentContext, OutcomeWord, Reason
from archive.schema import document_schema, write_schemas
from pipelines.document import EXTRACTOR, extractor_version
from pipelines.extract import document_json, empty_document, examine, extract

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "tests" / "fixtures" / "pages"
CONTEXT = DocumentContext(
    url="http://news.lisse.co.uk/a",
    final_url="https://news.lisse.co.uk/2016/05/harbour-opens.html",
    captured_at="2016-05-24T12:00:00.123456Z",
    outcome=OutcomeWord.CAPTURED,
    http_status=200,
    warc_record_id="<urn:uuid:1>",
    payload_digest="sha1:AAAA",
    warc_offset=7,
    warc_length=9,
    run="run-1",
    citations=(DocumentCitation("2016-05-21-abc", "2016-05-21", "Harbour\u2028opens", None, "day.md", "The Lisse Courier", 1),),
)
VALID = Draft202012Validator(document_schema())


def row(document: Document) -> dict[str, object]:
    """The document as written, checked against the published schema."""
    line = document_json(document)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    written: dict[str, object] = json.loads(line)
    VALID.validate(written)
    assert list(written) == [f.name for f in fields(Document)]
    return written


def test_an_article() -> None:
    document = extract((PAGES / "article.html").read_bytes(), "text/html; charset=UTF-8", CONTEXT)
    written = row(document)
    assert written["title"] == "Harbour of Lisse opens after nine years"
    assert (document.host, document.content_type, document.charset) == ("lisse.co.uk", "text/html", "utf-8")
    assert (document.outcome, document.text_outcome, document.flags) == ("captured", "ok", ())
    assert (document.extractor, document.extractor_version) == (EXTRACTOR, extractor_version())
    kinds = [b.kind for b in document.blocks]
    assert {"heading", "paragraph", "quote", "list", "table"} <= set(kinds)
    assert "Year | Cost in millions\n2007 | 41" in document.text
    assert document.text.count("The first ship entered the new harbour of Lisse at dawn") == 1
    for stray in ("Most read", "Tulip prices", "All rights reserved", "Sport", "var x", "color"):
        assert stray not in document.text
    assert document.text == "\n".join(b.text for b in document.blocks)
    assert (document.chars, document.text_sha256) == (len(document.text), sha256_hex(document.text.encode()))


def test_the_same_bytes_give_the_same_line() -> None:
    body = (PAGES / "bare.html").read_bytes()
    first = document_json(extract(body, "text/html", CONTEXT))
    extract((PAGES / "article.html").read_bytes(), "text/html", CONTEXT)
    assert document_json(extract(body, "text/html", CONTEXT)) == first


def test_the_id_is_of_the_capture_not_of_the_text() -> None:
    one, other = extract(b"<p>a</p>", "text/html", CONTEXT), extract(b"<p>b</p>", "text/html", CONTEXT)
    named = "http://news.lisse.co.uk/a\n2016-05-24T12:00:00.123456Z\nsha1:AAAA"
    assert one.id == other.id == sha256_hex(named.encode())[:32]
    assert extract(b"<p>a</p>", "text/html", replace(CONTEXT, payload_digest=None)).id != one.id


@pytest.mark.parametrize(
    ("body", "content_type", "text_outcome"),
    [
        (b"%PDF-1.4\n%\xe2\xe3", "application/pdf", "not-html"),
        (b"\x89PNG\r\n\x1a\n....", "text/html", "not-html"),
        (b"PK\x03\x04....", None, "not-html"),
        (b'{"a": 1}', "application/json", "not-html"),
        (b"", None, "not-html"),
        (b"", "text/html", "none"),
        (b"Dear reader,\n\nthe harbour is open.", "text/plain; charset=utf-8", "thin"),
    ],
)
def test_bodies_of_all_kinds(body: bytes, content_type: str | None, text_outcome: str) -> None:
    document = extract(body, content_type, CONTEXT)
    assert row(document)["text_outcome"] == text_outcome
    assert document.outcome == OutcomeWord.CAPTURED
    assert [b.text for b in document.blocks] == (["Dear reader,", "the harbour is open."] if text_outcome == "thin" else [])


def test_a_page_that_is_not_there() -> None:
    body = b"<title>Page not found | The Lisse Courier</title><h1>Page not found</h1><p>Try our front page or the search above.</p>"
    found = examine(body, "text/html", CONTEXT)
    assert (found.document.outcome, found.reason, found.document.flags) == ("gone", Reason.SOFT_404, ("soft404",))
    row(found.document)


_PARKED = b"<title>lisse-courier.example</title><body><h1>lisse-courier.example</h1><p>This domain is for sale. Buy this domain today.</p>"
_WALL = (
    b"<title>Before you continue</title><body><h1>Your privacy choices</h1><p>We and our 712 partners use cookies and similar means"
    b" to store and access information on a device.</p><button>Accept all</button><button>Manage consent</button>"
)


@pytest.mark.parametrize(
    ("body", "outcome", "reason", "flag"),
    [
        (_PARKED, "gone", Reason.PARKED, "parked"),
        (_WALL, "blocked", Reason.CONSENT, "consent"),
    ],
)
def test_a_page_that_stands_where_the_article_should(body: bytes, outcome: str, reason: Reason, flag: str) -> None:
    found = examine(body, "text/html", CONTEXT)
    assert (found.document.outcome, found.reason, flag in found.document.flags) == (outcome, reason, True)
    refused = examine(body, "text/html", replace(CONTEXT, outcome=OutcomeWord.ERROR), Reason.TRUNCATED)
    assert (refused.document.outcome, refused.reason) == ("error", Reason.TRUNCATED)
    row(found.document)


def test_the_kind_of_page_and_the_language_of_its_text() -> None:
    document = extract((PAGES / "article.html").read_bytes(), "text/html", CONTEXT)
    assert (document.page_type, document.language is not None) == ("article", True)
    assert 0 < (document.language_score or 0) <= 1


def test_the_fetchs_reason_and_flags_stand() -> None:
    cut = replace(CONTEXT, outcome=OutcomeWord.ERROR)
    found = examine((PAGES / "article.html").read_bytes(), "text/html", cut, Reason.TRUNCATED, ("truncated-body",))
    assert (found.document.outcome, found.reason, found.document.flags) == ("error", Reason.TRUNCATED, ("truncated-body",))
    assert found.document.text_outcome == "ok"


@pytest.mark.parametrize(("fault", "flags"), [(RecursionError, ()), (ValueError, ()), (MemoryError, ("memory",)), (AssertionError, ())])
def test_a_failing_parser_costs_the_text_only(monkeypatch: pytest.MonkeyPatch, fault: type[Exception], flags: tuple[str, ...]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(pipelines.extract, "read_article", fail)
    document = extract((PAGES / "article.html").read_bytes(), "text/html", CONTEXT)
    assert document == empty_document(CONTEXT, ("extraction-failed", *flags))
    row(document)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 20_000 + b"text",
        b"<b><i>" * 20_000 + b"text",
        b"<table><tr><td>" * 300 + b"text",
        b"<svg><title>x</title></svg><frameset><frame>",
        b"<math><annotation encoding='application/x-tex'>x</annotation></math>",
        b"<html><body><p>" + b"\xed\xa0\x80" * 30 + b"</p>",
        b"<title>\x1b]0;owned\x07</title><p>\xe2\x80\xaetxt",
    ],
)
def test_odd_markup(body: bytes) -> None:
    line = document_json(extract(body, "text/html", CONTEXT))
    assert b"\x1b" not in line
    VALID.validate(json.loads(line))


@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/plain", None, "image/png", "\x00"]))
def test_any_bytes_make_a_valid_row(body: bytes, content_type: str | None) -> None:
    row(extract(body, content_type, CONTEXT))


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div class=x>", "<ul><li>", "<table>", "<td>", "word ", "&#0;", "<br>", "<!--", "\x00", "<h1>", "<a href=x>"]
        )
    )
)
def test_any_soup_of_tags_makes_a_valid_row(parts: list[str]) -> None:
    document = extract("".join(parts).encode(), "text/html", CONTEXT)
    assert "extraction-failed" not in document.flags
    row(document)


def test_words_from_outside_cannot_break_the_line() -> None:
    odd = replace(CONTEXT, run="\ud800", citations=(replace(CONTEXT.citations[0], event_title='\ud800"\n\x1b'),))
    assert row(empty_document(odd))["run"] == "?"


def test_the_published_schema_is_the_models(tmp_path: Path) -> None:
    for made in write_schemas(tmp_path):
        assert made.read_bytes() == (ROOT / "docs" / "schema" / made.name).read_bytes()
    Draft202012Validator.check_schema(document_schema())
    written = json.loads(document_json(empty_document(CONTEXT)))
    for key in written:
        assert not VALID.is_valid({k: v for k, v in written.items() if k != key}), key
    assert not VALID.is_valid({**written, "more": 1})
