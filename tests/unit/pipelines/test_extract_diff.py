"""Two documents of one page, compared; a document shown for reading."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.document_diff import SCHEMA, compare_rows, diff_json, diff_lines
from pipelines.extract import document_json, extract
from pipelines.page_files import page_task
from pipelines.readable import shown
from tests.support.saved_pages import page

Row = dict[str, Any]


def row(extra: str = "", **changes: Any) -> Row:
    document: Row = json.loads(document_json(extract(page(1, extra), None, page_task(b"", "http://herald.example/1").context)))
    return document | changes


def paragraph(text: str) -> Row:
    return {"kind": "paragraph", "text": text}


def test_same_unless_what_is_said_differs() -> None:
    assert compare_rows(row(), row()).status == "same"
    assert compare_rows(row(), row(extractor_version="0", extractor_settings="x", extractor="y")).status == "same"
    assert compare_rows(None, row()).status == "new"
    assert compare_rows(row(), None).status == "missing"
    assert compare_rows(row(), row(flags=["thin"])).fields == {"flags": {"stored": [], "now": ["thin"]}}
    assert "license" in compare_rows({k: v for k, v in row(license="CC0").items() if k != "license"}, row(license="CC0")).fields


def test_a_block_is_a_line_of_the_diff() -> None:
    stored = row(blocks=[paragraph("One."), paragraph("Sign in."), paragraph("Two.\nlines")], title="Old")
    found = compare_rows(stored, row(blocks=[paragraph("One."), paragraph("Two.\nlines"), paragraph("Three.")], title="New"))
    assert found.blocks == (
        *("--- stored", "+++ now", "@@ -1,3 +1,3 @@"),
        *(" paragraph: One.", "-paragraph: Sign in.", " paragraph: Two. ⏎ lines", "+paragraph: Three."),
    )
    assert found.fields == {"title": {"stored": "Old", "now": "New"}, "blocks": {"stored": 3, "now": 3}}
    assert '  title: "Old" -> "New"' in list(found.shown())


def test_for_people_only_the_differences_and_a_count_that_sums() -> None:
    found = [compare_rows(row(), row()), compare_rows(None, row()), compare_rows(row(), row(title="x"))]
    lines = list(diff_lines(found))
    assert [line.split()[0] for line in lines if "http://" in line] == ["new", "changed"]
    assert lines[-1] == "3 documents: 1 same, 1 changed, 1 new, 0 missing"
    assert list(diff_lines([])) == ["0 documents: 0 same, 0 changed, 0 new, 0 missing"]


def test_for_programs_every_document() -> None:
    found = [compare_rows(row(), row()), compare_rows(row(), None)]
    written = json.loads("".join(diff_json(found, "file:///a")))
    assert (written["schema"], written["store"]) == (SCHEMA, "file:///a")
    assert [d["status"] for d in written["documents"]] == ["same", "missing"]
    assert written["counts"] == {"same": 1, "changed": 0, "new": 0, "missing": 1}
    assert json.loads("".join(diff_json([], "x")))["documents"] == []


def test_documents_of_very_many_blocks_do_not_hang() -> None:
    many = [paragraph(f"{n * 7919 % 101}") for n in range(20_000)]
    assert len(compare_rows(row(blocks=many), row(blocks=many[::-1])).blocks) == 40_003  # not aligned, which would take minutes


@pytest.mark.parametrize("value", [None, 7, "x", ["x", None], [[]], {"kind": 1}, [{"kind": None}], [{"text": ["x"]}]])
def test_rows_that_somebody_edited_do_not_break_it(value: Any) -> None:
    for stored in ({"blocks": value, "warc_record_id": value}, {"removed": value, "text": value}):
        found = compare_rows(stored, row())
        assert found.status == "changed"
        json.dumps(found.as_json())
        assert list(found.shown())


def test_reading_a_document() -> None:
    cuts = [{"reason": reason, "text": "x", "at": 0} for reason in ("share", "donation", "share")]
    comment = {"author": None, "date": None, "text": "First!", "depth": 0, "about": "this"}
    lines = list(shown(row(removed=cuts, comments=[comment], flags=["thin"])))
    assert lines[:3] == ["Ferry runs again, trip 1", "Island Herald · Ada Holm · 2016-05-02", ""]
    assert "The ferry to the northern islands ran again" in lines[3]
    assert lines[-3:] == ["removed: 3 blocks (share 2, donation 1)", "comments: 1", "flags: thin"]


def test_reading_a_document_of_nothing() -> None:
    bare = row(title=None, authors=[], byline=None, site_name=None, date_published=None, text="", text_outcome="none")
    assert list(shown(bare))[:3] == ["http://herald.example/1", "", "(no text: none)"]
