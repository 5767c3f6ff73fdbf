"""When an answer is the page that is kept already, and how it is asked for."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.http import parse_http
from archive.warc.reader import iterate_records
from archive.warc.records import encode_exchange, encode_revisit
from archive.warc.revisits import KeptPage, answer_of, conditions_of, kept_page, payload_of, segment_of_original
from tests.support.exchanges import PAGE, WARCINFO_ID, chunked, encode, exchange, gzipped, record_ids, response

TAGGED = response(PAGE, "Content-Type: text/html", 'ETag: "v1"', "Last-Modified: Thu, 15 Mar 2018 10:00:00 GMT")
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
CHUNKS = ("Content-Type: text/html", "Transfer-Encoding: chunked")


def kept(answer: bytes = TAGGED, newest: bytes | None = None) -> KeptPage:
    page = kept_page(encode(exchange(answer=answer)).capture, answer, parse_http(newest) if newest else None)
    assert page is not None
    return page


def profile(answer: bytes, of: bytes = TAGGED) -> str | None:
    return kept(of).profile_of(exchange(answer=answer))


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_chunk_borders_make_no_other_page(size: int) -> None:
    again = response(chunked(PAGE, size), *CHUNKS)
    assert profile(again) == profile(again, of=response(chunked(PAGE, 700), *CHUNKS)) == "identical-payload-digest"
    assert profile(TAGGED, of=again) == "identical-payload-digest"
    assert not kept(TAGGED).head_fits(exchange(answer=again)), "readers would take chunk framing off a body that has none"
    assert kept(response(chunked(PAGE, 700), *CHUNKS)).head_fits(exchange(answer=again))


@pytest.mark.parametrize(
    "answer",
    [
        response(PAGE + b"!"),
        response(PAGE, status="404 Not Found"),
        response(PAGE, status="203 Non-Authoritative Information"),
        response(gzipped(PAGE), "Content-Encoding: gzip"),
        response(PAGE, "Content-Encoding: gzip"),
        response(PAGE[:-1], f"Content-Length: {len(PAGE)}"),
        response(chunked(PAGE)[:-5], *CHUNKS),
        b"",
        b"not HTTP at all",
    ],
    ids=["changed", "404", "203", "coded", "labelled", "cut", "cut in a chunk", "silence", "garbage"],
)
def test_another_answer_is_kept_as_it_is(answer: bytes) -> None:
    assert profile(answer) is None


def test_a_cut_answer_proves_nothing() -> None:
    assert kept().profile_of(exchange(answer=TAGGED, truncated="time")) is None


def test_a_304_counts_only_when_it_was_asked_for() -> None:
    assert profile(NOT_MODIFIED) == profile(b"HTTP/1.1 103 Early Hints\r\n\r\n" + NOT_MODIFIED) == "server-not-modified"
    assert profile(NOT_MODIFIED, of=response()) is None, "that page came without validators"
    assert replace(kept(), conditions=()).profile_of(exchange(answer=NOT_MODIFIED)) is None


def test_only_a_whole_page_may_be_referred_to() -> None:
    capture = encode(exchange()).capture
    assert kept_page(capture, response(PAGE, status="404 Not Found")) is None
    assert kept_page(capture, response(PAGE, "Content-Length: 99999")) is None
    assert kept_page(replace(capture, payload_digest=None), response()) is None
    assert kept_page(capture, b"HTTP/1.1 103 Early Hints\r\n\r\n" + response()) is None, "readers differ in where its body begins"


def test_conditions_are_the_validators_as_they_were_sent() -> None:
    assert kept().conditions == (("If-None-Match", '"v1"'), ("If-Modified-Since", "Thu, 15 Mar 2018 10:00:00 GMT"))
    assert kept(response(PAGE, 'ETag: W/"weak"')).conditions == (("If-None-Match", 'W/"weak"'),)
    assert kept(response()).conditions == ()


def test_a_later_answer_updates_the_validators() -> None:
    newer = kept(newest=b'HTTP/1.1 304 Not Modified\r\nETag: "v2"\r\n\r\n')
    assert newer.conditions == (("If-None-Match", '"v2"'), ("If-Modified-Since", "Thu, 15 Mar 2018 10:00:00 GMT"))


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_server_writes_into_our_request(tag: str, date: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nLast-Modified: {date}\r\n\r\n".encode("latin-1", "replace")
    for _, value in conditions_of(parse_http(head)):
        assert value.isprintable() or "\x80" <= max(value) <= "\xff"
        assert not set("\r\n\0") & set(value)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_a_payload_is_the_same_in_chunks_of_any_size(body: bytes, size: int) -> None:
    plain = parse_http(response(body, f"Content-Length: {len(body)}"))
    assert payload_of(plain) == payload_of(parse_http(response(chunked(body, size), *CHUNKS)))


@pytest.mark.parametrize("keep_head", [True, False])
def test_a_revisit_tells_its_answer_and_its_originals_segment(keep_head: bool) -> None:
    answer = b'HTTP/1.1 200 OK\r\nETag: "v2"\r\nX-Odd: 100 %0D \xff\r\n\r\n'
    encoded = encode_revisit(
        exchange(answer=answer, after=60),
        encode(exchange()).capture,
        profile="identical-payload-digest",
        warcinfo_id=WARCINFO_ID,
        segment="later",
        new_id=record_ids(9),
        fields=[("citation", "2016-05-21-0123456789ab 1 a\r\nrefersToSegment: forged")],
        keep_head=keep_head,
    )
    records = list(iterate_records(io.BytesIO(encoded.data)))
    found = answer_of(records)
    assert found is not None
    assert (found.header("ETag"), found.header("X-Odd")) == ('"v2"', "100 %0D \xff")
    assert [segment_of_original(r) for r in records] == [None, None, "seg"]
    assert len(encoded.data) < 1600, "bytes of a revisit with its companions"


def test_other_records_have_no_such_answer() -> None:
    whole = encode_exchange(exchange(), warcinfo_id=WARCINFO_ID, segment="seg", new_id=record_ids(), fields=())
    records = list(iterate_records(io.BytesIO(whole.data)))
    assert answer_of(records) is None
    assert answer_of([]) is None
    assert {segment_of_original(r) for r in records} == {None}
