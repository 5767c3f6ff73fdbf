"""When two texts of a site are the same: a hash of the text less its case, its spacing and, where it is short, its numbers."""

from __future__ import annotations

import hashlib
import re

METHOD = "1"
"""Named in every profile: another way of comparing texts, or of telling what repeats, needs another."""

COUNTED = 80
"""Characters up to which numbers do not matter: counters, dates and timings are short; in a sentence the number may be the news."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_TELLING = 12  # characters from which on a piece is one of this text and not any word
_ENDS = " .…"  # of a teaser


def comparable(text: str) -> str:
    """Lower case, single blanks; in a text of at most `COUNTED` characters each number is ``0``."""
    folded = " ".join(text.lower().split())
    return _NUMBER.sub("0", folded) if len(folded) <= COUNTED else folded


def fingerprint(text: str) -> int:
    """First 64 bits of the SHA-256 of the `comparable` text in UTF-8."""
    return int.from_bytes(hashlib.sha256(comparable(text).encode("utf-8", "replace"), usedforsecurity=False).digest()[:8], "big")


def is_wordless(text: str) -> bool:
    """Whether it has no letter: brackets of code, counters and prices repeat everywhere and say nothing."""
    return not any(map(str.isalpha, text))


class Headline:
    """A page's own title and summary, which other pages of its site carry as a teaser."""

    def __init__(self, title: str, description: str) -> None:
        self._own = tuple(comparable(text).rstrip(_ENDS) for text in (title, description) if text)

    def has(self, text: str) -> bool:
        """Whether the text is one of them, or either is a piece of the other."""
        mine = comparable(text).rstrip(_ENDS)
        return any(_match(mine, own) for own in self._own)


def _match(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or (len(shorter) >= _TELLING and shorter in longer)
