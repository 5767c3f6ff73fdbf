"""A foreign record as the exchange it tells of: the bytes as they were, whatever its tool called them."""

from __future__ import annotations

import re
from typing import NamedTuple, get_args

from archive.errors import DamageError
from archive.model import Exchange, OutcomeWord, Reason, Truncated, Via
from archive.statuses import judge_status
from archive.urls import MAX_URI, host_of, surt, target_uri
from archive.warc.imported import block_fault, foreign_date
from archive.warc.reader import Record
from archive.warc.writer import ip_address
from pipelines.imports.files import ForeignWarc

_PROTOCOL = re.compile(r"(http|tls)/[0-9](?:\.[0-9])?")


class Found(NamedTuple):
    """``fields`` go into the metadata record; ``fault`` is what is wrong with the record, which is taken over all the same."""

    exchange: Exchange
    fields: tuple[tuple[str, str], ...]
    fault: str


def exchange_of(record: Record, request: bytes, origin: ForeignWarc) -> Found:
    """Raises `DamageError` for a record without an address of the web or a date: nobody could find it."""
    url = record.target_uri or ""
    uri = target_uri(url)
    if not uri.startswith(("http://", "https://")) or not host_of(uri) or len(uri) > MAX_URI:
        raise DamageError(f"not an address of the web: {url[:120]!r}")
    fault, protocols = block_fault(record), _protocols(record)
    exchange = Exchange(
        url=url,
        request=request,
        response=_as_response(record) if record.type == "resource" else record.block,
        started_at=foreign_date(record.header("WARC-Date") or ""),
        elapsed=None,
        ip=ip_address(record.header("WARC-IP-Address")),
        protocol=protocols.get("http"),
        tls=protocols.get("tls"),
        truncated=_truncated(record),
        via=Via("warc-file", file=origin.name, file_sha256=origin.sha256, file_offset=record.offset),
    )
    said = [("originalRecordId", record.record_id)] if record.record_id else []
    said += [("originalType", "resource")] if record.type == "resource" else []
    said += [("originalFault", fault)] if fault else []
    return Found(exchange, tuple(said), fault)


def _protocols(record: Record) -> dict[str, str]:
    """What the record says of them (``WARC-Protocol``, once for each): of HTTP and of TLS."""
    said = (value.strip().lower() for name, value in record.headers if name.lower() == "warc-protocol")
    return {found[1]: found[0] for value in said if (found := _PROTOCOL.fullmatch(value))}


def _as_response(record: Record) -> bytes:
    """A ``resource`` has no HTTP head (WARC 1.1 section 6.3): one is put before it that says no more than the record does."""
    media = (record.header("Content-Type") or "application/octet-stream").encode("ascii", "replace")
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (media, len(record.block)) + record.block


def _truncated(record: Record) -> Truncated | None:
    """Of a record in segments (WARC 1.1 section 7) only the first is taken."""
    said = (record.header("WARC-Truncated") or "").strip().lower()
    if not said and record.header("WARC-Segment-Number"):
        return "length"
    known: tuple[Truncated, ...] = get_args(Truncated)
    return next((word for word in known if word == said), "disconnect" if said else None)


def outcome_of(url: str, status: int | None, truncated: Truncated | None) -> tuple[OutcomeWord, Reason] | None:
    """The outcome of an address whose answer this is; None for a redirect and for robots.txt, which are no sources: they are kept, and end
    nothing.
    """
    if surt(url).endswith(")/robots.txt") or (status is not None and 300 <= status < 400):
        return None
    return judge_status(status, truncated)
