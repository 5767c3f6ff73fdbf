"""The record that says why a copy from a web archive is the cited page, and copies that are WARC records themselves."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import DamageError
from archive.model import DocumentContext, OutcomeWord, Rescue
from archive.times import now
from archive.warc.reader import iterate_records
from archive.warc.rescues import as_recorded, encode_rescue, read_rescue
from archive.warc.wrapped import unwrap
from pipelines.document import document_json, empty_document
from pipelines.rescued import with_rescue
from pipelines.sources import read_body
from pipelines.tasks import ExtractionTask, RecordedResponse
from tests.support.dead_web import page, record
from tests.support.exchanges import WARCINFO_ID, encode, exchange, record_ids, response, warcinfo

COPY = "http://web.archive.org/web/20160522101500id_/http://paper.example/2016/good"
URL = "http://paper.example/2016/good"


def written(rescue: Rescue, folder: Path) -> list[object]:
    new_id = record_ids()
    encoded = encode(exchange(COPY, response()), new_id)
    note = encode_rescue(URL, encoded.capture, rescue, at=now(), warcinfo_id=WARCINFO_ID, new_id=new_id, fields=[("outcome", "rescued")])
    file = folder / "x.warc.gz"
    file.write_bytes(warcinfo() + encoded.data + note)
    return [read_rescue(r) for r in iterate_records(file)] + [encoded.capture.record_id]


def test_a_rescue_is_read_back(tmp_path: Path) -> None:
    rescue = Rescue("web.archive.org", COPY, 0.9375, ("80 % of the title (+1.2)", "published 2 days from the cited date (+0.4)"))
    *records, record_id = written(rescue, tmp_path)
    assert [r for r in records if r] == [(record_id, rescue)]


@given(archive=st.text(max_size=20), why=st.lists(st.text(max_size=30), max_size=3), score=st.floats(0, 1))
def test_any_words_come_back_as_they_are_recorded(
    tmp_path_factory: pytest.TempPathFactory, archive: str, why: list[str], score: float
) -> None:
    rescue = as_recorded(Rescue(archive, COPY, score, tuple(why)))
    *records, record_id = written(rescue, tmp_path_factory.mktemp("warc"))
    assert [r for r in records if r] == [(record_id, rescue)]


def context(via: str) -> DocumentContext:
    return DocumentContext(URL, URL, "2016-05-24T02:03:04Z", OutcomeWord.RESCUED, 200, "<urn:uuid:0>", None, 0, 1, "run", via=via)


def test_a_document_says_where_it_is_from() -> None:
    line = document_json(empty_document(context("archive")))
    rescue = Rescue("web.archive.org", COPY, 0.5, ('"rescue": null', "é"))
    assert with_rescue(line, None) == line
    assert b'"rescue": {"archive": "web.archive.org", "memento": "' + COPY.encode() in with_rescue(line, rescue)
    assert with_rescue(line, rescue).count(b'\\"rescue\\": null') == 1


def test_a_record_in_an_answer() -> None:
    found = unwrap(record(URL), 1 << 20)
    assert (found.target_uri, found.type) == (URL, "response")
    answer = response(record(URL), "Content-Type: application/octet-stream", status="206 Partial Content")
    body = read_body(ExtractionTask(context("warc-copy"), RecordedResponse(answer)))
    assert (body.data, body.content_type) == (page(URL), "text/html")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "cut"),
        (b"no gzip member at all, but long enough", "not a gzip member"),
        (record(URL)[:-20], "cut"),
        (gzip.compress(b"no record"), "not a WARC record"),
        (gzip.compress(b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"), "not a response"),
        (gzip.compress(b"WARC/1.0\r\nContent-Length: 9\r\n\r\n\r\n\r\n"), "does not fit"),
    ],
    ids=["empty", "text", "cut", "other", "warcinfo", "short"],
)
def test_what_is_no_record(data: bytes, what: str) -> None:
    with pytest.raises(DamageError, match=what):
        unwrap(data, 1 << 20)


def test_a_bomb() -> None:
    with pytest.raises(DamageError, match="unpacks to more"):
        unwrap(gzip.compress(b"WARC/1.0\r\n" + bytes(1 << 22)), 1 << 20)


def test_a_copy_in_the_coding_it_was_captured_in() -> None:
    zipped = gzip.compress(page(URL))
    answer = response(zipped, "Content-Type: text/html", "X-Archive-Orig-Content-Encoding: gzip")
    assert read_body(ExtractionTask(context("archive"), RecordedResponse(answer))).data == page(URL)
    assert read_body(ExtractionTask(context("live"), RecordedResponse(answer))).data == zipped
