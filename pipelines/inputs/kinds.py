"""What an input is, by the first bytes of its content; its name is not looked at."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum

from pipelines.inputs.columns import ADDRESS, find_table
from pipelines.inputs.decode import decode
from pipelines.inputs.markup import decode_wide, is_bookmarks, is_mediawiki, root_name

HEAD = 65_536  # bytes looked at


class Kind(StrEnum):
    DIGEST = "digest"
    WIKITEXT = "wikitext"
    URL_LIST = "url list"
    FEED = "feed"
    SITEMAP = "sitemap"
    BOOKMARKS = "bookmarks"
    WIKI_HTML = "wiki page"
    BIBTEX = "BibTeX"
    CSL_JSON = "CSL-JSON"


GZIP = b"\x1f\x8b"
_MAGIC = (
    (b"PK\x03\x04", "a ZIP file: unpack it first"),
    (b"%PDF-", "a PDF file"),
    (b"WARC/", "a WARC file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_SECTION = re.compile(r"^#{2,4}\s+(?:Sources?|Related|信息来源|信息來源|来源|有关|有關)\s*[::]\s*$", re.MULTILINE)
_LINKED_HEADING = re.compile(r"^#{2,3} \[[^\n]*\)[ \t\r]*$", re.MULTILINE)
_WIKITEXT = re.compile(
    r"\{\{\s*(?:current\s+events|cite\b|source\s*\||[A-Za-z][^{}|\n]{0,60}[|}])|^[*:#;]+\s?[^\n]*\[\[[^\[\]\n]+\]\]|^'''.+'''",
    re.MULTILINE | re.IGNORECASE,
)
_WIKI_LINK = re.compile(
    r"\[\[[^\[\]\n]{1,500}\]\]|\[https?://[^\s\]]{1,500}\s[^\]\n]{0,500}\]|<ref[ >]|\{\{\s*(?:current\s+events|cite|source\s*\|)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<body|<div|<table)", re.IGNORECASE)
_FEEDS = frozenset({"rss", "feed", "rdf", "channel"})
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
_BIBTEX = re.compile(
    r"^[ \t]*@(?:string|preamble|comment|[a-z]{3,30})[ \t]*[{(][ \t\n]*[^\s{}(),]{1,200}[ \t\n]*[,=]", re.MULTILINE | re.IGNORECASE
)
_CSL = re.compile(
    r'\s*(?:\[\s*\{|\{\s*"items"\s*:\s*\[|\{[ \t]*\n).{0,60000}?"(?:URL|DOI|issued|accessed|container-title|type)"\s*:', re.DOTALL
)


def why_unreadable(head: bytes) -> str | None:
    """Why bytes that begin like this are no text at all; None when they are."""
    if not head.strip():
        return "empty"
    for magic, words in _MAGIC:
        if head.startswith(magic):
            return f"{words}, no digest page and no list of addresses"
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not _is_wide_markup(head):
        return "binary data, no digest page and no list of addresses"
    return None


def _is_wide_markup(head: bytes) -> bool:
    text = decode_wide(head)
    return text is not None and root_name(text) is not None


def tell_kind(head: bytes, *, whole: bool) -> Kind | None:
    """The kind of a text, None when it is none of ours. ``head``: its first HEAD bytes; ``whole``: they are all of it."""
    wide = decode_wide(head)
    if wide is not None:
        return _markup_kind(wide)
    text = decode(head)[0]
    return _markup_kind(text) or _text_kind(text if whole else text[: text.rfind("\n") + 1] or text)


def _markup_kind(text: str) -> Kind | None:
    root = root_name(text)
    if root is None:
        return None
    if root in _FEEDS:
        return Kind.FEED
    if root in _SITEMAPS:
        return Kind.SITEMAP
    if is_bookmarks(text):
        return Kind.BOOKMARKS
    return Kind.WIKI_HTML if is_mediawiki(text, root) else None


def _text_kind(text: str) -> Kind | None:
    if _SECTION.search(text) or any("](" in heading.group() for heading in _LINKED_HEADING.finditer(text)):
        return Kind.DIGEST
    return None if _MARKUP.match(text) else _plain_kind(text)


def _plain_kind(text: str) -> Kind | None:
    if _CSL.match(text):
        return Kind.CSL_JSON
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")][:100]
    if _is_list(lines):
        return Kind.URL_LIST
    if _BIBTEX.search(text):
        return Kind.BIBTEX
    return Kind.WIKITEXT if _WIKITEXT.search(text) and _WIKI_LINK.search(text) else None


def _is_list(lines: list[str]) -> bool:
    if not lines:
        return False
    if re.fullmatch(r"\s*[\[{]\s*", lines[0]):
        return False  # a JSON document over several lines
    if re.match(r'\s*(?:\{\s*\w*"|"https?:)', lines[0]):
        return any(re.search(r'"(?:url|uri|link|href)"\s*:|^\s*"https?:', line) for line in lines)
    if sum(1 for line in lines if ADDRESS.match(line.strip())) == 0:
        return find_table(lines) is not None
    listed = sum(1 for line in lines if ADDRESS.match(line.strip()) or not re.search(r"\s", line.strip()))
    return listed * 2 >= len(lines) or find_table(lines) is not None
