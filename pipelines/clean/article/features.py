"""What the block model knows of each piece of a page: figures in a fixed order, named by `FEATURES`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.clean.article.layout import PATH_FACTS, Layout, ends_sentence, is_prose, letters
from pipelines.clean.article.segment import Box, Piece, Segmentation
from pipelines.clean.article.wording import BIT, wording_of

_TAGS = ("p", "div", "li", "td", "tr", "figcaption", "blockquote", "section", "dd", "dt", "pre", "address", "label", "article", "form")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_WORD = re.compile(r"\w+")
_BY = re.compile("^(?:writtenby|by|von|par|por|di|door|av|af)")
_WORDING_BITS = tuple(BIT.values())
_BAD_SECTION = BIT["related"] | BIT["subscribe"] | BIT["comment"] | BIT["share"]

_OWN = (
    *("words", "chars", "word_chars", "linked", "links", "ends", "colon", "question", "lower", "quoted", "commas", "digits", "capitals"),
    *("bold", "slanted", "images", "lines", "bars", "all_capitals"),
    *(f"says_{wording}" for wording in BIT),
    *(f"tag_{tag}" for tag in _TAGS),
    "heading",
)
_DRESS = (
    *("dress_prose_share", "dress_pieces", "dress_words", "dress_linked", "dress_prose", "dress_main_share", "dress_is_over"),
    *("pair_prose_share", "pair_pieces", "pair_prose", "pair_is_over"),
    *("branch_dress_prose_share", "branch_dress_pieces", "branch_dress_prose", "branch_dress_is_over"),
)
_PLACE = (
    *("at", "words_before", "before_prose", "after_prose", "prose_after", "prose_before", "prose_pieces", "page_pieces", "page_prose"),
    *("densest_share", "title", "is_title", "repeats", "repeated", "section_is_bad", "section_length", "prose", "prose_near_before"),
    *("prose_near_after", "to_heading", "echo", "description", "names_author"),
)
_OF_NEIGHBOUR = ("words", "ends", "linked", "heading", "prose", "in_main", "title", "p", "li", "path", "same_parent")
_NEIGHBOURS = tuple(f"{which}_{fact}" for which in ("previous", "next", "second_previous", "second_next") for fact in _OF_NEIGHBOUR)
_VOTES = (
    *("vote", "vote_parent", "vote_grand", "vote_siblings", "vote_page", "vote_prose", "vote_words", "vote_within", "vote_to_come"),
    *("vote_is_over", "vote_previous", "vote_next", "vote_second_previous", "vote_second_next"),
)

LIGHT_FEATURES = (*_OWN, *PATH_FACTS, *_PLACE, *_DRESS, *_NEIGHBOURS)
FEATURES = (*LIGHT_FEATURES, *_VOTES)

_ABSENT = (-1.0,) * len(_OF_NEIGHBOUR)


class PageFacts:
    """Everything about the pieces of one page. Title (without the site's name), description and authors are those of its metadata."""

    def __init__(self, page: Segmentation, title: str, description: str = "", authors: Sequence[str] = ()) -> None:
        self.pieces = page.pieces
        self._description = letters(description)
        self._authors = [spelled for name in authors if len(spelled := letters(name)) > 4]
        self._ends = [ends_sentence(piece.text) for piece in page.pieces]
        self.prose = [is_prose(piece, ends) for piece, ends in zip(page.pieces, self._ends, strict=True)]
        self.layout = Layout(page, self.prose)
        self.letters = [letters(piece.text) for piece in page.pieces]
        self._title = _Title(title)
        self._titles = [self._title.likeness(piece) for piece in page.pieces]
        self._hopeless = [self.layout.is_hopeless(piece) for piece in page.pieces]
        self._place = self._places()
        self._sorts = self._dresses()
        self._told: dict[int, list[float]] = {}

    def is_hopeless(self, number: int) -> bool:
        """Whether the model need not be asked: see `Layout.is_hopeless`."""
        return self._hopeless[number]

    def is_title(self, number: int) -> bool:
        """Whether a piece says what the page's title says."""
        return self._title.is_same(self.letters[number])

    def repeats_title(self, number: int) -> bool:
        """Whether a piece is the headline, which the document has as its title."""
        return self.pieces[number].box.tag in ("h1", "h2") and self.is_title(number)

    def is_byline(self, number: int) -> bool:
        """Whether a piece says who wrote it and no more: the document has that as its authors."""
        own = self.letters[number]
        return (
            self.pieces[number].words < 12
            and bool(self._authors)
            and (_BY.sub("", own, count=1) in (*self._authors, "".join(self._authors)))
        )

    def repeats_metadata(self, number: int) -> bool:
        """Whether the document has what a piece says as its title or its authors."""
        return self.repeats_title(number) or self.is_byline(number)

    def light(self, number: int) -> list[float]:
        """`LIGHT_FEATURES` of a piece that is not hopeless."""
        piece = self.pieces[number]
        row = self._own(piece, self._ends[number])
        row += self.layout.facts(piece.box)
        row += self._place[number]
        one, pair, branch = self._sorts[number]
        total = self.layout.total_prose
        row += one.facts(number, total) + pair.few(number, total) + branch.few(number, total)
        for other in (number - 1, number + 1, number - 2, number + 2):
            if 0 <= other < len(self.pieces):
                row += self._neighbour(other)
                row.append(self.pieces[other].box.parent is piece.box.parent)
            else:
                row += _ABSENT
        return row

    def _own(self, piece: Piece, ends: bool) -> list[float]:
        text = piece.text
        size = len(text)
        head = text[:200]
        says = wording_of(head) if piece.words < 60 else 0
        first = text[0]
        capitals = sum(map(str.isupper, head))
        row: list[float] = [
            min(piece.words, 200),
            min(size, 2000),
            size / piece.words,
            min(1.0, piece.linked / size),
            min(20, piece.links),
            ends,
            text.endswith(":"),
            text.endswith("?"),
            first.islower(),
            first in "\"'“„«‘",
            min(10, text.count(",")),
            sum(map(str.isdigit, head)) / len(head),
            capitals / len(head),
            piece.bold / size,
            piece.slanted / size,
            min(5, piece.images),
            min(5, text.count("\n")),
            " | " in text,
            capitals > 1 and text.isupper(),
        ]
        row += [1.0 if says & bit else 0.0 for bit in _WORDING_BITS]
        tag = piece.box.tag
        row += [1.0 if tag == other else 0.0 for other in _TAGS]
        row.append(_HEADINGS.get(tag, 0))
        return row

    def _places(self) -> list[list[float]]:
        """`_PLACE` of every piece that is not hopeless (of others nothing), in one pass."""
        pieces, layout = self.pieces, self.layout
        count, total_words = len(pieces), sum(piece.words for piece in pieces) or 1
        main = [n for n in range(count) if self.prose[n] and _is_in(pieces[n].box, layout.densest)]
        first, last = (main[0], main[-1]) if main else (count, -1)
        spread = layout.prose_words[layout.densest.index] / layout.total_prose
        repeats = Counter(self.letters)
        seen: set[str] = set()
        section, section_is_bad = -30, False
        rows, so_far, passed = [], 0, 0
        is_main = set(main)
        joined = "\n".join(self.letters)
        next_heading = _next(piece.box.tag in _HEADINGS for piece in pieces)
        for n, piece in enumerate(pieces):
            so_far += piece.words
            if piece.box.tag in _HEADINGS:
                section, section_is_bad = n, bool(piece.words < 12 and wording_of(piece.text) & _BAD_SECTION)
            own = self.letters[n]
            here = n in is_main
            rows.append(
                []
                if self._hopeless[n]
                else [
                    n / count,
                    so_far / total_words,
                    max(-50, n - first) if n < first else 0,
                    min(50, n - last) if n > last else 0,
                    min(20, len(main) - passed - here),
                    min(20, passed),
                    min(60, len(main)),
                    min(500, count),
                    min(3000, layout.total_prose),
                    spread,
                    self._titles[n],
                    self._title.is_same(own),
                    min(5, repeats[own]),
                    own in seen,
                    section_is_bad,
                    min(30, n - section),
                    self.prose[n],
                    sum(self.prose[max(0, n - 5) : n]),
                    sum(self.prose[n + 1 : n + 6]),
                    min(30, next_heading[n] - n),
                    piece.words > 4 and len(own) < 500 and joined.count(own) > 1,
                    self._is_description(own),
                    piece.words < 40 and any(name in own for name in self._authors),
                ]
            )
            passed += here
            seen.add(own)
        return rows

    def _is_description(self, own: str) -> float:
        """The share of the page's description that a piece is, 2 for all of it."""
        if len(own) < 20 or len(self._description) < 20:
            return 0.0
        if self._description.startswith(own[:300]) or own.startswith(self._description[:-3]):
            return 1.0 + min(1.0, len(self._description) / len(own))
        return 0.0

    def _dresses(self) -> list[tuple[_Sort, _Sort, _Sort]]:
        """The sorts of every piece: what is alike in tag and class is of one sort, and most of an article is of one or two sorts."""
        ones: dict[Any, _Sort] = defaultdict(_Sort)
        pairs: dict[Any, _Sort] = defaultdict(_Sort)
        branches: dict[Any, _Sort] = defaultdict(_Sort)
        found = []
        for n, piece in enumerate(self.pieces):
            box, parent, way = piece.box, piece.box.parent, self.layout.way(piece.box)
            mine = (
                ones[box.dress],
                pairs[box.dress, parent.dress if parent is not None else None],
                branches[way.branch.dress],
            )
            for sort in mine:
                sort.add(piece, n, prose=self.prose[n], inside=way.in_main)
            found.append(mine)
        return found

    def _neighbour(self, number: int) -> list[float]:
        """What the pieces next to it are told of a piece: `_OF_NEIGHBOUR` without the last."""
        told = self._told.get(number)
        if told is None:
            piece = self.pieces[number]
            tag, way = piece.box.tag, self.layout.way(piece.box)
            told = self._told[number] = [
                min(piece.words, 200),
                self._ends[number],
                min(1.0, piece.linked / len(piece.text)),
                _HEADINGS.get(tag, 0),
                self.prose[number],
                way.in_main,
                self._titles[number],
                tag == "p",
                tag == "li",
                min(way.length, 8),
            ]
        return told


def votes(facts: PageFacts, vote: Sequence[float]) -> list[list[float]]:
    """`_VOTES` of every piece, from the share of it that another extractor has in its text."""
    pieces, words = facts.pieces, [piece.words for piece in facts.pieces]
    parents = _shares(pieces, vote, 1)
    grands = _shares(pieces, vote, 2)
    count = len(pieces)
    total = sum(words) or 1
    voted = sum(w * v for w, v in zip(words, vote, strict=True))
    prose = sum(w * v for w, v, good in zip(words, vote, facts.prose, strict=True) if good) / facts.layout.total_prose
    long = [n for n in range(count) if vote[n] > 0.5 and words[n] > 8]
    first, last = (long[0], long[-1]) if long else (count, -1)
    rows = []
    for n, piece in enumerate(pieces):
        mine, all_words = parents[_up(piece.box, 1).index]
        grand, grand_words = grands[_up(piece.box, 2).index]
        rows.append(
            [
                vote[n],
                mine / all_words,
                grand / grand_words,
                (mine - words[n] * vote[n]) / max(1, all_words - words[n]),
                voted / total,
                prose,
                min(3000, voted),
                first <= n <= last,
                min(20, max(0, first - n)),
                min(20, max(0, n - last)),
                *(vote[m] if 0 <= m < count else -1.0 for m in (n - 1, n + 1, n - 2, n + 2)),
            ]
        )
    return rows


def _shares(pieces: list[Piece], vote: Sequence[float], levels: int) -> dict[int, tuple[float, int]]:
    """Words voted for and all words, of the boxes so many levels above the pieces."""
    found: dict[int, tuple[float, int]] = {}
    for piece, share in zip(pieces, vote, strict=True):
        at = _up(piece.box, levels).index
        mine, words = found.get(at, (0.0, 0))
        found[at] = (mine + share * piece.words, words + piece.words)
    return found


def _next(wanted: Iterable[bool]) -> list[int]:
    """For each place, that of the next wanted one after it; far away when there is none."""
    found, at = [], 10**6
    flags = list(wanted)
    for n in range(len(flags) - 1, -1, -1):
        found.append(at)
        if flags[n]:
            at = n
    return found[::-1]


def _up(box: Box, levels: int) -> Box:
    for _ in range(levels):
        box = box.parent or box
    return box


def _is_in(box: Box | None, other: Box) -> bool:
    while box is not None and box.depth >= other.depth:
        if box is other:
            return True
        box = box.parent
    return False


class _Sort:
    """Pieces of one dress: how many, and how much of the page's prose they are."""

    __slots__ = ("chars", "inside", "last_prose", "linked", "pieces", "prose", "prose_words", "words")

    def __init__(self) -> None:
        self.pieces = self.words = self.chars = self.linked = self.prose = self.prose_words = self.inside = 0
        self.last_prose = -1

    def add(self, piece: Piece, number: int, *, prose: bool, inside: bool) -> None:
        self.pieces += 1
        self.words += piece.words
        self.chars += len(piece.text)
        self.linked += piece.linked
        self.inside += inside
        if prose:
            self.prose += 1
            self.prose_words += piece.words
            self.last_prose = number

    def facts(self, number: int, total: int) -> list[float]:
        few = self.few(number, total)
        return [
            few[0],
            few[1],
            min(200, self.words / self.pieces),
            self.linked / self.chars,
            few[2],
            self.inside / self.pieces,
            few[3],
        ]

    def few(self, number: int, total: int) -> list[float]:
        return [self.prose_words / total, min(100, self.pieces), self.prose / self.pieces, number > self.last_prose]


class _Title:
    def __init__(self, title: str) -> None:
        self._letters = letters(title)
        self._words = set(_WORD.findall(title.lower()))

    def likeness(self, piece: Piece) -> float:
        """Words in common over all words, for pieces that are no paragraphs."""
        if not self._words or piece.words >= 40:
            return 0.0
        words = set(_WORD.findall(piece.text.lower()))
        return len(words & self._words) / len(words | self._words) if words else 0.0

    def is_same(self, own: str) -> bool:
        if not self._letters:
            return False
        return own == self._letters or (len(own) > 15 and (own in self._letters or self._letters in own))
