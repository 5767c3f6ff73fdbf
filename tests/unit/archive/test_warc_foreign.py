"""WARC files of other programs, read for their responses."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from backports import zstd

from archive.warc.foreign import is_warc, iterate_captures
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


def read(path: Path, max_block: int = 1 << 20) -> tuple[list[Record], list[str], list[str]]:
    """The responses, what was passed over, and what is damaged."""
    passed: list[str] = []
    damages: list[str] = []
    said = iterate_captures(
        path, {"response"}, max_block, lambda _, why: passed.append(why), lambda at, why: damages.append(f"{at}: {why}")
    )
    return list(said), passed, damages


@pytest.mark.parametrize(
    "data",
    [b"".join(RECORDS), b"".join(PACKED), gzip.compress(b"".join(RECORDS), mtime=0), b"".join(zstd.compress(r) for r in RECORDS)],
    ids=["plain", "gzip", "one gzip member", "zstd"],
)
def test_every_response_in_order(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    records, passed, damages = read(tmp_path / "x")
    assert [r.target_uri for r in records] == URLS
    assert records[1].block == answer(b"<p>one</p>" * 500)
    assert passed == damages == []


def test_a_record_is_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"".join(PACKED))
    records, _, _ = read(tmp_path / "x")
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
    records, passed, _ = read(tmp_path / "x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [r.target_uri for r in records] == [URLS[0], URLS[2]]
    assert passed == [f"more than 1 MB: {size} bytes"]
    assert peak < 8 << 20


@pytest.mark.parametrize("cut", [2, 20, len(PACKED[6]) - 4])
def test_a_file_that_was_cut_gives_what_came_before(tmp_path: Path, cut: int) -> None:
    (tmp_path / "x").write_bytes(b"".join(PACKED)[:-cut])
    records, _, (damage,) = read(tmp_path / "x")
    assert [r.target_uri for r in records][:2] == URLS[:2]
    assert damage.endswith("what follows is left out")


def test_what_is_damaged_takes_its_gzip_member_with_it_and_no_other(tmp_path: Path) -> None:
    bad = [
        RECORDS[4].replace(b"Content-Length: ", b"Content-Length: 9"),
        RECORDS[4].replace(b"Content-Length", b"Content-Size"),
        b"no record",
    ]
    for number, one in enumerate(bad):
        (tmp_path / "x").write_bytes(b"".join([*PACKED[:4], gzip.compress(one), *PACKED[5:]]))
        records, _, (damage,) = read(tmp_path / "x")
        assert [(r.target_uri, r.length) for r in records] == [(URLS[0], len(PACKED[2])), (URLS[2], len(PACKED[6]))], number
        assert damage.endswith("the rest of its gzip member is left out")


def test_the_last_page_before_a_damage_has_its_place(tmp_path: Path) -> None:
    for junk in (b"junk", b"\0" * 100, PACKED[4][:50]):
        (tmp_path / "x").write_bytes(b"".join(PACKED[:3]) + junk)
        records, _, damages = read(tmp_path / "x")
        assert [(r.target_uri, r.length) for r in records] == [(URLS[0], len(PACKED[2]))]
        assert len(damages) == 1


def test_no_warc_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"<html>" * 100)
    for name in ("x", "y"):
        records, _, damages = read(tmp_path / name)
        assert (records, len(damages)) == ([], 1)


def test_told_by_its_first_bytes() -> None:
    assert is_warc(RECORDS[0])
    assert is_warc(zstd.compress(RECORDS[0]))
    assert is_warc(b"\x5d\x2a\x4d\x18")
    assert not is_warc(b"<html>WARC/1.0")
    assert not is_warc(b"")
