"""A page decoded once and parsed once."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cchardet
from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.charsets import codec_of, name_of

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PRESCAN = 8192
"""Bytes searched for a declared charset. The standard says 1,024; pages with a long head declare it later."""
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARED = re.compile(rb"<meta[^<>]*?charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^<>]*?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_TOLERATED = 0.1
"""Share of undecodable among the non-ASCII characters up to which a label is believed: a cut page ends amid a character."""
_DETECTED = {"uhc": "euc-kr", "mac-cyrillic": "x-mac-cyrillic", "maccyrillic": "x-mac-cyrillic"}
"""Names of the detector that the standard has not."""
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f")
_FORM_FEED = bytes.maketrans(b"\f", b" ")
_NONCHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
# libxml2 puts these into the tree, and lxml then refuses to copy the text that holds them.
_BAD_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[efEF])(?![0-9a-fA-F]));?"
)
_DOCTYPE = re.compile(rb"<!doctype[^<>]*>", re.IGNORECASE)
_CLOSED_HTML = re.compile(rb"(<html[^<>]*?)\s*/>", re.IGNORECASE)
# lxml.html picks a class by tag name in Python for every element touched, a tenth of all time; forms and links need none of their own.
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
_VISIBLE = etree.XPath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page. ``tree`` is None when nothing could be parsed; ``html`` is UTF-8 without characters that XML forbids."""

    tree: HtmlElement | None
    charset: str
    html: bytes

    def visible_text(self, limit: int = 20_000) -> str:
        """About what a reader sees, boilerplate included, white space folded: at most ``limit`` characters."""
        if self.tree is None:
            return ""
        parts: list[str] = []
        room = limit
        for part in _VISIBLE(self.tree):
            folded = " ".join(part.split())
            if folded:
                parts.append(folded)
                room -= len(folded) + 1
            if room <= 0:
                break
        return " ".join(parts)[:limit]


def parse_page(body: bytes, content_type: str | None) -> Page:
    """Decode and parse a page. ``content_type`` is the whole HTTP header value. Never raises on bad markup, only on lack of memory."""
    text, codec = decode(body, content_type)
    html = text.encode("utf-8", "replace").translate(_FORM_FEED, _CONTROLS)
    if b"\xef\xbf\xbe" in html or b"\xef\xbf\xbf" in html:
        html = _NONCHARACTERS.sub(b"", html)
    html = _BAD_REFERENCE.sub(b"", html)
    return Page(_parse(html), name_of(codec), html)


def _parse(html: bytes) -> HtmlElement | None:
    if not html.strip():
        return None
    # libxml2 reads no content after some doctypes (a slash in the identifier) and after <html/>.
    head = _CLOSED_HTML.sub(rb"\1>", _DOCTYPE.sub(b"", html[:_PRESCAN], count=1), count=1)
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False, huge_tree=True, recover=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = etree.fromstring(head + html[_PRESCAN:], parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError) as error:
        if any(entry.type == etree.ErrorTypes.ERR_NO_MEMORY for entry in parser.error_log):
            raise MemoryError from error  # libxml2 calls it a syntax error
        return None
    return tree if isinstance(tree, HtmlElement) else None


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The text and the codec used: byte order mark, HTTP header, declaration in the page, UTF-8 when it is, then detection.

    A label that does not fit the bytes is passed over, since servers and templates mislabel; bytes that are valid UTF-8 with
    non-ASCII characters are UTF-8 whatever a one-byte label says.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace"), codec
    labels = _labels(body, content_type)
    wide = next((c for c in labels if c.startswith("utf-16")), None) or _looks_utf16(body)
    if wide:
        return body.decode(wide, "replace"), wide
    if body.isascii() and b"\x1b" not in body:
        return body.decode("ascii"), labels[0] if labels else "utf-8"
    if not (b"\x1b" in body and body.isascii()):
        try:
            return body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    return _best(body, labels)


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """Codecs that header and page declare, in that order. A page cannot declare UTF-16: it was read as ASCII to get there."""
    header = _HEADER.search(content_type or "")
    found = [codec_of(header[1])] if header else []
    for match in _DECLARED.finditer(_COMMENT.sub(b"", body[:_PRESCAN])):
        codec = codec_of((match[1] or match[2]).decode("ascii", "replace"))
        found.append("utf-8" if codec and codec.startswith("utf-16") else codec)
    return [c for c in dict.fromkeys(found) if c]


def _looks_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark or a label shows as a NUL in every other byte of the first tags."""
    head = body[:64]
    if len(head) < 8 or not 0.4 < head.count(0) / len(head) < 0.6:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _best(body: bytes, labels: list[str]) -> tuple[str, str]:
    """The first codec under which hardly anything is undecodable, else the one with the least of it."""
    tried: list[tuple[float, str, str]] = []
    for codec in labels:
        tried.append(_try(body, codec))
        if tried[-1][0] <= _TOLERATED:
            return tried[-1][1], codec
    found = (cchardet.detect(body)["encoding"] or "").lower()
    guess = codec_of(_DETECTED.get(found, found))
    for codec in dict.fromkeys((guess or "cp1252", "cp1252", "utf-8")):
        if codec not in labels:
            tried.append(_try(body, codec))
            if tried[-1][0] <= _TOLERATED:
                break
    _, text, codec = min(tried, key=lambda t: t[0])
    return text, codec


def _try(body: bytes, codec: str) -> tuple[float, str, str]:
    text = body.decode(codec, "replace")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return (text.count("\ufffd") / foreign if foreign else 0.0), text, codec
