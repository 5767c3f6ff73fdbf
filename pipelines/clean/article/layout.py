"""Where on a page the article stands: how much prose each box holds, and the box that holds the most of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.clean.article.markup import BIT
from pipelines.clean.article.segment import Box, Piece, Segmentation

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]['\"”’»)\]]*$")
_LETTERS = re.compile(r"[\W_]+")
_LEAVES = frozenset({"p", "li", "h1", "h2", "h3", "h4", "blockquote"})
_PATH_TAGS = (
    *("aside", "footer", "header", "nav", "figure", "form", "table", "ul", "ol", "section", "blockquote", "li", "article", "figcaption"),
    *("button", "details"),
)
_ABOVE_TAGS = ("article", "main", "li", "td", "aside", "footer", "form")
_NAME_BITS = tuple(BIT.values())
_PATH_BIT = {tag: 1 << number for number, tag in enumerate(_PATH_TAGS)}
_ABOVE_BIT = {tag: 1 << number for number, tag in enumerate(_ABOVE_TAGS)}
_HOPELESS_IN = _PATH_BIT["nav"] | _PATH_BIT["footer"] | _PATH_BIT["button"]
_FARTHEST = 8

PATH_FACTS = (
    *(f"path_{group}" for group in BIT),
    *(f"near_{group}" for group in BIT),
    *(f"in_{tag}" for tag in _PATH_TAGS),
    *(f"above_{tag}" for tag in _ABOVE_TAGS),
    *("path_length", "far", "in_main", "in_densest", "is_body", "body_elsewhere", "hidden", "depth"),
    *("parent_links", "parent_share", "parent_prose", "parent_pieces", "parent_prose_share", "parent_piece_chars", "parent_same_tag"),
    *("grand_links", "grand_share", "grand_prose_share", "grand_piece_chars"),
    *("branch_links", "branch_pieces", "branch_prose", "branch_share"),
)


def letters(text: str) -> str:
    """The text without case, spaces and punctuation: what two spellings of one line have in common."""
    return _LETTERS.sub("", text.lower())


def ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text[-8:]) is not None


def is_prose(piece: Piece, ends: bool) -> bool:
    """A paragraph of running text: a dozen words, an end of a sentence, and few links."""
    return ends and piece.words >= 12 and piece.linked < 0.3 * len(piece.text)


@dataclass(frozen=True, slots=True)
class _Way:
    """From a box up to where it meets the densest box's own ancestors, as bits and counts."""

    names: int  # of all boxes on the way
    near: int  # of the first two
    tags: int  # `_PATH_BIT`
    length: int  # boxes on the way
    far: int  # levels from the densest box up to where they meet
    above: int  # `_ABOVE_BIT` of that place and its ancestors
    branch: Box  # the last box on the way: it holds nothing of the ancestors
    in_main: bool


class Layout:
    """Sums over the boxes of a page and the two boxes that may be the article's.

    ``densest`` is where most prose stands directly or one level deeper (as Readability scores its candidates); ``main`` is the deepest
    box with over 60 % of all prose of the page.
    """

    def __init__(self, page: Segmentation, prose: list[bool]) -> None:
        self.boxes = page.boxes
        size = len(page.boxes)
        self.chars = [0] * size
        self.linked = [0] * size
        self.pieces = [0] * size
        self.prose_words = [0] * size
        self.prose_pieces = [0] * size
        self._sum(page.pieces, prose)
        self.total_prose = self.prose_words[0] or 1
        self.total_chars = self.chars[0] or 1
        self.densest = self._find_densest(page.pieces, prose)
        self.main = self._find_main()
        self._height = self._ancestors()  # of the densest box: levels above it
        self._ways = self._find_ways()
        self._has_body = any(box.is_body for box in page.boxes)
        self._facts: dict[int, tuple[float, ...]] = {}

    def _sum(self, pieces: list[Piece], prose: list[bool]) -> None:
        for piece, is_good in zip(pieces, prose, strict=True):
            at = piece.box.index
            self.chars[at] += len(piece.text)
            self.linked[at] += piece.linked
            self.pieces[at] += 1
            if is_good:
                self.prose_words[at] += piece.words
                self.prose_pieces[at] += 1
        for box in reversed(self.boxes):
            if box.parent is not None:
                at, above = box.index, box.parent.index
                self.chars[above] += self.chars[at]
                self.linked[above] += self.linked[at]
                self.pieces[above] += self.pieces[at]
                self.prose_words[above] += self.prose_words[at]
                self.prose_pieces[above] += self.prose_pieces[at]

    def _find_densest(self, pieces: list[Piece], prose: list[bool]) -> Box:
        scores: dict[int, float] = {}
        for piece, is_good in zip(pieces, prose, strict=True):
            if is_good:
                box = piece.box
                box = box.parent if box.tag in _LEAVES and box.parent is not None else box
                scores[box.index] = scores.get(box.index, 0.0) + piece.words
                if box.parent is not None:
                    scores[box.parent.index] = scores.get(box.parent.index, 0.0) + piece.words / 2
        return self.boxes[max(scores, key=lambda at: (scores[at], -at))] if scores else self.boxes[0]

    def _find_main(self) -> Box:
        main, wanted = self.boxes[0], 0.6 * self.total_prose
        for box in self.boxes[1:]:
            if box.parent is main and self.prose_words[box.index] > wanted:
                main = box
        return main

    def _ancestors(self) -> dict[int, int]:
        found: dict[int, int] = {}
        box: Box | None = self.densest
        while box is not None:
            found[box.index] = len(found)
            box = box.parent
        return found

    def _find_ways(self) -> list[_Way]:
        """The way of every box up to the article's ancestors; each continues its parent's."""
        ways: list[_Way] = []
        root = _Way(0, 0, 0, 0, 0, 0, self.boxes[0], in_main=False)
        for box in self.boxes:
            above = ways[box.parent.index] if box.parent is not None else root
            in_main = above.in_main or box is self.main
            if box.index in self._height:
                far = self._height[box.index]
                ways.append(_Way(0, 0, 0, 0, min(far, _FARTHEST), above.above | _ABOVE_BIT.get(box.tag, 0), box, in_main))
                continue
            near = box.names | (box.parent.names if box.parent is not None and above.length else 0)
            tags = above.tags | _PATH_BIT.get(box.tag, 0)
            branch = above.branch if above.length else box
            ways.append(_Way(above.names | box.names, near, tags, above.length + 1, above.far, above.above, branch, in_main))
        return ways

    def way(self, box: Box) -> _Way:
        return self._ways[box.index]

    def is_hopeless(self, piece: Piece) -> bool:
        """A link among links, in a menu or a footer: judged without the model (half of all pieces; next to none is of an article)."""
        way = self._ways[piece.box.index]
        if way.tags & _HOPELESS_IN:
            return True
        parent = piece.box.parent or piece.box
        grand = parent.parent or parent
        if piece.words < 25 and piece.linked > 0.8 * len(piece.text) and self._links_of(parent) > 0.6 and self._links_of(grand) > 0.5:
            return True
        branch = way.branch
        return way.far >= 2 and self.prose_pieces[branch.index] == 0 and self._links_of(branch) > 0.4

    def _links_of(self, box: Box) -> float:
        return self.linked[box.index] / (self.chars[box.index] or 1)

    def facts(self, box: Box) -> tuple[float, ...]:
        """`PATH_FACTS` of a box: the same for all pieces that stand in it."""
        known = self._facts.get(box.index)
        if known is None:
            known = self._facts[box.index] = (*self._path(box), *self._sums(box))
        return known

    def _path(self, box: Box) -> list[float]:
        way = self._ways[box.index]
        path, near, tags, above = way.names, way.near, way.tags, way.above
        facts: list[float] = [1.0 if path & bit else 0.0 for bit in _NAME_BITS]
        facts += [1.0 if near & bit else 0.0 for bit in _NAME_BITS]
        facts += [1.0 if tags & bit else 0.0 for bit in _PATH_BIT.values()]
        facts += [1.0 if above & bit else 0.0 for bit in _ABOVE_BIT.values()]
        facts += [min(way.length, 8), way.far, way.far == 0, way.in_main]
        facts += [box.is_body, self._has_body and not box.is_body, box.hidden, min(box.depth, 30)]
        return facts

    def _sums(self, box: Box) -> list[float]:
        parent = box.parent or box
        grand = parent.parent or parent
        branch = self._ways[box.index].branch
        chars, up = self.chars[parent.index] or 1, self.chars[grand.index] or 1
        across = self.chars[branch.index] or 1
        return [
            self.linked[parent.index] / chars,
            chars / self.total_chars,
            min(20, self.prose_pieces[parent.index]),
            min(60, self.pieces[parent.index]),
            self.prose_words[parent.index] / self.total_prose,
            chars / max(1, self.pieces[parent.index]),
            parent.tag == box.tag,
            self.linked[grand.index] / up,
            up / self.total_chars,
            self.prose_words[grand.index] / self.total_prose,
            up / max(1, self.pieces[grand.index]),
            self.linked[branch.index] / across,
            min(60, self.pieces[branch.index]),
            min(20, self.prose_pieces[branch.index]),
            across / self.total_chars,
        ]
