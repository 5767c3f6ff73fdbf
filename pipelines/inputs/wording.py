"""Titles, summaries and labels as one line of plain text that is safe to print."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?(?:sup|sub|i|b|em|strong|small|big|u|s|span|nowiki|br)\b[^<>]{0,200}>", re.IGNORECASE)
# Control characters, the bidirectional overrides (they reorder a terminal's line) and lone surrogates.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_QUOTES = re.compile(r"'{2,5}")
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
MAX_WORDS = 10_000  # characters of a summary; what is longer is a text, not a summary


def one_line(text: str) -> str:
    """Plain text: HTML entities decoded, inline tags dropped, blanks collapsed, nothing a terminal would obey."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isprintable():
        text = _SURROGATE.sub("\ufffd", _UNPRINTABLE.sub(" ", text))
    return " ".join(text.split())


def words_of(markup: str) -> str:
    """The words of a piece of HTML as one line, cut at MAX_WORDS characters."""
    text = markup[: 20 * MAX_WORDS]
    if "<" in text:
        text = _ANY_TAG.sub(" ", _HIDDEN.sub(" ", text))
    line = one_line(text)
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 3] + "..."


def publisher(text: str) -> str:
    """A source's label without the wiki's and the digest's wrapping: ``(''The Guardian'')`` is ``The Guardian``."""
    label = _unquoted(one_line(_QUOTES.sub("", text)))
    if label.startswith("(") and label.find(")") in {-1, len(label) - 1}:
        label = _unquoted(label.removesuffix(")")[1:])
    return label


def _unquoted(label: str) -> str:
    """Without quotation marks that enclose all of it, or that stand at an end without a partner."""
    label = label.strip(" ,;")
    if len(label) > 1 and (label[0], label[-1]) in {('"', '"'), ("“", "”")}:
        return label[1:-1].strip()
    if label.count('"') == 1:
        label = label.strip('"')
    if label.count("“") != label.count("”"):
        label = label.removeprefix("“").removesuffix("”")
    return label.strip()
