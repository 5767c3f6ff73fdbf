"""One WARC 1.1 record as one gzip member, from validated values.

Header names are constants of the callers. Every header value is checked here, where it is written, so nothing that a server or a digest
says can forge a header: addresses are percent-escaped before (`archive.urls.target_uri`), any other control character is an error.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from isal import igzip_lib

from archive.digests import warc_digest
from archive.times import iso

Fields = Sequence[tuple[str, str]]

WARC_FIELDS = ("Content-Type", "application/warc-fields")

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_RECORD_ID = re.compile(r"<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>")
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_PROTOCOL = re.compile(r"[a-z]+/[0-9](?:\.[0-9])?")


def new_record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def member(head: Fields, block: bytes, level: int = 1) -> bytes:
    """The record's gzip member: no name and no time in the gzip header, so the same record is the same bytes.

    ``level`` is igzip's: 1 for what is compressed already, 3 for text. Raises `ValueError` on a control character in a value.
    """
    if _FORBIDDEN.search("".join([value for _, value in head])):
        name, value = next(field for field in head if _FORBIDDEN.search(field[1]))
        raise ValueError(f"a control character in {name}: {value[:80]!r}")
    lines = "".join([f"{name}: {value}\r\n" for name, value in head])
    start = f"WARC/1.1\r\n{lines}WARC-Block-Digest: {warc_digest(block)}\r\nContent-Length: {len(block)}\r\n\r\n"
    return igzip_lib.compress(b"".join((start.encode("utf-8"), block, b"\r\n\r\n")), level, igzip_lib.COMP_GZIP)


def warc_fields(fields: Fields) -> bytes:
    """An ``application/warc-fields`` block: one line a field; control characters of a value are percent-escaped."""
    lines = []
    for name, value in fields:
        if not _FIELD_NAME.fullmatch(name):
            raise ValueError(f"not a field name: {name[:80]!r}")
        lines.append(f"{name}: {one_line(value)}\r\n")
    return "".join(lines).encode("utf-8")


def one_line(value: str) -> str:
    """A value as a field of an ``application/warc-fields`` block holds it."""
    return _FORBIDDEN.sub(lambda m: "".join(f"%{b:02X}" for b in m.group().encode("utf-8", "surrogatepass")), value)


# --- values, each as it may be written ------------------------------------------------------------


def is_record_id(value: str) -> bool:
    """Whether it is an id as we write them."""
    return _RECORD_ID.fullmatch(value) is not None


def record_id(value: str) -> str:
    if not is_record_id(value):
        raise ValueError(f"not a record id: {value[:80]!r}")
    return value


def warc_date(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a WARC-Date needs a time zone")
    return iso(at)


def protocol(value: str) -> str:
    if not _PROTOCOL.fullmatch(value):
        raise ValueError(f"not a WARC-Protocol: {value[:80]!r}")
    return value


def ip_address(value: str | None) -> str | None:
    """A numeric address in its usual form; None for anything else."""
    try:
        return str(ipaddress.ip_address(value)) if value and "%" not in value else None
    except ValueError:
        return None
