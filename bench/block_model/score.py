"""How good a text is: word-bag F1, and pages both clean and complete (under 2 % of words stray, under 2 % missed)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import mean
from typing import TYPE_CHECKING

from pipelines.clean.article.segment import WORD

if TYPE_CHECKING:
    from bench.block_model.dataset import Annotated


@dataclass(frozen=True, slots=True)
class Score:
    """One page, in words with repetition: ``stray`` are neither of the gold text nor of the headline, ``missed`` of the gold alone."""

    f1: float
    clean: bool
    stray: int
    missed: int
    words: int
    gold: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Many pages: mean F1, share clean and complete, stray of all words given, missed of all gold words, share of pages under 0.5 F1."""

    pages: int
    f1: float
    clean_complete: float
    stray: float
    missed: float
    under_half: float

    def rounded(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def words_of(text: str) -> list[str]:
    """Words in lower case; letters in scripts that do not part words."""
    return WORD.findall(text.lower())


def score_text(text: str, gold: str, title: str = "") -> Score:
    got, wanted = Counter(words_of(text)), Counter(words_of(gold))
    shared = (got & wanted).total()
    stray = (got - wanted - Counter(words_of(title))).total()
    missed = (wanted - got).total()
    f1 = 2 * shared / (got.total() + wanted.total()) if shared else 0.0
    clean = stray < 0.02 * max(1, got.total()) and missed < 0.02 * max(1, wanted.total())
    return Score(f1, clean, stray, missed, got.total(), wanted.total())


def figures(scores: Sequence[Score]) -> Figures:
    """Of at least one page."""
    return Figures(
        len(scores),
        mean(s.f1 for s in scores),
        mean(s.clean for s in scores),
        sum(s.stray for s in scores) / max(1, sum(s.words for s in scores)),
        sum(s.missed for s in scores) / max(1, sum(s.gold for s in scores)),
        mean(s.f1 < 0.5 for s in scores),
    )


def table(name: str, texts: Iterable[str], pages: Iterable[Annotated]) -> str:
    by: dict[str, list[Score]] = defaultdict(list)
    for text, page in zip(texts, pages, strict=True):
        found = score_text(text, page.gold or "", page.title)
        by[page.source].append(found)
        by["all"].append(found)
    return f"{name:28} " + " | ".join(f"{source} {_line(figures(scores))}" for source, scores in sorted(by.items()))


def _line(f: Figures) -> str:
    return f"{f.f1:.4f} {f.clean_complete:.3f} s{f.stray:.3f} m{f.missed:.3f} <.5 {f.under_half:.3f}"
