"""Rules that tell a page from its text: gone although it answered 200, a challenge instead of the article, or hardly any text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from archive.model import OutcomeWord, Reason, TextOutcome
from pipelines.clean import challenge
from pipelines.clean.absence import ABSENCE, STATEMENT

OK_WORDS = 100
"""From this many words on, a text is ``ok``; below it is ``thin``."""
_LONG = 400
"""A text this long is an article whatever its title says, unless its headings say the same."""
_THIN, _TINY = 60, 25
_CHALLENGE_WORDS = 150
_OPENING_LINES = 4
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|\w+")
_SEGMENTS = re.compile(r"\s*[|\u2013\u2014\u2022\u00b7\u00bb\u00ab\uff5c_]\s*|\s+[-:~/]+\s+|:\s+|(?<=[.!?])\s+|[\u3002\uff01]")
_COUNTED = frozenset({OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, OutcomeWord.RESCUED})
_REFUSING = frozenset({401, 403, 405, 429, 503})

Verdict = tuple[OutcomeWord, Reason, tuple[str, ...]]


def count_words(text: str) -> int:
    """Words of a text; in scripts without spaces (Han, Kana, Thai, Lao, Burmese) each letter counts as one."""
    return sum(1 for _ in _WORD.finditer(text))


def text_outcome(words: int) -> TextOutcome:
    if words == 0:
        return TextOutcome.NONE
    return TextOutcome.OK if words >= OK_WORDS else TextOutcome.THIN


def judge(
    outcome: OutcomeWord,
    reason: Reason,
    *,
    title: str,
    headings: Sequence[str],
    words: int,
    http_status: int,
    visible: Callable[[], str],
    markup: bytes = b"",
    dated: bool = False,
    text: str = "",
) -> Verdict:
    """The outcome after looking at the page, its reason, and flags (``soft404``, ``challenge``).

    ``words`` are those of the main text, ``text``; ``visible`` gives the text of the whole page and is asked only when there are few;
    ``markup`` is the page's HTML; ``dated`` says that the page states when it was published, as error pages do not.
    """
    title = " ".join(title.split())[:300]
    if (outcome in _COUNTED or http_status in _REFUSING) and _is_challenge(title, words, visible, markup, dated):
        return OutcomeWord.BLOCKED, Reason.CHALLENGE, ("challenge",)
    if outcome in _COUNTED and _says_gone(title, headings, words, dated=dated, shown=lambda: _opens_with_absence(text, visible)):
        return OutcomeWord.GONE, Reason.SOFT_404, ("soft404",)
    return outcome, reason, ()


def stands_in_place(outcome: OutcomeWord, reason: Reason, flags: Sequence[str]) -> tuple[OutcomeWord, Reason]:
    """The outcome of a page whose flags say that it stands where the article should: a consent wall blocks, a parked domain is gone."""
    if outcome not in _COUNTED:
        return outcome, reason
    if "consent" in flags:
        return OutcomeWord.BLOCKED, Reason.CONSENT
    return (OutcomeWord.GONE, Reason.PARKED) if "parked" in flags else (outcome, reason)


def _is_challenge(title: str, words: int, visible: Callable[[], str], markup: bytes, dated: bool) -> bool:
    """A page that asks for proof of humanity: little to read, and its title, its text or its markup say so."""
    if words >= _CHALLENGE_WORDS or dated:
        return False
    named = any(challenge.TITLE.fullmatch(part) for part in _parts(title))
    marked = any(mark in markup for mark in challenge.MARKUP)
    if not named and not marked and words >= _THIN:
        return False
    text = visible()
    count = count_words(text)
    if count >= _CHALLENGE_WORDS:
        return False
    asked = challenge.TEXT.search(text) is not None
    return named or (asked and count < OK_WORDS) or (marked and count < _TINY)


def _says_gone(title: str, headings: Sequence[str], words: int, *, dated: bool, shown: Callable[[], bool]) -> bool:
    """A page that says of itself that it is not there, rather than one that reports of something lost."""
    only_heading = headings[0] if headings else ""
    if any(states_absence(part) for part in _parts(title)):
        return words < (OK_WORDS if dated else _LONG) or any(states_absence(h) for h in headings[:2])
    if dated or words >= OK_WORDS:
        return False
    if any(states_absence(part) for part in _parts(only_heading)):
        return True
    return words < _THIN and ((not headings and ABSENCE.search(title) is not None) or shown())


def _opens_with_absence(text: str, visible: Callable[[], str]) -> bool:
    """Whether the main text opens by saying so, or the whole page, where that is short."""
    if any(states_absence(part) for line in text.split("\n")[:_OPENING_LINES] for part in _parts(line)):
        return True
    seen = visible()
    return count_words(seen) < _THIN and any(states_absence(part) for part in _parts(seen[:400]))


def states_absence(part: str) -> bool:
    """Whether a segment as a whole states that a page is not there."""
    part = part.strip().replace("\u2019", "'")
    return 3 <= len(part) <= 120 and any(c.isalnum() for c in part) and STATEMENT.fullmatch(part) is not None


def _parts(line: str) -> list[str]:
    """A title and its segments, since the site's name stands before or after what it says."""
    return [line, *(p for p in _SEGMENTS.split(line) if p and p != line)] if line else []
