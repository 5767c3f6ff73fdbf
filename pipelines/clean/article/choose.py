"""The article of a page: the pieces that the block model takes for it, as blocks, and all others with the reason why they are cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml.html import HtmlElement

from archive.model import Block, RemovedBlock
from pipelines.clean.article.features import FEATURES, PageFacts, votes
from pipelines.clean.article.forest import Forest, load_forest
from pipelines.clean.article.glued import split_appeal
from pipelines.clean.article.kinds import Composer
from pipelines.clean.article.segment import Piece, Segmentation, segment
from pipelines.clean.article.votes import vote_of
from pipelines.clean.article.why import reason_of
from pipelines.clean.reasons import Cut

Mode = Literal["full", "light"]
"""``full`` asks a second engine where the model alone is in doubt; ``light`` never does."""

_NUMBER = {name: number for number, name in enumerate(FEATURES)}
_DOUBT = (0.1, 0.9)
_MOST_DOUBTFUL = 0.02
"""Share of the words likely to be article that may be in doubt before the second engine is asked."""
_LAST_RESORT = 0.1


@dataclass(frozen=True, slots=True)
class Article:
    blocks: tuple[Block, ...]
    removed: tuple[RemovedBlock, ...]


def read_article(
    tree: HtmlElement,
    title: str,
    *,
    marks: Mapping[HtmlElement, Cut] | None = None,
    second_engine: Callable[[HtmlElement], str],
    is_repeated: Callable[[str], bool] | None = None,
    mode: Mode = "full",
) -> Article:
    """Blocks of the article of a page and what was cut, in reading order; every visible word is in one of them.

    ``marks`` are boxes known to be none of it, with the reason; ``is_repeated`` tells texts that the site shows on all its pages;
    ``second_engine`` gives another extractor's text.
    """
    page = segment(tree, marks)
    open_pieces = [piece for piece in page.pieces if piece.box.cut is None]
    facts = PageFacts(Segmentation(page.boxes, open_pieces), title)
    chosen = _Choice(facts, mode, lambda: second_engine(tree)).chosen()
    return _composed(page.pieces, {id(open_pieces[n]) for n in chosen}, facts, is_repeated or (lambda _: False))


class _Choice:
    def __init__(self, facts: PageFacts, mode: Mode, second_engine: Callable[[], str]) -> None:
        self._facts = facts
        self._mode = mode
        self._second_engine = second_engine
        self._candidates = [n for n in range(len(facts.pieces)) if not facts.is_hopeless(n)]
        self._rows = {n: facts.light(n) for n in self._candidates}

    def chosen(self) -> set[int]:
        if not self._facts.pieces:
            return set()
        odds, threshold = self._judge(load_forest("light"), {})
        if self._mode == "full" and self._in_doubt(odds):
            voted = votes(self._facts, vote_of(self._second_engine(), self._facts.letters))
            odds, threshold = self._judge(load_forest("full"), dict(enumerate(voted)))
        return self._above(odds, threshold) or self._above(odds, _LAST_RESORT)

    def _above(self, odds: Mapping[int, float], threshold: float) -> set[int]:
        return {n for n, p in odds.items() if p > threshold and not self._facts.repeats_title(n)}

    def _judge(self, forest: Forest, voted: Mapping[int, list[float]]) -> tuple[dict[int, float], float]:
        pick = [_NUMBER[name] for name in forest.features]
        odds = {}
        for n in self._candidates:
            row = self._rows[n] + voted[n] if voted else self._rows[n]
            odds[n] = forest.probability([row[at] for at in pick])
        return odds, forest.threshold

    def _in_doubt(self, odds: Mapping[int, float]) -> bool:
        low, high = _DOUBT
        pieces = self._facts.pieces
        likely = sum(p * pieces[n].words for n, p in odds.items())
        doubtful = sum(pieces[n].words for n, p in odds.items() if low < p < high)
        return likely < 50 or doubtful > _MOST_DOUBTFUL * likely


def _composed(pieces: Sequence[Piece], chosen: set[int], facts: PageFacts, is_repeated: Callable[[str], bool]) -> Article:
    composer = Composer()
    last = max((piece.index for piece in pieces if id(piece) in chosen), default=-1)
    titles = {id(piece): facts.is_title(n) for n, piece in enumerate(facts.pieces)}
    for piece in pieces:
        if id(piece) not in chosen:
            composer.cut(piece.text, reason_of(piece, is_title=titles.get(id(piece), False), over=piece.index > last))
        elif is_repeated(piece.text):
            composer.cut(piece.text, Cut.REPEATED)
        elif appeal := split_appeal(piece.text):
            reason, words, rest = appeal
            composer.cut(words, reason)
            composer.keep(piece, rest)
        else:
            composer.keep(piece, piece.text)
    return Article(tuple(composer.blocks), tuple(composer.removed))
