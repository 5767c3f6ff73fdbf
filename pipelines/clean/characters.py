"""What may stand in published text: NFC, no control characters, no lone surrogates; one-line fields also without bidi overrides."""

from __future__ import annotations

import html
import re
from unicodedata import normalize

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u2028\u2029]")
_BREAKS = "\x0b\x0c\r\x85\u2028\u2029"
# U+202A-202E and U+2066-2069 reorder what follows them in a terminal or a log; U+FEFF is a byte order mark gone astray.
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def clean_text(text: str) -> str:
    """The text in NFC, with line breaks kept as ``\\n`` and every other control character left out."""
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda m: "\n" if m.group() in _BREAKS else "", text.replace("\r\n", "\n"))
    return normalize("NFC", text)


def one_line(value: str, limit: int = 5000) -> str:
    """A field of one line: entities resolved, white space folded, no control or bidi override characters, at most ``limit`` characters."""
    value = value[: limit * 4]
    if "&" in value:
        value = _ENTITY.sub(lambda m: html.unescape(m.group()), value)
    if value.isascii() and value.isprintable():
        return " ".join(value.split())[:limit]
    return " ".join(_INVISIBLE.sub("", clean_text(value)).split())[:limit]
