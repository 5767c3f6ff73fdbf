"""Reading a recorded HTTP/1.x message back: its head, its raw body, and the body without its codings.

Nothing here raises on hostile bytes. What is odd is said in flags; what came is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.warc.coding import Decoded, remove_coding

__all__ = ["Decoded", "HttpMessage", "decode_body", "decode_transfer", "first_blank_line", "parse_http", "same_coding"]

MAX_CODINGS = 5
"""As many as urllib3 follows (CVE-2025-66418): more is an attack, not a page."""

_STATUS = re.compile(rb"(HTTP/\d+(?:\.\d+)?|ICY)[ \t]+(\d{3})(?![0-9])[ \t]*([^\r\n]*)")
_REQUEST = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\r\n]* (HTTP/\d\.\d)\r?(?:\n|\Z)")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LEADING = re.compile(rb"(?:\r?\n)*")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_TOKEN = re.compile(r"[a-z0-9._-]{1,20}")


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A recorded message. Of a response with interim ones before it (1xx), the final one, when it came."""

    version: str  # "HTTP/1.1"; "" when the block does not begin like HTTP
    status: int | None  # None for requests and for what is not HTTP
    reason: bytes
    headers: tuple[tuple[bytes, bytes], ...]  # in order, names as sent; lines without a colon are left out, folded ones joined
    body: bytes  # as recorded: transfer and content coding still on
    body_offset: int  # bytes from the start of the block
    interim: int = 0  # 1xx heads before this one

    def header(self, name: str) -> str | None:
        """The first value of a header, as latin-1; the name in any case."""
        wanted = name.lower().encode("latin-1", "replace")
        return next((v.decode("latin-1") for n, v in self.headers if n.lower() == wanted), None)

    def header_list(self, name: str) -> tuple[str, ...]:
        """The comma-separated items of all headers of that name, in order, stripped, without empty ones."""
        wanted = name.lower().encode("latin-1", "replace")
        values = [v.decode("latin-1") for n, v in self.headers if n.lower() == wanted]
        return tuple(item for value in values for part in value.split(",") if (item := part.strip()))


def first_blank_line(block: bytes, start: int = 0) -> tuple[int, int]:
    """Where the head that begins at ``start`` ends and what follows it begins; both the block's end when the head is cut."""
    found = _BLANK_LINE.search(block, start)
    return found.span() if found else (len(block), len(block))


def parse_http(block: bytes) -> HttpMessage:
    """The message in a WARC block, read as leniently as browsers do (RFC 9112 section 2.2). Never raises."""
    start = _LEADING.match(block).end()  # type: ignore[union-attr]  # matches the empty string too
    status = _STATUS.match(block, start)
    if status is None:
        return _parse_request(block, start)
    interim = 0
    head_end, body_at = first_blank_line(block, start)
    while 100 <= int(status[2]) < 200 and int(status[2]) != 101:
        following = _LEADING.match(block, body_at).end()  # type: ignore[union-attr]
        final = _STATUS.match(block, following)
        if final is None:
            break
        status, start, interim = final, following, interim + 1
        head_end, body_at = first_blank_line(block, start)
    return HttpMessage(
        version=status[1].decode("ascii"),
        status=int(status[2]),
        reason=status[3].rstrip(),
        headers=_headers(block[start:head_end]),
        body=block[body_at:],
        body_offset=body_at,
        interim=interim,
    )


def _parse_request(block: bytes, start: int) -> HttpMessage:
    request = _REQUEST.match(block, start)
    if request is None:
        return HttpMessage("", None, b"", (), block, 0)
    head_end, body_at = first_blank_line(block, start)
    return HttpMessage(request[1].decode("ascii"), None, b"", _headers(block[start:head_end]), block[body_at:], body_at)


def _headers(head: bytes) -> tuple[tuple[bytes, bytes], ...]:
    headers: list[tuple[bytes, list[bytes]]] = []
    colonless = False
    for line in head.split(b"\n")[1:]:
        if line[:1] in (b" ", b"\t"):
            if headers and not colonless:
                headers[-1][1].append(line.strip())
            continue
        name, colon, value = line.partition(b":")
        colonless = not colon
        if colon and name.strip():
            headers.append((name.strip(), [value.strip()]))
        else:
            colonless = True
    return tuple((name, b" ".join(parts).strip()) for name, parts in headers)


def same_coding(one: HttpMessage, other: HttpMessage) -> bool:
    """Whether the head of one describes the recorded body of the other: same transfer and content coding."""
    return all(
        [c.lower() for c in one.header_list(name)] == [c.lower() for c in other.header_list(name)]
        for name in ("Transfer-Encoding", "Content-Encoding")
    )


def decode_body(message: HttpMessage, limit: int = 32 << 20) -> Decoded:
    """The body as its author wrote it: at most ``limit`` bytes, with flags for what was odd. Never raises.

    Flags: ``truncated-chunks``, ``bad-chunks``, ``truncated-body``, ``too-large``, ``too-many-codings``, ``undecoded:<coding>``,
    and for each coding ``truncated-``, ``broken-`` and ``mislabelled-<coding>`` (a body that never was in that coding: kept as it is).
    """
    return _decode(message, limit, [c.lower() for c in message.header_list("Content-Encoding")])


def decode_transfer(message: HttpMessage, limit: int = 1 << 30) -> Decoded:
    """The body without transfer coding only (RFC 9112 section 7), and with the flags of `decode_body`. Never raises."""
    return _decode(message, limit, [])


def _decode(message: HttpMessage, limit: int, content: list[str]) -> Decoded:
    transfer = [c.lower() for c in message.header_list("Transfer-Encoding")]
    flags: list[str] = []
    body = _join_chunks(message.body, limit, flags) if "chunked" in transfer else _cut_to_length(message, limit, flags)
    codings = [c for c in (*content, *transfer) if c not in ("chunked", "identity")]
    if len(codings) > MAX_CODINGS:
        return Decoded(body, (*flags, "too-many-codings"))
    for coding in reversed(codings):
        result = remove_coding(body, coding, limit)
        if result is None:
            flags.append(f"undecoded:{coding}" if _TOKEN.fullmatch(coding) else "undecoded:unknown")
            break
        body = result.body
        flags.extend(result.flags)
    return Decoded(body, tuple(dict.fromkeys(flags)))


def _cut_to_length(message: HttpMessage, limit: int, flags: list[str]) -> bytes:
    body = message.body
    length = (message.header("Content-Length") or "").strip()
    if length.isascii() and length.isdigit() and len(length) < 16:
        if len(body) < int(length) and message.status not in (204, 304):
            flags.append("truncated-body")
        body = body[: int(length)]
    if len(body) > limit:
        flags.append("too-large")
    return body[:limit]


def _join_chunks(body: bytes, limit: int, flags: list[str]) -> bytes:
    """RFC 9112 section 7.1. What stands before the first fault is kept; a body whose first line is no chunk size never was chunked."""
    parts: list[bytes] = []
    at = total = 0
    while True:
        size = _CHUNK_SIZE.match(body, at)
        if size is None:
            rest = body[at : at + 32]
            flags.append("bad-chunks" if b"\n" in rest or len(rest) > 20 else "truncated-chunks")
            return b"".join(parts) if at or flags[-1] == "truncated-chunks" else body[:limit]
        length = int(size[1], 16)
        if length == 0:
            break
        data = body[size.end() : size.end() + length]
        parts.append(data)
        total += len(data)
        if total > limit:
            flags.append("too-large")
            break
        if len(data) < length:
            flags.append("truncated-chunks")
            break
        at = size.end() + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
    return b"".join(parts)[:limit]
