"""The root element of a markup document, and the kind that it makes of it; looks at the first bytes only."""

from __future__ import annotations

import codecs
import re

_UTF32 = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
)
_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([\w-]+)(?=[\s/>])")
_BOOKMARKS = re.compile(
    r"<!DOCTYPE\s+NETSCAPE-Bookmark|<DL>\s*(?:<p>\s*)?<DT>\s*<(?:A|H3)\b|<DT>\s*<(?:A|H3)\b[^<>]*\sADD_DATE=", re.IGNORECASE
)
_MEDIAWIKI = re.compile(
    r"wgPageName|mediawiki\.org/rdf|mw-parser-output|content=[\"']MediaWiki|\bcurrent-events-|class=[\"'][^\"'<>]*\bvevent\b"
    r"|<ol[^<>]*class=[\"'][^\"'<>]*\breferences\b|<cite[^<>]*class=[\"']citation\b"
)
_HTML = frozenset({"html", "head", "body", "meta", "title", "div", "table", "ol", "ul", "dl", "h1", "section", "main", "article"})


def decode_wide(head: bytes) -> str | None:
    """The text of markup in UTF-32, or in UTF-16 without a BOM; None for everything else."""
    for start, encoding in (*_UTF32, *_UTF16):
        if head.startswith(start):
            return head.decode(encoding, "replace").lstrip("\ufeff")
    return None


def root_name(text: str) -> str | None:
    """The local name of the first element, in lower case, when a text begins with markup."""
    position = 0
    while found := _PROLOG.match(text, position):
        position = found.end()
    root = _ROOT.match(text, position)
    return root[1].lower() if root else None


def is_bookmarks(text: str) -> bool:
    return _BOOKMARKS.search(text) is not None


def is_mediawiki(text: str, root: str) -> bool:
    """Whether a page in HTML was made by MediaWiki: an article, or days of Portal:Current events."""
    return root in _HTML and _MEDIAWIKI.search(text) is not None
