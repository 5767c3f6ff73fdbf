"""Whole records as text, with frozen ids and dates; and nothing a server says forges a header."""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive.digests import warc_digest
from archive.model import Via
from archive.urls import MAX_URI
from archive.warc.http import parse_http
from archive.warc.payload import payload_digest, recorded_status
from archive.warc.reader import Record, iterate_records, parse_member
from archive.warc.records import Encoded, encode_failure, encode_revisit, new_record_id
from archive.warc.verify import verify_warc
from archive.warc.writer import member
from tests.support.exchanges import PAGE, STARTED, WARCINFO_ID, chunked, encode, exchange, gzipped, record_ids, response, warcinfo

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def golden(name: str, data: bytes) -> None:
    """Compare gzip members, unpacked, with a kept file. To renew one, delete it and run the test twice."""
    path = GOLDEN / name
    unpacked = gzip.decompress(data)
    if not path.exists():
        path.write_bytes(unpacked)
        pytest.fail(f"{name} was not there: written, look at it")
    assert unpacked.decode("utf-8") == path.read_bytes().decode("utf-8")


def records_of(data: bytes) -> list[Record]:
    return list(iterate_records(io.BytesIO(data)))


def failure(url: str = "http://gone.example/", **fields: str) -> Encoded:
    return encode_failure(
        url,
        at=STARTED,
        warcinfo_id=WARCINFO_ID,
        segment="seg",
        new_id=record_ids(99),
        fields=list((fields or {"outcome": "error"}).items()),
    )


def revisit_of(original: Encoded, answer: bytes, *, keep_head: bool, first_id: int = 9) -> Encoded:
    return encode_revisit(
        exchange(answer=answer, after=60),
        original.capture,
        profile="identical-payload-digest" if keep_head else "server-not-modified",
        warcinfo_id=WARCINFO_ID,
        segment="seg",
        new_id=record_ids(first_id),
        fields=(),
        keep_head=keep_head,
    )


# --- whole records -----------------------------------------------------------------------------------


def test_a_whole_segment_as_text() -> None:
    page = encode(exchange(tls="tls/1.3", answer=response(b"<p>short</p>")), fields=[("citation", "2016-05-21-0123456789ab 1 may.txt")])
    cut = encode(exchange("http://cut.example/", response(b"<p>cu", "Content-Length: 99"), truncated="disconnect", ip=None), record_ids(4))
    silent = encode(exchange("http://silent.example/", b""), record_ids(7))
    again = revisit_of(page, response(b"<p>short</p>", "Content-Type: text/html", "ETag: x"), keep_head=True)
    unchanged = revisit_of(page, b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", keep_head=False, first_id=12)
    dead = failure("http://gone.example/", outcome="error", reason="dns", detail="no such name")
    golden("warc_segment.txt", warcinfo() + b"".join(x.data for x in (page, cut, silent, again, unchanged, dead)))


def test_a_copy_from_a_web_archive_says_so() -> None:
    at = datetime(2014, 2, 3, 4, 5, 6, tzinfo=UTC)
    memento = "http://web.archive.example/20140203040506id_/http://news.example/a"
    encoded = encode(exchange(memento, via=Via("archive", "web.archive.example", memento, at)))
    block = records_of(encoded.data)[2].block.decode()
    assert (
        f"capturedFrom: archive\r\narchive: web.archive.example\r\nmementoUrl: {memento}\r\nmementoDatetime: 2014-02-03T04:05:06" in block
    )
    assert encoded.capture.url == memento


@pytest.mark.parametrize("body", [PAGE, gzipped(PAGE)], ids=["identity", "gzip"])
def test_the_same_exchange_gives_the_same_bytes(body: bytes) -> None:
    one, other = (encode(exchange(answer=response(body))) for _ in range(2))
    assert one == other


def test_blocks_are_the_bytes_of_the_wire() -> None:
    odd = b"HTTP/1.1 200 Very OK\r\nx-lower: 1\r\nno colon\r\nX-Bytes: \xff\xfe\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(
        gzipped(PAGE)
    )
    asked = b"GET /a?b=%20 HTTP/1.1\r\nhost: NEWS.example\r\n\r\n"
    encoded = encode(exchange(answer=odd, request=asked))
    response_record, request_record, _ = records_of(encoded.data)
    assert response_record.block == odd
    assert request_record.block == asked


def test_the_capture_says_where_the_response_is() -> None:
    encoded = encode(exchange(tls="tls/1.2"))
    capture = encoded.capture
    record = parse_member(encoded.data[capture.offset :][: capture.length], capture.length, "data")
    assert record.block == response()
    assert record.record_id == capture.record_id
    assert (capture.status, capture.mime, capture.kind, capture.segment) == (200, "text/html", "response", "seg")
    assert capture.payload_digest == warc_digest(PAGE) == record.header("WARC-Payload-Digest")
    assert capture.captured_at == STARTED


def test_without_an_answer_the_capture_is_the_metadata_record() -> None:
    for asked in (b"GET / HTTP/1.1\r\n\r\n", b""):
        encoded = encode(exchange(answer=b"", request=asked))
        capture = encoded.capture
        record = parse_member(encoded.data[capture.offset :][: capture.length], capture.length, "data")
        assert (record.type, record.record_id, capture.kind) == ("metadata", capture.record_id, "metadata")
        assert [r.type for r in records_of(encoded.data)] == (["request", "metadata"] if asked else ["metadata"])


def test_a_revisit_points_at_its_original_and_keeps_the_new_head() -> None:
    original = encode(exchange())
    encoded = revisit_of(original, b"HTTP/1.1 304 Not Modified\r\nETag: \xff\r\n\r\n", keep_head=False)
    revisit, _, metadata = records_of(encoded.data)
    assert revisit.block == b""
    assert revisit.header("WARC-Refers-To") == original.capture.record_id == encoded.capture.refers_to
    assert revisit.header("WARC-Refers-To-Date") == "2016-05-21T08:30:00.123456Z"
    assert revisit.header("WARC-Payload-Digest") == original.capture.payload_digest
    head = next(line for line in metadata.block.split(b"\r\n") if line.startswith(b"responseHead: "))
    assert unquote_to_bytes(head.partition(b": ")[2]) == b"HTTP/1.1 304 Not Modified\r\nETag: \xff\r\n\r\n"
    assert (encoded.capture.kind, encoded.capture.status, encoded.capture.mime) == ("revisit", None, "warc/revisit")
    with pytest.raises(ValueError, match="payload digest"):
        encode_revisit(
            exchange(),
            replace(original.capture, payload_digest=None),
            profile="server-not-modified",
            warcinfo_id=WARCINFO_ID,
            segment="seg",
            new_id=record_ids(),
            fields=(),
        )


# --- what readers agree on ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "payload"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", b"body"),
        (b"HTTP/1.1 200 OK\nA: b\n\nbody", b"body"),
        (b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody", b"HTTP/1.1 200 OK\r\n\r\nbody"),
        (b"HTTP/1.1 200 OK\r\nA: cut", b""),
        (b"no http", b""),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n \r\nC: d\r\n\r\nbody", None),
        (b"HTTP/1.1 200 OK\r\nA: b\r\r\nC: d\r\n\r\r\nbody", None),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\nbody", None),
        (b"HTTP/1.1 200 OK\r\n\x85\r\nA: b\r\n\r\nbody", None),
    ],
)
def test_the_payload_digest_is_one_that_every_reader_recomputes(block: bytes, payload: bytes | None) -> None:
    assert payload_digest(block) == (None if payload is None else warc_digest(payload))


@pytest.mark.parametrize(
    ("block", "status"),
    [
        (b"HTTP/1.1 404 Gone\r\n\r\n", 404),
        (b"HTTP/1.1  200\r\n", 200),
        (b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", None),
        (b"HTTP/1.1 2000 OK\r\n\r\n", None),
        (b"HTTP/1.1\t200 OK\r\n\r\n", None),
        (b"ICY 200 OK\r\n\r\n", None),
        (b"", None),
    ],
)
def test_the_recorded_status_is_one_that_every_reader_finds(block: bytes, status: int | None) -> None:
    assert recorded_status(block) == status


def assert_readers_agree(data: bytes, path: Path) -> list[Record]:
    """warcio with its digests, fastwarc with its own, our verifier: all read the same whole records."""
    path.write_bytes(data)
    ours = list(iterate_records(path))
    with path.open("rb") as stream:
        ids = []
        for record in WarcioIterator(stream, check_digests="raise"):
            record.content_stream().read()
            ids.append(record.rec_headers.get_header("WARC-Record-ID"))
    assert ids == [record.record_id for record in ours]
    fast = 0
    for found in FastIterator(str(path), parse_http=False):
        fast += 1
        found.freeze()
        assert "WARC-Block-Digest" in found.headers
        assert found.verify_block_digest()
    assert fast == len(ours)
    assert list(verify_warc(path, "warc/x.warc.gz")) == []
    return ours


# Heads assembled from pieces that parsers stumble over, so that most examples are more than noise.
PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 100 Continue",
        b"\r\n",
        b"\n",
        b"\r",
        b" ",
        b"\t",
        b":",
        b"A: b",
        b"\x85",
        b"\xa0",
        b"\x1c",
        b"\xe2\x80\xa8",
        b"\0",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=12).map(b"".join), st.binary(max_size=20))
def test_any_response_makes_records_that_every_reader_verifies(tmp_path_factory: pytest.TempPathFactory, head: bytes, tail: bytes) -> None:
    encoded = encode(exchange(answer=head + tail))
    records = assert_readers_agree(warcinfo() + encoded.data, tmp_path_factory.mktemp("warc") / "x.warc.gz")
    assert records[1].block == head + tail


def test_the_command_line_checkers_pass_a_segment_of_every_kind(tmp_path: Path) -> None:
    new_id = record_ids(100)
    page = encode(exchange(answer=response(chunked(gzipped(PAGE)), "Content-Encoding: gzip", "Transfer-Encoding: chunked")), new_id)
    others = [encode(exchange(f"http://n.example/{n}", a), new_id) for n, a in enumerate([b"", b"garbage", b"\r\n\r\n", response(b"")])]
    again = revisit_of(page, response(chunked(PAGE)), keep_head=True)
    path = tmp_path / "x.warc.gz"
    assert_readers_agree(b"".join([warcinfo(), page.data, *(x.data for x in others), again.data, failure(new_record_id()).data]), path)
    program = "import sys; from warcio.cli import main; main(['check', '-v', sys.argv[1]])"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stdout.count("digest pass") == len(list(iterate_records(path))) - 1  # warcio does not check revisits
    program = "import sys; from fastwarc.cli import main; main(['check', '-p', sys.argv[1]])"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert "Failed records:" in done.stdout
    # It looks for the payload of a revisit in the revisit.
    assert [line for line in done.stdout.splitlines() if line.startswith("<urn:")] == [again.capture.record_id]


# --- nothing forges a header --------------------------------------------------------------------------

HOSTILE = st.text(st.characters(exclude_categories=()) | st.sampled_from('\r\n\0\t \ud800\udfff\x85\u2028<>":'), max_size=40)


def headers_of(data: bytes) -> list[tuple[str, ...]]:
    return [tuple(sorted(name for name, _ in record.headers)) for record in records_of(data)]


@given(HOSTILE)
def test_no_address_forges_a_header(url: str) -> None:
    plain = headers_of(encode(exchange("http://news.example/a")).data)
    encoded = encode(exchange("http://news.example/a" + url))
    assert headers_of(encoded.data) == plain
    uris = {record.header("WARC-Target-URI") for record in records_of(encoded.data)}
    assert uris == {encoded.capture.url}
    assert encoded.capture.url.isascii()
    assert not set(encoded.capture.url) & set(' "<>\r\n\t\0')


@given(HOSTILE, HOSTILE)
def test_no_failure_forges_a_header_or_a_field(url: str, detail: str) -> None:
    encoded = failure(url, detail=detail, reason="dns")
    (record,) = records_of(encoded.data)
    assert {name for name, _ in record.headers} <= {name for name, _ in records_of(failure("x").data)[0].headers}
    lines = record.block.decode("utf-8").split("\r\n")
    names = [line.partition(":")[0] for line in lines[:-1]]
    assert names in (["detail", "reason"], ["target", "detail", "reason"])
    assert lines[-1] == ""


@given(HOSTILE)
def test_no_media_type_of_a_server_forges_a_header(value: str) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: " + value.encode("utf-8", "surrogatepass") + b"\r\n\r\nx"
    names = headers_of(encode(exchange(answer=answer)).data)[0]
    assert set(names) <= {*headers_of(encode(exchange()).data)[0]}


@pytest.mark.parametrize("value", ["a\r\nX-Evil: yes", "a\nb", "a\0b", "a\x7fb", "a\x85b", "a\ud800b", "a\u2028b", "a\tb"])
def test_a_value_with_a_control_character_is_refused_where_it_is_written(value: str) -> None:
    with pytest.raises(ValueError, match="control character in WARC-Some"):
        member([("WARC-Type", "metadata"), ("WARC-Some", value)], b"")


@pytest.mark.parametrize(
    "change",
    [
        {"started_at": STARTED.replace(tzinfo=None)},
        {"protocol": "http/1.1\r\nX: y"},
        {"tls": "TLS v1.3"},
    ],
)
def test_values_our_own_code_may_not_pass_are_errors(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"time zone|WARC-Protocol"):
        encode(replace(exchange(), **change))


def test_a_record_id_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="record id"):
        encode(exchange(), lambda: "<urn:uuid:x>\r\nA: b")
    with pytest.raises(ValueError, match="field name"):
        encode(exchange(), fields=[("a\r\nb", "c")])


@pytest.mark.parametrize(
    ("ip", "written"), [("192.0.2.1", "192.0.2.1"), ("2001:DB8::1", "2001:db8::1"), ("fe80::1%eth0", None), ("x\r\ny", None), ("", None)]
)
def test_only_a_numeric_address_is_written(ip: str, written: str | None) -> None:
    assert records_of(encode(exchange(ip=ip)).data)[0].header("WARC-IP-Address") == written


def test_an_address_too_long_for_a_header_is_in_the_block_of_its_failure() -> None:
    url = "http://news.example/" + "a" * MAX_URI
    (record,) = records_of(failure(url, reason="bad-url").data)
    assert record.header("WARC-Target-URI") is None
    assert record.block.startswith(f"target: {url}\r\n".encode())


@pytest.mark.parametrize("answer", [response(), b""])
def test_an_exchange_is_kept_however_long_its_address(answer: bytes) -> None:
    url = "http://news.example/" + "\u00e9" * MAX_URI
    encoded = encode(replace(exchange(answer=answer), url=url), fields=[("target", "the cited one")])
    records = records_of(encoded.data)
    uri = encoded.capture.url
    assert re.fullmatch(r"urn:warcite:sha256:[0-9a-f]{64}", uri)
    assert {record.target_uri for record in records} == {uri}
    [fields] = [record.block.decode() for record in records if record.type == "metadata"]
    assert f"\r\naddress: http://news.example/{'%C3%A9' * MAX_URI}\r\ntarget: the cited one\r\n" in fields


def test_a_final_head_after_an_interim_one_names_the_media_type() -> None:
    capture = encode(exchange(answer=b"HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n" + response())).capture
    assert (capture.status, capture.mime) == (None, "text/html")
    assert parse_http(response()).status == 200
