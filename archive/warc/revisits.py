"""Whether an answer is a page that is kept already (WARC 1.1 section 6.7), and how to ask for it (RFC 9110 section 13)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

from archive.digests import warc_digest
from archive.model import Capture, Exchange
from archive.warc.http import HttpMessage, decode_transfer, parse_http, same_coding
from archive.warc.reader import Record
from archive.warc.records import RevisitProfile

_ENTITY_TAG = re.compile(r"[\x21-\x7e\x80-\xff]{1,512}")
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2,8}, [\x20-\x7e]{10,40}")
_HEAD = re.compile(rb"^responseHead: ([^\r\n]*)", re.MULTILINE)
_SEGMENT = re.compile(rb"^refersToSegment: ([A-Za-z0-9._-]+)\r$", re.MULTILINE)

Conditions = tuple[tuple[str, str], ...]
"""Request headers by which a server may answer 304 (RFC 9110 section 13.1)."""


Payload = tuple[str, ...]
"""Digest of a payload without transfer coding, whose chunk borders differ from fetch to fetch, and its content codings, which stay on."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The last capture of an address, as far as a new answer is compared with it."""

    original: Capture  # never a revisit
    payload: Payload
    head: HttpMessage  # of the original, without its body
    conditions: Conditions

    def profile_of(self, exchange: Exchange) -> RevisitProfile | None:
        """How the answer is the same page: None when it is another one, or when that cannot be known.

        A 304 that nobody asked for says nothing.
        """
        message = parse_http(exchange.response)
        if exchange.truncated:
            return None
        if message.status == 304 and self.conditions:
            return "server-not-modified"
        return "identical-payload-digest" if message.status == 200 and payload_of(message) == self.payload else None

    def head_fits(self, exchange: Exchange) -> bool:
        """Whether readers may put the head of the answer before the body of the original: then it has to describe it, and be one."""
        message = parse_http(exchange.response)
        return message.status == 200 and message.interim == 0 and same_coding(message, self.head)


def kept_page(original: Capture, block: bytes, newest: HttpMessage | None = None) -> KeptPage | None:
    """What is kept of a page; ``newest`` is the head of the latest answer that had the same payload.

    None when the block is not that of a whole page (200), which nothing may refer to: a cut one says how long it should be.
    """
    message = parse_http(block)
    payload = payload_of(message)
    if message.status != 200 or message.interim or payload is None or original.payload_digest is None:
        return None
    conditions = dict(conditions_of(message)) | dict(conditions_of(newest) if newest else ())  # RFC 9111 section 3.2: a 304 updates
    return KeptPage(original, payload, replace(message, body=b""), tuple(conditions.items()))


def answer_of(records: Sequence[Record]) -> HttpMessage | None:
    """The head of the answer that a revisit stands for: its block, or what the metadata record behind it says of it.

    ``records`` begin with the revisit; any other record's answer needs no such search: None.
    """
    if not records or records[0].type != "revisit":
        return None
    if records[0].block:
        return parse_http(records[0].block)
    for record in records[1:]:
        if record.type == "metadata" and record.header("WARC-Concurrent-To") == records[0].record_id:
            head = _HEAD.search(record.block)
            return parse_http(unquote_to_bytes(head[1])) if head else None
    return None


def segment_of_original(record: Record) -> str | None:
    """The segment that a revisit's metadata record says its original is in; None for any other record."""
    found = _SEGMENT.search(record.block) if record.type == "metadata" else None
    return found[1].decode("ascii") if found else None


def payload_of(message: HttpMessage) -> Payload | None:
    """None when it did not come whole."""
    decoded = decode_transfer(message)
    return None if decoded.flags else (warc_digest(decoded.body), *(c.lower() for c in message.header_list("Content-Encoding")))


def conditions_of(message: HttpMessage) -> Conditions:
    """Both validators, as the server wrote them. What no server may write is left out: it would go into our own request."""
    tag, date = message.header("ETag") or "", message.header("Last-Modified") or ""
    found = [("If-None-Match", tag)] if _ENTITY_TAG.fullmatch(tag) else []
    found += [("If-Modified-Since", date)] if _HTTP_DATE.fullmatch(date) else []
    return tuple(found)
