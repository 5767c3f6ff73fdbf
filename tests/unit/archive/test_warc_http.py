"""Recorded HTTP messages, read back leniently."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.coding import zstd
from archive.warc.http import Decoded, HttpMessage, decode_body, first_blank_line, parse_http, same_coding
from tests.support.exchanges import PAGE, chunked, gzipped, response


def body_of(block: bytes, limit: int = 1 << 20) -> Decoded:
    return decode_body(parse_http(block), limit)


def test_a_plain_response() -> None:
    message = parse_http(b"HTTP/1.1 200 Very OK\r\nETag: x\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\nbody")
    assert message == HttpMessage(
        version="HTTP/1.1",
        status=200,
        reason=b"Very OK",
        headers=((b"ETag", b"x"), (b"Set-Cookie", b"a=1"), (b"set-cookie", b"b=2")),
        body=b"body",
        body_offset=67,
    )
    assert message.header("SET-COOKIE") == "a=1"
    assert message.header("absent") is None


def test_lines_without_a_colon_are_skipped_with_their_continuations_and_folded_values_joined() -> None:
    message = parse_http(b"HTTP/1.0 404\r\nnot a header\r\n  of it\r\nA: 1\r\n\t 2\r\n  3\r\n: no name\r\nB:\r\n\r\n")
    assert message.headers == ((b"A", b"1 2 3"), (b"B", b""))
    assert (message.version, message.status, message.reason) == ("HTTP/1.0", 404, b"")


def test_interim_responses_are_passed_over() -> None:
    block = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody"
    message = parse_http(block)
    assert (message.status, message.headers, message.body, message.interim) == (200, ((b"A", b"b"),), b"body", 2)
    assert block[message.body_offset :] == b"body"


def test_an_interim_response_with_nothing_behind_it_is_what_there_is() -> None:
    assert parse_http(b"HTTP/1.1 100 Continue\r\n\r\n").status == 100
    assert parse_http(b"HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n\r\n").status == 101


def test_bare_line_feeds_and_blank_lines_before_the_head() -> None:
    message = parse_http(b"\r\n\nHTTP/1.1 200 OK\nA: b\n\nbody")
    assert (message.status, message.header("a"), message.body) == (200, "b", b"body")


def test_a_cut_head_has_its_headers_and_no_body() -> None:
    message = parse_http(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Cu")
    assert (message.header("content-type"), message.body, message.body_offset) == ("text/html", b"", 46)


@pytest.mark.parametrize("block", [b"", b"<html>no head at all\r\n\r\n", b"\x16\x03\x01\x02", b"HTTP/1.1 2OO OK\r\n\r\nx"])
def test_what_is_not_http_is_all_body(block: bytes) -> None:
    message = parse_http(block)
    assert (message.version, message.status, message.headers, message.body) == ("", None, (), block)


def test_a_request() -> None:
    message = parse_http(b"POST /a HTTP/1.1\r\nHost: news.example\r\n\r\nq=1")
    assert (message.status, message.header("host"), message.body) == (None, "news.example", b"q=1")


@given(st.binary(max_size=300), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]))
def test_no_bytes_raise_and_head_and_body_are_the_block(junk: bytes, start: bytes) -> None:
    block = start + junk
    message = parse_http(block)
    assert block.endswith(message.body)
    assert len(block) == message.body_offset + len(message.body)
    assert len(decode_body(message, 100).body) <= 100


@pytest.mark.parametrize(("block", "span"), [(b"a\r\n\r\nb", (1, 5)), (b"a\n\r\nb", (1, 4)), (b"a\n\nb\n\nc", (1, 3)), (b"a\r\nb", (4, 4))])
def test_the_first_blank_line(block: bytes, span: tuple[int, int]) -> None:
    assert first_blank_line(block) == span


# --- transfer coding and length ----------------------------------------------------------------------


def as_chunked(body: bytes) -> bytes:
    return response(body, "transfer-encoding: Chunked")


def test_chunks_are_joined_extensions_and_trailers_left_out() -> None:
    assert body_of(as_chunked(b'5;name="v"\r\nhello\r\n 3 \r\n wo\r\n0\r\nTrailer: x\r\n\r\n')) == Decoded(b"hello wo")


@pytest.mark.parametrize(
    ("body", "kept", "flag"),
    [
        (b"5\r\nhel", b"hel", "truncated-chunks"),
        (b"5\r\nhello\r\n", b"hello", "truncated-chunks"),
        (b"5\r\nhello\r\n2", b"hello", "truncated-chunks"),
        (b"", b"", "truncated-chunks"),
        (b"5\r\nhello\r\nnot a size\r\nworld", b"hello", "bad-chunks"),
        (b"<html>never was\nchunked", b"<html>never was\nchunked", "bad-chunks"),
        (b"-5\r\nhello\r\n", b"-5\r\nhello\r\n", "bad-chunks"),
        (b"ffffffffffffffff\r\nhello", b"hello", "truncated-chunks"),
    ],
)
def test_broken_chunks_keep_what_came(body: bytes, kept: bytes, flag: str) -> None:
    assert body_of(as_chunked(body)) == Decoded(kept, (flag,))


@given(st.binary(max_size=400), st.integers(1, 50))
def test_chunks_round_trip(body: bytes, size: int) -> None:
    assert body_of(as_chunked(chunked(body, size))) == Decoded(body)


def test_content_length_ends_the_body() -> None:
    assert body_of(response(b"bodyrest", "Content-Length: 4")) == Decoded(b"body")
    assert body_of(response(b"bo", "Content-Length: 4")) == Decoded(b"bo", ("truncated-body",))
    assert body_of(response(b"body", "Content-Length: nonsense")) == Decoded(b"body")


# --- content coding ----------------------------------------------------------------------------------

CODERS = {
    "gzip": gzipped,
    "x-gzip": gzipped,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def raw_deflate(data: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(data) + coder.flush()


def coded(coding: str, body: bytes) -> bytes:
    return response(body, f"Content-Encoding: {coding}")


@pytest.mark.parametrize("coding", CODERS)
def test_each_coding_comes_off(coding: str) -> None:
    assert body_of(coded(coding.upper(), CODERS[coding](PAGE))) == Decoded(PAGE)


def test_deflate_without_the_zlib_wrapper() -> None:
    assert body_of(coded("deflate", raw_deflate(PAGE))) == Decoded(PAGE)


@pytest.mark.parametrize("coding", CODERS)
def test_a_cut_body_gives_its_beginning(coding: str) -> None:
    noise = random.Random(1).randbytes(200_000)
    result = body_of(coded(coding, CODERS[coding](noise)[:150_000]))
    assert result.flags == (f"truncated-{'gzip' if coding == 'x-gzip' else coding}",)
    assert noise.startswith(result.body)
    assert len(result.body) > 60_000


def test_a_broken_gzip_gives_all_bytes_before_the_fault() -> None:
    noise = random.Random(2).randbytes(50_000)
    whole = gzipped(noise)
    wrong_checksum = whole[:-8] + bytes(4) + whole[-4:]
    assert body_of(coded("gzip", wrong_checksum)) == Decoded(noise, ("broken-gzip",))
    flipped = bytearray(gzipped(PAGE * 50))
    flipped[len(flipped) // 2] ^= 0xFF
    result = body_of(coded("gzip", bytes(flipped)))
    assert result.flags == ("broken-gzip",)
    assert result.body[: len(PAGE)] == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_never_was_in_its_coding_is_kept(coding: str) -> None:
    assert body_of(coded(coding, b"<html>plain")) == Decoded(b"<html>plain", (f"mislabelled-{coding}",))


def test_members_of_a_gzip_are_joined_and_what_follows_is_ignored() -> None:
    assert body_of(coded("gzip", gzipped(b"one ") + gzipped(b"two") + b"\0\0junk")) == Decoded(b"one two")


@pytest.mark.parametrize("coding", CODERS)
def test_bombs_stop_at_the_limit(coding: str) -> None:
    bomb = CODERS[coding](bytes(4 << 20))
    assert body_of(coded(coding, bomb), 5000) == Decoded(bytes(5000), ("too-large",))


def test_codings_come_off_in_reverse_and_transfer_codings_first() -> None:
    assert body_of(response(gzipped(brotli.compress(PAGE)), "Content-Encoding: br", "Content-Encoding: gzip")) == Decoded(PAGE)
    block = response(chunked(gzipped(brotli.compress(PAGE))), "Content-Encoding: br", "Transfer-Encoding: gzip, chunked")
    assert body_of(block) == Decoded(PAGE)


def test_more_than_five_codings_are_left_on() -> None:
    assert body_of(coded("gzip, gzip, gzip, gzip, gzip, gzip", b"body")) == Decoded(b"body", ("too-many-codings",))


@pytest.mark.parametrize(("coding", "flag"), [("compress", "undecoded:compress"), ("\x1b[31m evil", "undecoded:unknown")])
def test_an_unknown_coding_is_named_and_left_on(coding: str, flag: str) -> None:
    assert body_of(coded(coding, b"body")) == Decoded(b"body", (flag,))


def test_empty_bodies_are_empty() -> None:
    for coding in CODERS:
        assert body_of(coded(coding, b"")) == Decoded(b"")


def test_a_gigantic_zstd_window_is_refused() -> None:
    stream = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    packed = stream.compress(PAGE * 1000) + stream.flush()
    assert body_of(coded("zstd", packed)).flags == ("mislabelled-zstd",)


@given(st.binary(max_size=200), st.sampled_from(sorted(CODERS)), st.integers(0, 60))
def test_decoders_never_raise(junk: bytes, coding: str, at: int) -> None:
    whole = CODERS[coding](PAGE)
    result = body_of(coded(coding, whole[:at] + junk), 4000)
    assert len(result.body) <= 4000


def test_same_coding_compares_what_frames_the_body() -> None:
    one = parse_http(response(b"", "Content-Encoding: gzip", "Transfer-Encoding: chunked"))
    other = parse_http(response(b"", "content-encoding: GZIP", "transfer-encoding: chunked", "ETag: x"))
    plain = parse_http(response(b"", "Content-Encoding: gzip", "Content-Length: 3"))
    assert same_coding(one, other)
    assert not same_coding(one, plain)


def test_gzip_of_the_standard_library_is_read() -> None:
    assert body_of(coded("gzip", gzip.compress(PAGE))).body == PAGE
