"""What a recorded response says about itself in WARC headers and index lines, so that every reader finds the same."""

from __future__ import annotations

import re

from archive.digests import warc_digest
from archive.warc.http import HttpMessage, first_blank_line

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,95}")
_CODED_TYPE = re.compile(r"(?:image/(?!svg|bmp)|video/|audio/|font/woff|application/(?:zip|gzip|x-gzip|pdf|x-7z|epub))")
_EARLY_BLANK = re.compile(rb"(?:\A|\n)[\x09\x0b-\x0d\x1c-\x20\x80-\xff]*\n")
_STATUS_LINE = re.compile(rb"HTTP/[0-9](?:\.[0-9])? +([1-9][0-9]{2})(?:[ \r\n]|\Z)")


def payload_digest(block: bytes) -> str | None:
    """SHA-1 of what follows the first blank line, chunk framing included: what warcio and fastwarc recompute.

    After an interim response (1xx) that is the final response's head and body. None where readers end the head at different
    places (a line of blanks, say): no value would satisfy both.
    """
    end, start = first_blank_line(block)
    head_end = end + (2 if block[end : end + 1] == b"\r" else 1)
    if _EARLY_BLANK.search(block, 0, head_end):
        return None
    return warc_digest(memoryview(block)[start:])


def recorded_status(block: bytes) -> int | None:
    """The status that every reader finds: that of the first status line. None when it is odd, or an interim one (1xx)."""
    found = _STATUS_LINE.match(block)
    status = int(found[1]) if found else None
    return None if status is None or status < 200 else status


def media_type(message: HttpMessage) -> str | None:
    """The media type of ``Content-Type`` without parameters, in lower case; None when it is not one (RFC 6838 section 4.2)."""
    value = (message.header("Content-Type") or "").partition(";")[0].strip().lower()
    return value if _MEDIA_TYPE.fullmatch(value) else None


def is_compressed(message: HttpMessage, media_type: str | None) -> bool:
    """Whether compressing the body again would gain nothing."""
    return bool(message.header("Content-Encoding")) or (media_type is not None and _CODED_TYPE.match(media_type) is not None)
