"""Where the bytes of a page come from: what a child reads before it extracts anything."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import DamageError, InputError
from pipelines.page_files import page_task
from pipelines.sources import MAX_BODY, read_body
from pipelines.tasks import RecordedResponse
from tests.support.saved_pages import answer, bomb, page

PAGE = page(1)


def saved(content: Path | bytes) -> bytes:
    body = read_body(page_task(content, "http://a.example/"))
    assert (body.content_type, body.flags) == (None, ())
    return body.data


def test_a_page_plain_gzipped_and_in_several_members(tmp_path: Path) -> None:
    twice = gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])
    for data in (PAGE, gzip.compress(PAGE), twice):
        (tmp_path / "x.html").write_bytes(data)  # the name says nothing
        assert saved(tmp_path / "x.html") == saved(data) == PAGE
    assert saved(b"") == b""


def test_a_recorded_response_has_its_codings_removed() -> None:
    block = answer(gzip.compress(PAGE), "text/html; charset=latin-1", "200 OK", "Content-Encoding: gzip")
    task = replace(page_task(b"", "http://a.example/"), source=RecordedResponse(block))
    body = read_body(task)
    assert (body.data, body.content_type, body.flags) == (PAGE, "text/html; charset=latin-1", ())
    assert task.size == len(block)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(PAGE)[:-30], "cut off"),
        (gzip.compress(PAGE)[:40] + b"\xff" * 60, "broken"),
        (b"\x1f\x8b but no gzip", "broken"),
        (bomb(MAX_BODY + 1), "too large"),
        (b" " * (MAX_BODY + 1), "too large"),
    ],
    ids=["cut", "broken", "no gzip", "bomb", "long"],  # of the bytes they would hold the clock's time, and differ between workers
)
def test_what_cannot_be_unpacked(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "x.html.gz").write_bytes(data)
    with pytest.raises(InputError, match=rf"x\.html\.gz.*{why}"):
        saved(tmp_path / "x.html.gz")
    with pytest.raises(InputError, match=why):
        saved(data)


def test_a_page_of_the_largest_size() -> None:
    assert len(saved(bomb(MAX_BODY))) == MAX_BODY


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, why in (
        (tmp_path, "not a file"),
        (tmp_path / "pipe", "not a file"),
        (Path("/dev/zero"), "not a file"),
        (tmp_path / "none", "No such file"),
        (tmp_path / ("x" * 300), "too long"),
        (Path("a\0b"), "not the name of a file"),
        (Path("a\ud800"), "not the name of a file"),
    ):
        with pytest.raises(InputError, match=why):
            saved(path)


def test_a_warc_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DamageError):
        read_body(replace(page_task(b"", "http://a.example/"), source=tmp_path / "none.warc.gz"))
