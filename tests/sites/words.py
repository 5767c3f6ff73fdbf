"""Words that mean nothing, in sentences that look like news: the same seed gives the same ones."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

_WRITTEN = """
council harbour ministry garden railway museum valley committee market festival bridge orchestra library farmer captain river
plan budget report ferry lantern apple window letter concert meadow timetable recipe bicycle lighthouse ladder blanket
opened painted measured moved mended promised counted visited praised described borrowed planted weighed followed repaired kept
old quiet northern wooden yearly modest blue careful local bright narrow early careless honest seasonal friendly
"""
_NAMES, _THINGS, _DEEDS, _KINDS = (line.split() for line in _WRITTEN.strip().splitlines())
_LINKS = ("and later", "while", "because", "after which", "although", "so that", "but only when", "where")
_SMALL = ("the", "a", "its", "their", "every", "this")
_PLACES = ("of", "near", "under", "with", "from", "behind", "for", "beside")

_LABEL_WORDS = """
advertisement advertising anzeige comments comment share print email newsletter related read more see also watch live most popular
trending tags topics more follow us sign in sign up log in log out register subscribe published updated by and of the a in on to for
you may also like recommended reply
"""
LABELS = frozenset(_LABEL_WORDS.split())
"""Words of labels: a line of at most four of them keeps its wording, since rules go by it."""

_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_KEPT_WORDS = frozenset(
    {*_MONTHS.split(), *_DAYS.split(), *(w[:3] for w in f"{_MONTHS} {_DAYS}".split()), "am", "pm", "st", "nd", "rd", "th", "z", "t"}
)
"""Words of dates."""
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_LEAD = re.compile(r"(\s*[^\W\d_][\w '\u2019]{2,24}\s*[:|]\s+)(?=\S)")


class Words:
    """A source of words. Raises nothing; two of the same seed say the same."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def sentence(self, length: int) -> str:
        """A sentence of exactly ``length`` words, capital and full stop included."""
        said: list[str] = []
        while len(said) < length:
            said += self._clause() if not said else [*self._pick(_LINKS).split(), *self._clause()]
        text = " ".join(said[:length])
        return text[:1].upper() + text[1:] + "."

    def paragraph(self, length: int) -> str:
        """Sentences of 8 to 24 words, ``length`` words in all."""
        sentences: list[str] = []
        while length > 0:
            size = min(length, self._random.randint(8, 24))
            size = length if length - size < 4 else size
            sentences.append(self.sentence(size))
            length -= size
        return " ".join(sentences)

    def name(self) -> str:
        return f"{self._pick(_THINGS).title()} {self._pick(_NAMES).title()}"

    def like(self, text: str) -> str:
        """Other words in the place of ``text``'s: as many, with dates and figures; labels, also one with a colon before a text, stay."""
        lead = _LEAD.match(text)
        if lead and _is_label(lead[1]):
            return lead[1] + self.like(text[lead.end() :])
        if _is_label(text):
            return text
        tokens = text.split()
        words = iter(self.paragraph(len(tokens) + 4).replace(".", "").lower().split())
        said = " ".join(_WORD.sub(lambda m: self._instead(m[0], words), token) for token in tokens)
        return (" " if text[:1].isspace() else "") + said + (" " if text[-1:].isspace() else "")

    def _instead(self, word: str, words: Iterator[str]) -> str:
        if word.lower() in _KEPT_WORDS:
            return word
        other = next(words, None) or self._pick(_THINGS)
        return other[:1].upper() + other[1:] if word[:1].isupper() else other

    def _clause(self) -> list[str]:
        return [
            self._pick(_SMALL),
            self._pick(_KINDS),
            self._pick(_NAMES),
            self._pick(_PLACES),
            self._pick(_SMALL),
            self._pick(_THINGS),
            self._pick(_DEEDS),
            self._pick(_SMALL),
            self._pick(_THINGS),
        ]

    def _pick(self, words: tuple[str, ...] | list[str]) -> str:
        return self._random.choice(words)


def _is_label(text: str) -> bool:
    words = _WORD.findall(text.lower())
    return 0 < len(words) <= 4 and all(w in LABELS for w in words)
