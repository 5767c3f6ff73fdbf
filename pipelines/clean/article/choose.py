"""The article of a page: the pieces that the block model takes for it, as blocks, and all others with the reason why they are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from archive.model import Block, RemovedBlock
from pipelines.clean.article.features import FEATURES, PageFacts, votes
from pipelines.clean.article.forest import Forest, load_forest
from pipelines.clean.article.glued import split_appeal
from pipelines.clean.article.kinds import Composer
from pipelines.clean.article.segment import Box, Piece, Segmentation, segment
from pipelines.clean.article.votes import vote_of
from pipelines.clean.article.why import reason_of
from pipelines.clean.reasons import Cut

SecondEngine = Callable[[HtmlElement], str]

_NUMBER = {name: number for number, name in enumerate(FEATURES)}
_DOUBT = (0.2, 0.8)
_MOST_DOUBTFUL = 0.08
"""Share of the words likely to be article that may be in doubt before the second engine is asked (37 % of articles of unseen hosts are)."""
_UNDATED = 0.35
"""The threshold on pages without a date of publication: few of them are articles, and what others have to say stands in short pieces."""
_NAMED = (
    (("in_figcaption", "tag_figcaption"), 1.0),
    (("near_newsletter", "path_newsletter"), 0.86),
    (("near_author", "path_author"), 0.85),
    (("in_header", "in_form"), 0.65),
)
"""Thresholds, on dated pages, of pieces whose boxes say that they hold something else: the model has seen too few of these."""
_LAST_RESORT = 0.1
_MOST_PIECES = 20_000  # that are judged; the longest of a hundred thousand pages has some 9,000


@dataclass(frozen=True, slots=True)
class Article:
    blocks: tuple[Block, ...]
    removed: tuple[RemovedBlock, ...]
    link_share: float = 0.0  # 0 to 1: how much of the page's text, cuts included, stands in links


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page before its pieces are judged.

    ``title``, ``description`` and ``authors`` are those of its metadata; ``dated`` says that it tells when it was published. ``marks`` are
    elements that are no article text, with the reason; ``body`` the only elements that can be article text, when a publisher's layout says
    so; ``starts`` elements whose text begins with words that are none. ``repeats`` tells which of the page's texts its site shows on other
    pages too.
    """

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    dated: bool = True
    marks: Mapping[HtmlElement, Cut] = field(default_factory=dict)
    body: tuple[HtmlElement, ...] = ()
    starts: Mapping[HtmlElement, tuple[Cut, str]] = field(default_factory=dict)
    repeats: Callable[[Sequence[str]], list[bool]] | None = None


def read_article(tree: HtmlElement, known: Known, second_engine: SecondEngine | None = None) -> Article:
    """The blocks of a page's article and what was cut, in reading order; every visible word is in one of them.

    ``second_engine`` gives another extractor's text of the tree; it is asked where the model alone is in doubt.
    """
    page = segment(tree, known.marks, (*known.body, *known.starts))
    open_pieces = [piece for piece in page.pieces if piece.box.cut is None][:_MOST_PIECES]
    facts = PageFacts(Segmentation(page.boxes, open_pieces), known.title, known.description, known.authors)
    chosen = _inside(facts, set(known.body)) or _Choice(facts, tree, second_engine).chosen(dated=known.dated)
    return replace(_Composition(page.pieces, facts, chosen, known).article(), link_share=_link_share(page.pieces))


def _link_share(pieces: Sequence[Piece]) -> float:
    return sum(p.linked for p in pieces) / max(1, sum(len(p.text) for p in pieces))


def _inside(facts: PageFacts, body: set[HtmlElement]) -> set[int]:
    """Where a publisher's layout says what the article is, the model is not asked."""
    inside: dict[int, bool] = {}

    def is_inside(box: Box | None) -> bool:
        if box is None:
            return False
        if box.index not in inside:
            inside[box.index] = box.element in body or is_inside(box.parent)
        return inside[box.index]

    return {n for n, piece in enumerate(facts.pieces) if is_inside(piece.box) and not facts.repeats_metadata(n)}


_STRICTER = tuple((_NUMBER[name], threshold) for names, threshold in _NAMED for name in names)


def in_doubt(judged: Iterable[tuple[float, float]]) -> bool:
    """Whether the second engine should be asked, from the odds and the words of each piece."""
    low, high = _DOUBT
    likely = doubtful = 0.0
    for p, words in judged:
        likely += p * words
        doubtful += words if low < p < high else 0
    return likely < 50 or doubtful > _MOST_DOUBTFUL * likely


def surest(odds: Mapping[int, float], rows: Mapping[int, Sequence[float]], threshold: float, *, dated: bool) -> set[int]:
    """The pieces that are sure enough to be of the article, by their odds and their rows of `FEATURES`; where none is, the likeliest."""

    def is_sure(n: int, p: float) -> bool:
        if not dated:
            return p > _UNDATED
        return p > threshold and all(p > least for number, least in _STRICTER if rows[n][number] > 0)

    return {n for n, p in odds.items() if is_sure(n, p)} or {n for n, p in odds.items() if p > _LAST_RESORT}


class _Choice:
    def __init__(self, facts: PageFacts, tree: HtmlElement, second_engine: SecondEngine | None) -> None:
        self._facts = facts
        self._tree = tree
        self._second_engine = second_engine
        self._rows = {n: facts.light(n) for n in range(len(facts.pieces)) if not facts.is_hopeless(n)}

    def chosen(self, *, dated: bool) -> set[int]:
        if not self._rows:
            return set()
        forest = load_forest("light")
        odds = self._judge(forest)
        if self._second_engine is not None and in_doubt((p, self._facts.pieces[n].words) for n, p in odds.items()):
            odds = self._with_vote(odds, self._second_engine(self._tree))
        new = {n: p for n, p in odds.items() if not self._facts.repeats_metadata(n)}
        return surest(new, self._rows, forest.threshold, dated=dated)

    def _with_vote(self, odds: Mapping[int, float], text: str) -> dict[int, float]:
        """The mean of what the model says without and with the second engine's vote."""
        voted = votes(self._facts, vote_of(text, self._facts.letters))
        for n, row in self._rows.items():
            row.extend(voted[n])
        return {n: (p + odds[n]) / 2 for n, p in self._judge(load_forest("full")).items()}

    def _judge(self, forest: Forest) -> dict[int, float]:
        pick = [_NUMBER[name] for name in forest.features]
        return {n: forest.probability([row[at] for at in pick]) for n, row in self._rows.items()}


class _Composition:
    def __init__(self, pieces: Sequence[Piece], facts: PageFacts, chosen: set[int], known: Known) -> None:
        self._pieces = pieces
        self._chosen = {facts.pieces[n].index for n in chosen}
        self._sure = _from_metadata(facts)
        self._last = max(self._chosen, default=-1)
        self._starts = dict(known.starts)
        self._repeated = self._find_repeated(facts, known)
        self._composer = Composer()

    def _find_repeated(self, facts: PageFacts, known: Known) -> set[int]:
        if known.repeats is None:
            return set()
        found = known.repeats([piece.text for piece in facts.pieces])
        return {piece.index for piece, is_repeated in zip(facts.pieces, found, strict=True) if is_repeated}

    def article(self) -> Article:
        for piece in self._pieces:
            if piece.index not in self._chosen:
                reason = self._sure.get(piece.index) if piece.box.cut is None else None
                self._composer.cut(piece.text, reason or reason_of(piece, over=piece.index > self._last))
            elif piece.index in self._repeated:
                self._composer.cut(piece.text, Cut.REPEATED)
            else:
                self._keep(piece)
        return Article(tuple(self._composer.blocks), tuple(self._composer.removed))

    def _keep(self, piece: Piece) -> None:
        """The piece without what its beginning says that is not of the article."""
        start = self._starts.pop(piece.box.element, None)
        if start is not None and (rest := _after(piece.text, start[1])) is not None:
            self._composer.cut(start[1], start[0])
            self._composer.keep(piece, rest)
        elif appeal := split_appeal(piece.text):
            reason, words, rest = appeal
            self._composer.cut(words, reason)
            self._composer.keep(piece, rest)
        else:
            self._composer.keep(piece, piece.text)


def _from_metadata(facts: PageFacts) -> dict[int, Cut]:
    """The pieces that say what the metadata says, by their place on the page."""
    found = {piece.index: Cut.BYLINE for n, piece in enumerate(facts.pieces) if facts.is_byline(n)}
    return found | {piece.index: Cut.HEADLINE for n, piece in enumerate(facts.pieces) if piece.words < 60 and facts.is_title(n)}


def _after(text: str, start: str) -> str | None:
    """What follows the words ``start`` in a text that begins with them, however it is spaced."""
    at = 0
    for letter in start:
        if letter.isspace():
            continue
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text) or text[at] != letter:
            return None
        at += 1
    return text[at:].lstrip()
