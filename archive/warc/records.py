"""WARC 1.1 records made from what was recorded: pure functions from exchanges to gzip members. Blocks are the wire's bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote_from_bytes

from archive.model import Capture, Exchange
from archive.times import iso
from archive.urls import MAX_URI, target_uri
from archive.warc.http import parse_http
from archive.warc.payload import is_compressed, media_type, payload_digest, recorded_status
from archive.warc.writer import WARC_FIELDS, Fields, ip_address, member, new_record_id, protocol, record_id, warc_date, warc_fields

__all__ = ["Encoded", "encode_exchange", "encode_failure", "encode_revisit", "new_record_id", "warcinfo_member"]

_FORMAT = (
    ("format", "WARC File Format 1.1"),
    ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
)
_RESPONSE = ("Content-Type", "application/http; msgtype=response")
_REQUEST = ("Content-Type", "application/http; msgtype=request")

_READABLE = " !\"#$&'()*+,/:;<=>?@[\\]^`{|}"
"""What stays as it is in ``responseHead``, besides letters, digits and ``_.-~``."""

RevisitProfile = Literal["identical-payload-digest", "server-not-modified"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Gzip members to append in one go. ``capture.offset`` is counted from the start of ``data``."""

    data: bytes
    capture: Capture


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the records of one exchange share."""

    warcinfo_id: str
    segment: str
    new_id: Callable[[], str]
    uri: str
    common: Fields  # date, address, warcinfo
    transport: Fields  # IP address, protocols
    fields: Fields  # of the metadata record


def warcinfo_member(segment: str, fields: Fields, record_id: str, date: datetime) -> bytes:
    """The first record of a segment: which software, on whose behalf, by which rules (WARC 1.1 section 6.2)."""
    head = [*_identity("warcinfo", record_id), ("WARC-Date", warc_date(date)), ("WARC-Filename", f"{segment}.warc.gz"), WARC_FIELDS]
    return member(head, warc_fields([*fields, *_FORMAT]))


def encode_exchange(exchange: Exchange, *, warcinfo_id: str, segment: str, new_id: Callable[[], str], fields: Fields) -> Encoded:
    """``response``, ``request`` and ``metadata`` of one exchange; without an answer, ``request`` and ``metadata``.

    ``fields`` go into the metadata record. Raises `ValueError` for what our own code may not pass: a naive time, a bad record id or
    protocol, a field name that is none. An address over `MAX_URI` is not fetched; should one be all the same, its records are under
    a URN made of its SHA-256 and the metadata record has it whole, as the field ``address``.
    """
    frame = _frame(exchange, warcinfo_id, segment, new_id, fields)
    if not exchange.response:
        return _encode_unanswered(exchange, frame)
    main_id, message = new_id(), parse_http(exchange.response)
    mime, digest = media_type(message), payload_digest(exchange.response)
    head = [*_identity("response", main_id), *frame.common, *frame.transport]
    if exchange.truncated:
        head.append(("WARC-Truncated", exchange.truncated))
    if digest:
        head.append(("WARC-Payload-Digest", digest))
    if mime:
        head.append(("WARC-Identified-Payload-Type", mime))
    data = member([*head, _RESPONSE], exchange.response, 1 if is_compressed(message, mime) else 3)
    capture = Capture(
        record_id=main_id,
        url=frame.uri,
        captured_at=exchange.started_at,
        status=recorded_status(exchange.response),
        mime=mime,
        payload_digest=digest,
        kind="response",
        segment=segment,
        offset=0,
        length=len(data),
        via=exchange.via,
    )
    return Encoded(data + _companions(exchange, frame, main_id), capture)


def encode_revisit(
    exchange: Exchange,
    original: Capture,
    *,
    profile: RevisitProfile,
    warcinfo_id: str,
    segment: str,
    new_id: Callable[[], str],
    fields: Fields,
    keep_head: bool = False,
) -> Encoded:
    """``revisit``, ``request`` and ``metadata``: the answer has the payload of ``original`` (WARC 1.1 section 6.7).

    The payload digest is the original's, since chunk borders may differ. The new head becomes the record's block on ``keep_head``,
    which is right when both have the same transfer and content coding (`same_coding`) and the status is not 3xx: readers put this
    head before that body. Else it is in the metadata record, percent-encoded (``responseHead``), which also says in which segment
    the original is (``refersToSegment``). The two companions leave out what the revisit says of the exchange: there will be many.
    Raises `ValueError` as `encode_exchange` does, and for an original without a payload digest.
    """
    if original.payload_digest is None:
        raise ValueError(f"a revisit needs the payload digest of {original.record_id}")
    answer = exchange.response[: parse_http(exchange.response).body_offset]
    fields = [*fields, ("refersToSegment", original.segment)]
    if not keep_head:
        fields.append(("responseHead", quote_from_bytes(answer, safe=_READABLE)))
    frame = _frame(exchange, warcinfo_id, segment, new_id, fields)
    main_id, block = new_id(), answer if keep_head else b""
    head = [
        *_identity("revisit", main_id),
        *frame.common,
        *frame.transport,
        ("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}"),
        ("WARC-Refers-To", record_id(original.record_id)),
        ("WARC-Refers-To-Target-URI", target_uri(original.url)),
        ("WARC-Refers-To-Date", warc_date(original.captured_at)),
        ("WARC-Payload-Digest", original.payload_digest),
        _RESPONSE,
    ]
    data = member(head, block, 3)
    capture = Capture(
        record_id=main_id,
        url=frame.uri,
        captured_at=exchange.started_at,
        status=recorded_status(block),
        mime="warc/revisit",
        payload_digest=original.payload_digest,
        kind="revisit",
        segment=segment,
        offset=0,
        length=len(data),
        refers_to=original.record_id,
        via=exchange.via,
    )
    return Encoded(data + _companions(exchange, replace(frame, common=frame.common[:2], transport=()), main_id), capture)


def encode_failure(url: str, *, at: datetime, warcinfo_id: str, segment: str, new_id: Callable[[], str], fields: Fields) -> Encoded:
    """A lone ``metadata`` record for a target whose fetch brought no response. ``url`` may be any text.

    An address too long for a header is only in the block, as the field ``target``.
    """
    main_id, uri = new_id(), target_uri(url)
    fits = 0 < len(uri) <= MAX_URI
    address = [("WARC-Target-URI", uri)] if fits else []
    head = [*_identity("metadata", main_id), ("WARC-Date", warc_date(at)), *address, ("WARC-Warcinfo-ID", record_id(warcinfo_id))]
    data = member([*head, WARC_FIELDS], warc_fields(fields if fits else [("target", uri), *fields]))
    return Encoded(data, _metadata_capture(main_id, uri, at, segment, offset=0, length=len(data)))


def _encode_unanswered(exchange: Exchange, frame: _Frame) -> Encoded:
    main_id, request_id = frame.new_id(), frame.new_id()
    request = _request(exchange, frame, request_id, main_id)
    metadata = _metadata(exchange, frame, main_id, request_id if request else None)
    capture = _metadata_capture(main_id, frame.uri, exchange.started_at, frame.segment, offset=len(request), length=len(metadata))
    return Encoded(request + metadata, capture)


def _metadata_capture(main_id: str, uri: str, at: datetime, segment: str, *, offset: int, length: int) -> Capture:
    return Capture(main_id, uri, at, None, None, None, "metadata", segment, offset, length)


def _companions(exchange: Exchange, frame: _Frame, main_id: str) -> bytes:
    return _request(exchange, frame, frame.new_id(), main_id) + _metadata(exchange, frame, frame.new_id(), main_id)


def _request(exchange: Exchange, frame: _Frame, own_id: str, main_id: str) -> bytes:
    if not exchange.request:
        return b""
    return member(
        [*_identity("request", own_id), *frame.common, *frame.transport, ("WARC-Concurrent-To", main_id), _REQUEST], exchange.request
    )


def _metadata(exchange: Exchange, frame: _Frame, own_id: str, main_id: str | None) -> bytes:
    concurrent = [("WARC-Concurrent-To", main_id)] if main_id else []
    return member(
        [*_identity("metadata", own_id), *frame.common, *concurrent, WARC_FIELDS], warc_fields([*_measured(exchange), *frame.fields])
    )


def _frame(exchange: Exchange, warcinfo_id: str, segment: str, new_id: Callable[[], str], fields: Fields) -> _Frame:
    uri = target_uri(exchange.url)
    if len(uri) > MAX_URI:
        fields = [("address", uri), *fields]
        uri = f"urn:warcite:sha256:{hashlib.sha256(uri.encode('ascii')).hexdigest()}"
    common = (("WARC-Date", warc_date(exchange.started_at)), ("WARC-Target-URI", uri), ("WARC-Warcinfo-ID", record_id(warcinfo_id)))
    address = ip_address(exchange.ip)
    transport = [("WARC-IP-Address", address)] if address else []
    transport += [("WARC-Protocol", protocol(p)) for p in (exchange.protocol, exchange.tls) if p]
    return _Frame(warcinfo_id, segment, new_id, uri, common, transport, fields)


def _identity(warc_type: str, own_id: str) -> Fields:
    return ("WARC-Type", warc_type), ("WARC-Record-ID", record_id(own_id))


def _measured(exchange: Exchange) -> list[tuple[str, str]]:
    fields = [] if exchange.elapsed is None else [("fetchTimeMs", str(round(exchange.elapsed * 1000)))]
    via = exchange.via
    if via.kind != "live":
        fields.append(("capturedFrom", via.kind))
        fields += [(name, value) for name, value in (("archive", via.archive), ("mementoUrl", via.memento_url)) if value]
        fields += [("mementoDatetime", iso(via.memento_at))] if via.memento_at else []
        fields += [(name, value) for name, value in (("warcFile", via.file), ("warcFileSha256", via.file_sha256)) if value]
        fields += [("warcFileOffset", str(via.file_offset))] if via.file_offset is not None else []
    return fields
