"""The capture that a WARC record is: what the crawl knew when it wrote the record, read back from the record alone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from archive.errors import DamageError
from archive.model import Capture
from archive.times import parse_iso
from archive.warc.http import parse_http
from archive.warc.payload import media_type, recorded_status
from archive.warc.reader import Record


def capture_of(record: Record, segment: str = "") -> Capture | None:
    """None for records that are no captures (warcinfo, request, metadata). Raises `DamageError` when id, address or date is missing."""
    kind: Literal["response", "revisit"]
    if record.type == "response":
        kind, mime = "response", media_type(parse_http(record.block))
    elif record.type == "revisit":
        kind, mime = "revisit", "warc/revisit"
    else:
        return None
    return Capture(
        record_id=_required(record, "WARC-Record-ID"),
        url=record.target_uri or _required(record, "WARC-Target-URI"),
        captured_at=record_date(record),
        status=recorded_status(record.block),
        mime=mime,
        payload_digest=record.header("WARC-Payload-Digest"),
        kind=kind,
        segment=segment,
        offset=record.offset,
        length=record.length,
        refers_to=record.header("WARC-Refers-To"),
    )


def _required(record: Record, name: str) -> str:
    value = record.header(name)
    if not value:
        raise DamageError(f"the record at offset {record.offset} has no {name}")
    return value


def record_date(record: Record) -> datetime:
    """The ``WARC-Date``; raises `DamageError`."""
    value = _required(record, "WARC-Date")
    try:
        return parse_date(value)
    except DamageError as error:
        raise DamageError(f"the record at offset {record.offset} has {error}") from error


def parse_date(value: str) -> datetime:
    """A ``WARC-Date`` (WARC 1.1 section 5.4); raises `DamageError`."""
    try:
        at = parse_iso(value)
    except ValueError as error:
        raise DamageError(f"the WARC-Date {value[:60]!r}") from error
    if at.tzinfo is None:
        raise DamageError(f"the WARC-Date {value[:60]!r} without a time zone")
    return at
