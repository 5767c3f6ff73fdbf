"""Texts as sets of words that can be compared, and how much it tells that two texts share one."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

_TOKEN = re.compile(
    r"(?P<dense>[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+)"
    r"|(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_]+)"
)
_ENDINGS = re.compile(r"(?:ies|ing|ed|es|s)$")
_CUT = 7
"""Letters compared of a long word: endings differ by case, number and tense."""
_LETTERS = str.maketrans("\u00f8\u00e6\u0153\u0111\u0142\u0131\u00f0", "oaodlid")
_UNKNOWN = 1.0
COMMON = 0.25
"""Weights up to this are of words that any text of the language has."""


def words_of(text: str, limit: int = 30_000) -> list[str]:
    """The words of a text's first ``limit`` characters in a form to compare: without case, accents and endings, ``ue`` as ``ü``.

    Scripts without spaces (Han, Kana, Hangul, Thai, Lao, Burmese) give pairs of neighbouring letters.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(_plain(text[:limit])):
        token = match.group()
        if match.lastgroup == "dense":
            found += (token[n : n + 2] for n in range(len(token) - 1)) if len(token) > 1 else (token,)
        elif match.lastgroup == "number":
            found.append(re.sub(r"[.,](?=\d{3}(?!\d))", "", token).lstrip("0") or "0")
        else:
            found.append(_stem(token))
    return found


def _plain(text: str) -> str:
    text = text.casefold()
    if not text.isascii():
        letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
        text = unicodedata.normalize("NFC", "".join(c for c in letters if not "\u0300" <= c <= "\u036f")).translate(_LETTERS)
    return text.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _stem(word: str) -> str:
    if word.isascii() and len(word) > 3:
        word = _ENDINGS.sub("", word) if len(word) > 5 else word.removesuffix("s")
    return word[:_CUT]


def script_of(word: str) -> str:
    """``number``, ``latin``, ``dense`` (written without spaces) or ``other``: words of different scripts cannot be compared."""
    if word[0].isdigit():
        return "number"
    if word[0] < "\u0370":
        return "latin"
    return "dense" if word[0] >= "\u0e00" else "other"


def weight(word: str) -> float:
    """How much a shared word tells: from 0, in nearly every text, to 1, a name or number that is in few."""
    known = _weights().get(word)
    if known is not None:
        return known
    return 0.3 if len(word) == 1 else _UNKNOWN


def weigh(words: Iterable[str]) -> float:
    return sum(weight(word) for word in words)


def share(wanted: Collection[str], among: Collection[str], doubt: float = 0.0) -> float:
    """The share, by weight, of the different ``wanted`` words that are ``among`` others; ``doubt`` is added to what is wanted."""
    different = set(wanted)
    total = weigh(different) + doubt
    return weigh(word for word in different if word in among) / total if total > 0 else 0.0


def shingles(words: list[str], length: int = 3) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    return {tuple(words[n : n + length]) for n in range(len(words) - length + 1)}


@cache
def _weights() -> dict[str, float]:
    text = (files("crawler.rescue") / "common_words.json").read_text(encoding="utf-8")
    table: dict[str, str] = json.loads(text)
    return {word: float(step) for step, words in table.items() for word in words.split()}
