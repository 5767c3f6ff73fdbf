"""Times as web archives write them: fourteen digits, or HTTP dates (RFC 7089 section 2.1.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_DIGITS = re.compile(r"[0-9]{4,14}")
_START = "00000101000000"  # what a shortened timestamp leaves out


def read_timestamp(text: str) -> datetime | None:
    """UTC of ``20160521`` or ``20160521101500``; None for what is no time, such as a month 00, which real indexes have."""
    if not _DIGITS.fullmatch(text) or len(text) % 2:
        return None
    try:
        return datetime.strptime(text + _START[len(text) :] + "+0000", "%Y%m%d%H%M%S%z").astimezone(UTC)
    except ValueError:
        return None


def timestamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S").zfill(14)


def read_http_date(text: str | None) -> datetime | None:
    """UTC of ``Sat, 21 May 2016 00:00:00 GMT``; None for anything else."""
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)
