"""WARC files of other programs, read for their responses."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from backports import zstd

from archive.errors import DamageError
from archive.warc.foreign import is_warc, iterate_responses
from archive.warc.reader import Record
from tests.support.saved_pages import answer, foreign_record

URLS = [f"http://a.example/{n}" for n in range(3)]
RECORDS = [
    foreign_record("warcinfo", "", b"software: other\r\n", 1),
    foreign_record("request", URLS[0], b"GET /0 HTTP/1.1\r\n\r\n", 2),
    foreign_record("response", URLS[0], answer(b"<p>zero</p>"), 3),
    foreign_record("revisit", URLS[0], b"HTTP/1.1 200 OK\r\n\r\n", 4),
    foreign_record("response", f"<{URLS[1]}>", answer(b"<p>one</p>" * 500), 5),
    foreign_record("metadata", URLS[1], b"outlink: x\r\n", 6),
    foreign_record("response", URLS[2], answer(b"<p>two</p>"), 7),
]
PACKED = [gzip.compress(record, mtime=0) for record in RECORDS]


def read(path: Path, max_block: int = 1 << 20) -> tuple[list[Record], list[tuple[int, str]]]:
    passed: list[tuple[int, str]] = []
    return list(iterate_responses(path, max_block, lambda offset, why: passed.append((offset, why)))), passed


@pytest.mark.parametrize(
    "data",
    [b"".join(RECORDS), b"".join(PACKED), gzip.compress(b"".join(RECORDS), mtime=0), b"".join(zstd.compress(r) for r in RECORDS)],
    ids=["plain", "gzip", "one gzip member", "zstd"],
)
def test_every_response_in_order(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    records, passed = read(tmp_path / "x")
    assert [r.target_uri for r in records] == URLS
    assert records[1].block == answer(b"<p>one</p>" * 500)
    assert passed == []


def test_a_record_is_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"".join(PACKED))
    records, _ = read(tmp_path / "x")
    for record, at in zip(records, (2, 4, 6), strict=True):
        assert (record.offset, record.length) == (sum(map(len, PACKED[:at])), len(PACKED[at]))


def test_what_is_too_large_is_named_and_never_held(tmp_path: Path) -> None:
    size = 64 << 20
    with gzip.open(tmp_path / "x", "wb", 1) as file:
        file.write(RECORDS[2])
        file.write(f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(64):
            file.write(bytes(1 << 20))
        file.write(b"\r\n\r\n" + RECORDS[6])
    tracemalloc.start()
    records, passed = read(tmp_path / "x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [r.target_uri for r in records] == [URLS[0], URLS[2]]
    assert [why for _, why in passed] == [f"a response of {size} bytes: too large for a page"]
    assert peak < 8 << 20


@pytest.mark.parametrize("cut", [2, 20, len(PACKED[6]) - 4])
def test_a_file_that_was_cut_is_told_after_what_came_before(tmp_path: Path, cut: int) -> None:
    (tmp_path / "x").write_bytes(b"".join(PACKED)[:-cut])
    found = []
    with pytest.raises(DamageError, match="x"):  # noqa: PT012  # what is yielded before counts
        for record in iterate_responses(tmp_path / "x", 1 << 20, lambda *_: None):
            found.append(record.target_uri)
    assert found[:2] == URLS[:2]


def test_no_warc_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"<html>" * 100)
    for name in ("x", "y"):
        with pytest.raises(DamageError, match=name):
            read(tmp_path / name)


def test_told_by_its_first_bytes() -> None:
    assert is_warc(RECORDS[0])
    assert is_warc(zstd.compress(RECORDS[0]))
    assert is_warc(b"\x5d\x2a\x4d\x18")
    assert not is_warc(b"<html>WARC/1.0")
    assert not is_warc(b"")
