"""How good a choice of pieces is: word-bag F1, and pages both clean and complete (under 2 % of words stray, under 2 % missed)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean

from bench.block_model.dataset import Annotated, tokens


@dataclass(frozen=True, slots=True)
class Score:
    f1: float
    clean: bool
    stray: int
    missed: int
    words: int
    gold: int


def score(text: str, page: Annotated) -> Score:
    got, gold = Counter(tokens(text)), Counter(tokens(page.gold or ""))
    shared = (got & gold).total()
    stray = (got - gold - Counter(tokens(page.title))).total()
    missed = (gold - got).total()
    f1 = 2 * shared / (got.total() + gold.total()) if shared else 0.0
    clean = stray < 0.02 * max(1, got.total()) and missed < 0.02 * max(1, gold.total())
    return Score(f1, clean, stray, missed, got.total(), gold.total())


def table(name: str, texts: Iterable[str], pages: Iterable[Annotated]) -> str:
    by: dict[str, list[Score]] = defaultdict(list)
    for text, page in zip(texts, pages, strict=True):
        found = score(text, page)
        by[page.source].append(found)
        by["all"].append(found)
    return f"{name:28} " + " | ".join(f"{source} {_figures(scores)}" for source, scores in sorted(by.items()))


def _figures(scores: list[Score]) -> str:
    stray = sum(s.stray for s in scores) / max(1, sum(s.words for s in scores))
    missed = sum(s.missed for s in scores) / max(1, sum(s.gold for s in scores))
    low = mean(s.f1 < 0.5 for s in scores)
    return f"{mean(s.f1 for s in scores):.4f} {mean(s.clean for s in scores):.3f} s{stray:.3f} m{missed:.3f} <.5 {low:.3f}"
