"""Text as the full-text index takes it: of scripts that put no blanks between words, every character is a word of its own.

A word in such a script is then found as the phrase of its characters, wherever it stands. Korean is among them: it has blanks, but its
particles are written on to the word.
"""

from __future__ import annotations

import re
import unicodedata

BEGIN, END = "\x02", "\x03"
"""What the index is told to put around words that were found."""

_BORDER = "\u200b"  # shows as nothing, and is no letter to SQLite's tokenizer
_RESERVED = re.compile(f"[\0{BEGIN}{END}{_BORDER}]")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Hangul, Khmer, kana, Han."""
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_PLACES = re.compile(rf"(?<=[{_UNSPACED}])(?=[{_UNSPACED}\w])|(?<=\w)(?=[{_UNSPACED}])")


def indexed(text: str | None) -> str:
    """The text for the index, in Unicode's form NFC; ``shown`` gives it back."""
    clean = _RESERVED.sub("", text or "")
    if clean.isascii():
        return clean
    clean = unicodedata.normalize("NFC", clean)
    return _PLACES.sub(_BORDER, clean) if _IS_UNSPACED.search(clean) else clean


def shown(text: str) -> str:
    return text.replace(_BORDER, "")


def is_unspaced(text: str) -> bool:
    return _IS_UNSPACED.search(text) is not None


def has_word(text: str) -> bool:
    """Whether there is a letter, number or private character in it, as the tokenizer of ``schema.sql`` sees them."""
    return any(unicodedata.category(c)[0] in "LNM" or unicodedata.category(c) == "Co" for c in text)
