# ruff: noqa: E501 - tables read best in long lines
"""Hostile input made here, for machines without the shared corpus: answers, documents, addresses and strings that no one should send.

All of it follows from a seed, so that what failed can be made again.
"""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterator

ARTICLE = "<p>" + "The council met on Tuesday and agreed the budget of the coming year, officials said. " * 12 + "</p>"
PAGE = f"<!doctype html><html><head><title>A quiet page</title></head><body><article><h1>A quiet page</h1>{ARTICLE}</article></body></html>"

STRINGS = (
    "", " ", "\t", "\u00a0", "null", "undefined", "NaN", "Infinity", "-1", "1e309", "0x0", "true", "\\", "\\\\", "'", '"', "`", "--", "';--",
    "<script>alert(1)</script>", "<![CDATA[", "]]>", "<!--", "-->", "&#0;", "&#xD800;", "&amp;amp;", "%s%n", "%00", "%0d%0a", "{{7*7}}",
    "${jndi:x}", "../../etc/passwd", "C:\\con", "con", "nul.txt", "/dev/null", "\x00", "a\x00b", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07",
    "\x9b31m", "a\r\nSet-Cookie: x", "a\nb", "a\u2028b", "a\u2029b", "\ufeffbom", "\ufffe", "\uffff", "\ud800", "\udfff\ud800", "\U0010ffff",
    "\u202egnp.exe", "\u2066x\u2069", "\u200e\u200f", "Z\u0351\u036b\u0343\u036a\u0302a\u0338\u030c", "\u0e47" * 40, "\U0001f468\u200d\U0001f469",
    "\u06dd", "\u180e", "\u1680", "\ufe0e", "ﬁ", "İ", "ß", "ſ", "Å", "A\u030a", "田中さん", "和製漢語", "社會科學院", "הָיְתָה", "مُنَاقَشَة", "ᚠᛇᚻ", "𝕿𝖍𝖊",
    "x" * 5000, "é" * 5000, "\u0301" * 5000, "a,b;c|d\te", "=cmd|' /C calc'!A0", "@SUM(1)", "- [x](y)", "# heading", "| a | b |", "[[link]]",
    "* item", "http://", "javascript:alert(1)", "data:text/html,x", "mailto:a@b", "1;2", "\u3000", "\u2060", "\u00ad",
)  # fmt: skip
"""Titles, names and tags that break naive code."""

_HOSTS = (
    "example.org", "EXAMPLE.org.", "127.0.0.1", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[", "]", "[]", "[v1.x]", "a..b", ".", "-", "xn--a",
    "xn--", "faß.example", "①②⑦.⓪.⓪.①", "１２７。０。０。１", "a" * 64 + ".example", ".".join(["a"] * 200), "ex%61mple.org", "a b", "a\tb",
    "\u202e.example", "\ud800.example", "a_b.example", "*.example", "user:pass@example.org", "@", "a@b@c", ":80", "example.org:99999",
    "example.org:0", "example.org:x", "example.org:٣", "", "\\\\host", "example.org\\@evil.example", "1" * 400, "0" * 50 + "1",
)  # fmt: skip
_TAILS = ("", "/", "//", "/..", "/../../x", "/%2e%2e/", "/%", "/%zz", "/%25" * 30, "/\\", "/a b", "/\u00e9", "/%C3%28", "/\ud800", "?", "?&&=&", "?a=%",
          "?" + "a=1&" * 300, "#", "#\x1b[2J", "/;jsessionid=" + "0" * 32, "/\r\nX: y", "/\x00", "/" + "a" * 20_000, "/:80", "/\u2028")  # fmt: skip
_SCHEMES = ("http://", "https://", "HTTP://", "http:", "http:/", "http:///", "//", "", "ftp://", "file:///", "data:,", "javascript:", "h\tttp://",
            " http://", "http:\\\\", "x-y+z.1://")  # fmt: skip


def urls(seed: int = 1, count: int = 500) -> list[str]:
    dice = random.Random(seed)
    return [dice.choice(_SCHEMES) + dice.choice(_HOSTS) + dice.choice(_TAILS) for _ in range(count)]


# --- answers ----------------------------------------------------------------------------------------


def _head(*lines: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join((status, *lines)).encode("latin-1") + b"\r\n\r\n"


def _sound(dice: random.Random) -> bytes:
    body, packed = PAGE.encode(), gzip.compress(PAGE.encode(), mtime=0)
    return dice.choice(
        (
            _head("Content-Type: text/html", f"Content-Length: {len(body)}") + body,
            _head("Content-Type: text/html; charset=utf-8", "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
            _head("Content-Type: text/html", "Content-Encoding: gzip", f"Content-Length: {len(packed)}") + packed,
            _head("Content-Type: text/html", "Content-Encoding: deflate", "Connection: close") + zlib.compress(body),
            _head("Content-Type: application/xml", f"Content-Length: {len(body)}", status="HTTP/1.0 404 Gone fishing") + body,
            _head("Location: /elsewhere", "Content-Length: 0", status="HTTP/1.1 302 Found"),
            _head("Link: </s>", status="HTTP/1.1 103 Early Hints") + _head(f"Content-Length: {len(body)}") + body,
        )
    )


def _flip(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        out[dice.randrange(min(len(out), 400))] = dice.randrange(256)
    return bytes(out)


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def _doubled(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\r\n")
    at = dice.randrange(len(lines))
    return b"\r\n".join([*lines[: at + 1], *lines[at:]])


def _lying(data: bytes, dice: random.Random) -> bytes:
    lie = dice.choice((b"-1", b"0", b"99999999999", b"18446744073709551616", b"5, 5", b"0x10", b"", b"+3", b"1e3", b"\xd9\xa3"))
    return data.replace(b"Content-Length: ", b"Content-Length: " + lie + dice.choice((b"", b"\r\nContent-Length: ")), 1)


def _ends(data: bytes, dice: random.Random) -> bytes:
    return data.replace(b"\r\n", dice.choice((b"\n", b"\r", b"\r\r\n", b"\n\r")), dice.randint(1, 6))


def _noise(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(min(len(data), 300))
    return (
        data[:at]
        + dice.choice((b"\0" * 9, b"\x1b[2J", b"\xff" * 30, b": :", b" ", b"\r\n", b"HTTP/1.1 200 OK\r\n", b"x" * 70_000))
        + data[at:]
    )


def _same(data: bytes, _: random.Random) -> bytes:
    return data


_SPOIL: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _doubled, _lying, _ends, _noise, _same)


def answers(seed: int = 1, count: int = 200) -> Iterator[tuple[str, bytes]]:
    """Whole HTTP answers as they go over the wire, before the connection is closed, each with a name."""
    dice = random.Random(seed)
    for number in range(count):
        spoil = dice.choice(_SPOIL)
        yield f"{spoil.__name__.strip('_')}-{number}", spoil(_sound(dice), dice)


# --- documents --------------------------------------------------------------------------------------


def _piece(dice: random.Random) -> str:
    tag = dice.choice(
        ("p", "div", "table", "td", "a", "svg", "math", "template", "script", "style", "select", "b", "li", "title", "noscript", "x-y")
    )
    text = dice.choice(STRINGS)
    return dice.choice(
        (f"<{tag}>{text}", f"</{tag}>", f"<{tag} {text}={text}>", f'<{tag} a="{text}">{text}</{tag}>', text, ARTICLE, f"<!{text}>")
    )


def documents(seed: int = 1, count: int = 200) -> Iterator[tuple[str, str | None, bytes]]:
    """Name, Content-Type and body of pages made of broken pieces in odd encodings."""
    dice = random.Random(seed)
    types = (
        "text/html",
        "text/html; charset=utf-8",
        "text/html; charset=utf-7",
        "text/html; charset=rot13",
        "text/plain",
        "application/xml",
        None,
    )
    codecs = ("utf-8", "latin-1", "utf-16", "utf-16-be", "cp1252", "shift_jis", "gb18030", "utf-32", "utf-7")
    for number in range(count):
        text = "".join(_piece(dice) for _ in range(dice.randint(0, 60)))
        body = text.encode(dice.choice(codecs), dice.choice(("replace", "ignore", "xmlcharrefreplace")))
        yield f"pieces-{number}", dice.choice(types), _flip(body, dice) if body and dice.random() < 0.3 else body


def heavy_documents(megabytes: int = 5) -> Iterator[tuple[str, str | None, bytes]]:
    """Pages on which parsers run out of time, of memory or of stack."""
    size = megabytes << 20
    html = "text/html; charset=utf-8"
    yield (
        "100,000 attributes",
        html,
        b"<html><body><div " + b" ".join(b"a%06d" % n for n in range(100_000)) + b"><p>text</p></div></body></html>",
    )
    yield "one paragraph", html, b"<p>" + b"word " * (size // 5)
    yield "short paragraphs", html, b"<p>word <b>and</b> word</p>" * (size // 27)
    yield "siblings", html, b"<body>" + b"<i></i>" * (size // 7)
    yield "links", html, b"<body>" + b"".join(b'<a href="/%d">link %d</a>' % (n, n) for n in range(size // 32))
    yield "table", html, b"<table>" + b"<tr><td>a<td>b<td>c" * (size // 19)
    yield "nested", html, b"<div>" * (size // 5)
    yield "nested inline", html, b"<b><i>" * (size // 6) + b"text"
    yield "nested lists", html, b"<ul><li>x" * (size // 9)
    yield "brackets", html, b"<" * size
    yield "ampersands", html, b"&" * size
    yield "blanks", html, b"<p>a" + b" " * size + b"b"
    yield "line ends", html, b"<pre>" + b"\n" * size
    yield "comment", html, b"<!--" + b"-" * size
    yield "digits", html, b"<p>" + b"20160524" * (size // 8)
    yield "title", html, b"<title>" + b"a" * size + b"</title><p>text"
    yield "meta", html, b"".join(b'<meta name="author" content="A %d and B">' % n for n in range(size // 45))
    yield "json-ld", html, b'<script type="application/ld+json">' + b"[" * size
    yield "one attribute", html, b'<p title="' + b"x" * size + b'">text</p>'
    yield "combining marks", html, ("<p>a" + "\u0301" * (size // 2)).encode()
    yield (
        "laughs",
        "application/xml",
        b"<!DOCTYPE x [<!ENTITY a 'ha'>"
        + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;") for n in range(10))
        + b"]><x>&a9;</x>",
    )
    yield "zeros", html, b"\0" * size
    yield "utf-16", "text/html", ("\ufeff<p>" + "word " * (size // 10)).encode("utf-16-le")
