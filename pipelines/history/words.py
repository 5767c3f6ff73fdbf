"""What changed inside a paragraph, word by word, and how much two paragraphs have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from pipelines.history.align import aligned
from pipelines.history.noise import folded

Op = Literal["same", "removed", "added"]
Run = tuple[Op, str]

_HAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"  # written without blanks, or as good as: a letter is a word
_TOKEN = re.compile(rf"(?:[{_HAN}]|[^\W{_HAN}]+|[^\w\s])\s*|\s+")
_WORD = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+")
_MANY = 50_000  # words: beyond that a paragraph is shown as replaced
_ENOUGH = 2_000  # words of a paragraph that are looked at to find its partner


def word_runs(before: str, after: str) -> list[Run]:
    """The two texts as runs of words that both have, in the spelling of ``after``, and that one of them has."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > _MANY:
        return [("removed", before), ("added", after)]
    pairs = aligned([folded(token) for token in old], [folded(token) for token in new])
    return list(_joined(_runs(old, new, [*pairs, (len(old), len(new))])))


def _runs(old: list[str], new: list[str], pairs: list[tuple[int, int]]) -> Iterator[Run]:
    i = j = 0
    for to_i, to_j in pairs:
        yield "removed", "".join(old[i:to_i])
        yield "added", "".join(new[j:to_j])
        yield "same", "".join(new[to_j : to_j + 1])
        i, j = to_i + 1, to_j + 1


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    op, text = next(runs, ("same", ""))
    for next_op, next_text in runs:
        if not next_text:
            continue
        if next_op == op or not text:
            op, text = next_op, text + next_text
        else:
            yield op, text
            op, text = next_op, next_text
    if text:
        yield op, text


def words_of(text: str) -> Counter[str]:
    """The first words of a text, in lower case, with how often each occurs."""
    return Counter(match.group().lower() for _, match in zip(range(_ENOUGH), _WORD.finditer(text), strict=False))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Share of words in common (Dice's coefficient), 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
