"""Replies of `OddServer` that real servers send and parsers stumble over, each with how its capture must end."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from tests.support.odd_server import CLOSE, RESET, Forever, Reply, chunked

PAGE = b"<!doctype html><title>odd</title>" + b"<p>one paragraph after the other</p>" * 40
PACKED = gzip.compress(PAGE, mtime=0)


@dataclass(frozen=True)
class Odd:
    reply: Reply
    body: bytes | None  # as the spider gets it; None when the request ends in an error
    truncated: str | None = None
    endless: bool = False


def _head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join((status, *lines)) + b"\r\n\r\n"


def _length(body: bytes) -> bytes:
    return b"Content-Length: %d" % len(body)


def _odd(head: tuple[bytes, ...], status: bytes = b"HTTP/1.1 200 OK") -> Odd:
    """An odd header section before an ordinary body."""
    return Odd((_head(*head, _length(PAGE), status=status) + PAGE,), PAGE)


_CHUNKED = _head(b"Transfer-Encoding: chunked")

CASES: dict[str, Odd] = {
    "reason": _odd((), status=b"HTTP/1.1 200 Very OK; indeed  "),
    "no-reason": _odd((), status=b"HTTP/1.1 200"),
    "http-1.0": Odd((_head(status=b"HTTP/1.0 200 OK") + PAGE, CLOSE), PAGE),
    "duplicate-headers": _odd((b"Set-Cookie: a=1", b"X-Between: x", b"set-cookie: b=2", b"SET-COOKIE: c=3")),
    "header-case": _odd((b'ETag: "q"', b"X-XSS-Protection: 0", b"x-lower: a", b"WWW-authenticate: x")),
    "header-blanks": _odd((b"X-Tab:\tvalue  ", b"X-Tight:value", b"X-Empty:", b"X-Colon: a:b:c")),
    "latin-1": _odd((b"X-Latin: caf\xe9 \xff",)),
    "no-colon": _odd((b"this line has no colon", b"X-After: yes")),
    "bad-names": _odd((b"X Space: 1", b"X-Nul\0: 2", b": 3", b"X-Late : 4", b"X-After: yes")),
    "fold": _odd((b"X-Folded: one", b"  two", b"\tthree")),
    "long-line": _odd((b"Content-Security-Policy: " + b"x" * 40_000,)),
    "bare-lf": Odd((b"HTTP/1.1 200 OK\nX-Plain: lf\n" + _length(PAGE) + b"\n\n" + PAGE,), PAGE),
    "chunks": Odd((_CHUNKED + chunked(PAGE[:100], PAGE[100:]),), PAGE),
    "chunk-extension": Odd((_CHUNKED + chunked(PAGE, extension=b';name="v"'),), PAGE),
    "trailers": Odd((_CHUNKED + chunked(PAGE, trailers=b"X-Checksum: abc\r\nX-More: d\r\n"),), PAGE),
    "chunks-in-pieces": Odd((_CHUNKED, 0.05, b"2", b"\r", 0.05, b"\nab\r\n", 0.05, b"0\r\n", 0.05, b"\r\n"), b"ab"),
    "gzip-chunked": Odd(
        (_head(b"Content-Encoding: gzip", b"Transfer-Encoding: chunked") + chunked(PACKED[:20], PACKED[20:], extension=b";e=1"),), PAGE
    ),
    "continue": Odd((b"HTTP/1.1 100 Continue\r\n\r\n", 0.05, _head(_length(PAGE)) + PAGE), PAGE),
    "early-hints": Odd((b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" * 3 + _head(_length(PAGE)) + PAGE,), PAGE),
    "no-content": Odd((_head(status=b"HTTP/1.1 204 No Content"),), b""),
    "not-modified": Odd((_head(b'ETag: "same"', b"Content-Length: 900", status=b"HTTP/1.1 304 Not Modified"),), b""),
    "empty": Odd((_head(b"Content-Length: 0"),), b""),
    "error-page": _odd((), status=b"HTTP/1.1 500 Oh No"),
    "redirect": Odd((_head(b"Location: /elsewhere", _length(b"moved"), status=b"HTTP/1.1 302 Found") + b"moved",), b"moved"),
    "until-close": Odd((_head(b"Connection: close") + PAGE, 0.05, PAGE, CLOSE), PAGE + PAGE),
    "bad-length": Odd((_head(b"Content-Length: many") + PAGE, CLOSE), PAGE),
    "two-lengths": Odd((_head(b"Content-Length: 5", b"Content-Length: 50") + PAGE, CLOSE), PAGE),
    "unknown-coding": Odd((_head(b"Transfer-Encoding: xyzzy") + PAGE, CLOSE), PAGE),
    "two-codings": Odd((_head(b"Transfer-Encoding: xyzzy, Chunked") + chunked(PAGE),), PAGE),
    "surplus": Odd((_head(_length(PAGE)) + PAGE,), PAGE),  # the test adds bytes behind the end
    # cut short: what came is kept and handed on when the header was whole
    "cut-length": Odd((_head(b"Content-Length: 5000") + PAGE, CLOSE), PAGE, "disconnect"),
    "cut-chunk": Odd((_CHUNKED + b"1000\r\n" + PAGE[:200], CLOSE), PAGE[:200], "disconnect"),
    "no-last-chunk": Odd((_CHUNKED + b"3\r\nabc\r\n", CLOSE), b"abc", "disconnect"),
    "bad-chunk": Odd((_CHUNKED + b"3\r\nabc\r\nnot a number\r\n", 0.05, CLOSE), b"abc", "disconnect"),
    "reset-length": Odd((_head(b"Content-Length: 5000") + PAGE, 0.1, RESET), PAGE, "disconnect"),
    "reset-until-close": Odd((_head() + PAGE, 0.1, RESET), PAGE, "disconnect"),
    "cut-header": Odd((b"HTTP/1.1 200 OK\r\nContent-Ty", CLOSE), None, "disconnect"),
    "not-http": Odd((b"SSH-2.0-OpenSSH_9.2\r\nmore of it\r\n", CLOSE), None, "disconnect"),
    "nothing": Odd((CLOSE,), None, "disconnect"),
    "nothing-reset": Odd((RESET,), None, "disconnect"),
    # time: the deadline of the test crawl
    "slow-body": Odd((_head(b"Content-Length: 5000") + PAGE, 20.0), PAGE, "time"),
    "slow-until-close": Odd((_head(), PAGE, 20.0), PAGE, "time"),
    "drip-body": Odd((_CHUNKED, Forever(b"1\r\nx\r\n", 0.1)), b"x", "time", endless=True),
    "slow-header": Odd((b"HTTP/1.1 200 OK\r\nX-Slow: ", 20.0), None, "time"),
    "drip-header": Odd((b"HTTP/1.1 200 OK\r\n", Forever(b"X-Drip: 1\r\n", 0.1)), None, "time", endless=True),
    "silence": Odd((20.0,), None, "time"),
    # size
    "huge-body": Odd((_head(b"Content-Length: 9000000"), Forever(b"0123456789abcdef" * 4096)), b"0123456789abcdef", "length", endless=True),
    "huge-chunks": Odd((_CHUNKED, Forever(b"a\r\n0123456789\r\n" * 4096)), b"0123456789", "length", endless=True),
    "huge-until-close": Odd((_head(), Forever(b"0123456789abcdef" * 4096)), b"0123456789abcdef", "length", endless=True),
    "endless-headers": Odd((b"HTTP/1.1 200 OK\r\n", Forever(b"X-Flood: 0123456789\r\n" * 500)), None, "length", endless=True),
    "endless-header-line": Odd((b"HTTP/1.1 200 OK\r\nX-Flood: ", Forever(b"0123456789" * 1000)), None, "length", endless=True),
    "endless-1xx": Odd((Forever(b"HTTP/1.1 102 Processing\r\n\r\n" * 400),), None, "length", endless=True),
    "endless-trailers": Odd((_CHUNKED + b"3\r\nabc\r\n0\r\n", Forever(b"X-T: 0123456789\r\n" * 500)), b"abc", "length", endless=True),
}
