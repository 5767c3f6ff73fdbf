"""Exchanges made up for tests, with clock and record ids that stand still."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from archive.model import Exchange, Truncated, Via
from archive.warc.records import Encoded, encode_exchange, warcinfo_member

STARTED = datetime(2016, 5, 21, 8, 30, 0, 123456, tzinfo=UTC)
WARCINFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000000>"
PAGE = b"<!doctype html><title>Bridge closed</title><p>The old bridge over the Aller is closed.</p>" * 20


def record_ids(start: int = 1) -> Callable[[], str]:
    """Record ids in order, for ``new_id``."""
    numbers = itertools.count(start)
    return lambda: f"<urn:uuid:00000000-0000-4000-8000-{next(numbers):012x}>"


def chunked(body: bytes, size: int = 700) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def response(body: bytes = PAGE, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}"))]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def exchange(
    url: str = "http://news.example/story?id=7",
    answer: bytes | None = None,
    *,
    after: float = 0.0,
    ip: str | None = "192.0.2.10",
    tls: str | None = None,
    truncated: Truncated | None = None,
    via: Via | None = None,
    request: bytes | None = None,
) -> Exchange:
    """``after`` is in seconds from `STARTED`."""
    return Exchange(
        url=url,
        request=b"GET /story?id=7 HTTP/1.1\r\nHost: news.example\r\nAccept-Encoding: gzip\r\n\r\n" if request is None else request,
        response=response() if answer is None else answer,
        started_at=STARTED + timedelta(seconds=after),
        elapsed=0.25,
        ip=ip,
        protocol="http/1.1",
        tls=tls,
        truncated=truncated,
        via=via or Via(),
    )


def encode(one: Exchange, new_id: Callable[[], str] | None = None, fields: Sequence[tuple[str, str]] = ()) -> Encoded:
    return encode_exchange(one, warcinfo_id=WARCINFO_ID, segment="seg", new_id=new_id or record_ids(), fields=fields)


def warcinfo() -> bytes:
    return warcinfo_member("seg", [("software", "warcite")], WARCINFO_ID, STARTED)
