"""Words that a document must have, for a selection without an index. `search` ranks; this only says yes or no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from archive.errors import InputError

_TERM = re.compile(r'"([^"]+)"|(\S+)')
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Thai, Lao, Burmese, Khmer, kana and Han: written without blanks between words."""


class Words:
    """Every word, as a whole word, in any case; ``"..."`` is a phrase. Raises `InputError` when there is no word in the query."""

    def __init__(self, query: str) -> None:
        terms = [_folded(found[1] or found[2]).strip() for found in _TERM.finditer(query)]
        self._terms = [_pattern(term) for term in terms if re.search(r"\w", term)]
        if not self._terms:
            raise InputError(f"--query: no word in {query[:80]!r}")

    def are_in(self, document: Mapping[str, Any]) -> bool:
        text = _folded("\n".join(document[field] or "" for field in ("title", "description", "text")))
        return all(term.search(text) for term in self._terms)


def _pattern(term: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, re.findall(r"\S+", term.strip("\"'.,;:!?()[]"))))
    if _UNSPACED.search(term):
        return re.compile(words)
    return re.compile(rf"(?<!\w){words}(?!\w)")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
