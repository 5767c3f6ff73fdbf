"""Records read back by their place, or as a stream; what is not whole is named."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import DamageError
from archive.warc.captures import capture_of
from archive.warc.reader import Record, iterate_records, parse_member, read_block, read_member
from archive.warc.verify import verify_warc
from tests.support.exchanges import encode, exchange, response, warcinfo


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    path = tmp_path / "seg.warc.gz"
    path.write_bytes(warcinfo() + encode(exchange()).data)
    return path


def places(path: Path) -> list[tuple[int, int]]:
    return [(record.offset, record.length) for record in iterate_records(path)]


def test_a_stream_gives_every_record_with_its_place(segment: Path) -> None:
    records = list(iterate_records(segment))
    assert [r.type for r in records] == ["warcinfo", "response", "request", "metadata"]
    assert sum(r.length for r in records) == segment.stat().st_size
    with segment.open("rb") as stream:
        assert list(iterate_records(stream)) == records


def test_a_record_is_read_by_its_place(segment: Path) -> None:
    for record in iterate_records(segment):
        assert read_member(segment, record.offset, record.length) == record
    offset, length = places(segment)[1]
    assert read_block(segment, offset, length) == response()


def test_offsets_hold_in_a_file_of_many_blocks(tmp_path: Path) -> None:
    path = tmp_path / "many.warc.gz"
    path.write_bytes(warcinfo() + b"".join(encode(exchange(answer=response(bytes([n % 251]) * (n * 97)))).data for n in range(120)))
    for record in iterate_records(path):
        assert read_member(path, record.offset, record.length) == record


@pytest.mark.parametrize(("moved", "longer"), [(1, 0), (-1, 0), (0, 1), (0, -1), (0, 10**6), (10**6, 0), (0, -400)])
def test_any_other_place_is_damage_that_names_file_and_offset(segment: Path, moved: int, longer: int) -> None:
    offset, length = places(segment)[1]
    with pytest.raises(DamageError, match=rf"seg\.warc\.gz at offset {offset + moved}"):
        read_member(segment, offset + moved, length + longer)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DamageError, match=r"no\.warc\.gz"):
        read_member(tmp_path / "no.warc.gz", 0, 10)


def test_every_flipped_byte_of_a_member_that_matters_is_seen(segment: Path) -> None:
    """A flip in the gzip header's time, extra flags and system changes nothing that is read; any other is damage."""
    offset, length = places(segment)[1]
    whole = segment.read_bytes()[offset : offset + length]
    record = parse_member(whole, length, "m")
    for position in range(length):
        damaged = whole[:position] + bytes([whole[position] ^ 0x04]) + whole[position + 1 :]
        if position in range(4, 10):
            assert parse_member(damaged, length, "m").block == record.block
            continue
        with pytest.raises(DamageError):
            parse_member(damaged, length, "m")


@pytest.mark.parametrize("cut", [1, 8, 9, 30, 200, 360])
def test_a_cut_file_is_damage_in_a_stream(segment: Path, cut: int) -> None:
    segment.write_bytes(segment.read_bytes()[:-cut])
    assert {d.kind for d in verify_warc(segment, "warc/x")} >= {"gzip"}
    with pytest.raises(DamageError):  # fastwarc by itself says nothing
        list(iterate_records(segment))


def test_plain_and_foreign_files_are_read(tmp_path: Path) -> None:
    plain = gzip.decompress(encode(exchange()).data)
    path = tmp_path / "plain.warc"
    path.write_bytes(
        plain.replace(b"WARC-Target-URI: http://news.example/story?id=7", b"WARC-Target-URI: <http://news.example/story?id=7>")
    )
    records = list(iterate_records(path))
    assert [r.type for r in records] == ["response", "request", "metadata"]
    assert records[0].target_uri == "http://news.example/story?id=7"
    assert records[1].offset == plain.index(b"WARC/1.1", 5) + 2


@given(st.binary(max_size=200))
def test_what_is_no_warc_is_damage_or_empty(data: bytes) -> None:
    try:
        records = list(iterate_records(io.BytesIO(data)))
    except DamageError:
        return
    assert records == []


@given(st.binary(max_size=120))
def test_a_member_of_anything_else_is_damage(data: bytes) -> None:
    packed = gzip.compress(b"WARC/1.1\r\n" + data)
    with pytest.raises(DamageError):
        parse_member(packed, len(packed), "m")


def test_a_capture_is_read_back_as_it_was_written(segment: Path) -> None:
    written = encode(exchange()).capture
    (read,) = [c for r in iterate_records(segment) if (c := capture_of(r, "seg"))]
    assert (read.record_id, read.url, read.captured_at, read.status, read.mime) == (
        written.record_id,
        written.url,
        written.captured_at,
        written.status,
        written.mime,
    )
    assert (read.payload_digest, read.kind, read.segment, read.length) == (written.payload_digest, "response", "seg", written.length)


@pytest.mark.parametrize(
    "headers",
    [
        {"WARC-Record-ID": "<x>", "WARC-Target-URI": "http://a/"},
        {"WARC-Record-ID": "<x>", "WARC-Target-URI": "http://a/", "WARC-Date": "yesterday"},
        {"WARC-Record-ID": "<x>", "WARC-Target-URI": "http://a/", "WARC-Date": "2016-05-21T00:00:00"},
        {"WARC-Record-ID": "<x>", "WARC-Date": "2016-05-21T00:00:00Z"},
        {"WARC-Target-URI": "http://a/", "WARC-Date": "2016-05-21T00:00:00Z"},
    ],
)
def test_a_capture_without_what_it_needs_is_damage(headers: dict[str, str]) -> None:
    with pytest.raises(DamageError, match="WARC-"):
        capture_of(Record("response", tuple(headers.items()), b""))
