"""What the headers of a foreign record say, read as other tools write them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime

from archive.errors import DamageError
from archive.times import parse_iso
from archive.warc.reader import Record

_SHORT = re.compile(r"\d{4}(?:-\d\d)?")
_ALGORITHMS = {"sha1": 20, "sha256": 32, "md5": 16}


def foreign_date(value: str) -> datetime:
    """A ``WARC-Date``, which is in UTC and may be as short as a year (WARC 1.1 section 5.4). Raises `DamageError`."""
    said = value.strip()
    try:
        at = parse_iso(said + "-01-01"[3 * said.count("-") :] if _SHORT.fullmatch(said) else said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DamageError(f"the WARC-Date {value[:60]!r}" if said else "no WARC-Date") from error


def block_fault(record: Record) -> str:
    """In what a block is not the one that its own ``WARC-Block-Digest`` is of (WARC 1.1 section 5.8); empty when it is, or has none."""
    said = record.header("WARC-Block-Digest") or ""
    algorithm, _, value = said.partition(":")
    size = _ALGORITHMS.get(algorithm.lower().replace("-", ""))
    if size is None:
        return ""
    true = hashlib.new(algorithm.lower().replace("-", ""), record.block, usedforsecurity=False).digest()
    return "" if _as_bytes(value.strip(), size) == true else f"its block is not {said[:100]}"


def _as_bytes(value: str, size: int) -> bytes | None:
    """A digest in hex or base32, as its length says."""
    try:
        return bytes.fromhex(value) if len(value) == 2 * size else base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except (ValueError, binascii.Error):
        return None
