"""Which of the elements named as comment matter are it: a wrong one would lose the article."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from pipelines.clean.comments.guards import guarded_elements, headlines, opens_page
from pipelines.clean.comments.measures import AUTHORED, DATED, WRITABLE, is_teaser, letters, prose_of
from pipelines.clean.comments.names import Part
from pipelines.clean.comments.repeated import is_credited
from pipelines.clean.comments.survey import TAGS, Mark, Survey

_EVALUATIONS, _CHARACTERS = 30, 5_000_000
"""How often, in all, a page's elements and text may be measured again before the rest of the marks is given up."""
_SMALL, _OPENING, _COUNTER, _NOTICE, _RULES = 120, 250, 400, 700, 4000
_ARTICLE_SHARE, _LOOSE_SHARE, _LONE_SHARE, _HALF = 0.35, 0.15, 0.2, 0.5
_FEW = 4
_EXACT = re.compile(
    r"(?:comments?|kommentare?|commentaires?|comentarios|commenti|reacties|yorumlar|комментарии)[-_]*(?:list|area|section"
    r"|container|wrapper|block|thread|s|holder|box|wrap)?"
)
_RULE_NAMES = re.compile(r"rule|polic|guideline|netiquette|terms|disclaimer")


@dataclass(frozen=True, slots=True)
class Thread:
    """An element whose whole subtree is comment matter."""

    mark: Mark
    other: bool
    items: int
    prose: int
    kinds: frozenset[str] = frozenset()  # the names of the comments inside

    @property
    def single(self) -> bool:
        """Whether it is one comment rather than a list of them."""
        return self.mark.name.part in (Part.ITEM, Part.BODY)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Characters of prose in all, outside of comments and forms, and in comments; and how many those are."""

    prose: int
    loose: int
    items: int
    in_items: int


class Judge:
    """Takes a page's marks from the outermost inwards and keeps those that the guards let pass."""

    def __init__(self, tree: HtmlElement, found: Survey) -> None:
        self._marks = found.marks
        self._places = [mark.at for mark in found.marks]
        self._tree = tree
        self._measured: int | None = None
        self._budget = _CHARACTERS + 20 * found.size * _EVALUATIONS
        self._kinds: dict[tuple[str, str], list[HtmlElement]] = {}
        self._credited: dict[tuple[str, str], int] = {}
        self._headline = next(iter(headlines(found)), None)
        self._guarded = guarded_elements(tree, found)

    def threads(self) -> list[Thread]:
        """Disjoint elements in document order."""
        found: list[Thread] = []
        end = -1
        for mark in self._marks:
            if mark.at < end or self._budget <= 0:
                continue
            if mark.element in self._guarded:
                continue
            size = sum(1 for _ in mark.element.iter(*TAGS))
            self._budget -= 20 * size
            thread = self._judge(mark, mark.at + size)
            if thread is not None:
                found.append(thread)
                end = mark.at + size
        return found

    @property
    def _total(self) -> int:
        """Characters of the page's prose."""
        if self._measured is None:
            self._measured = prose_of(self._tree)
        return self._measured

    def share_of(self, threads: list[Thread]) -> float:
        """Which part of the page's prose these threads hold."""
        return sum(thread.prose for thread in threads) / self._total if self._total else 0.0

    def _judge(self, mark: Mark, end: int) -> Thread | None:
        name, element = mark.name, mark.element
        prose = prose_of(element)
        self._budget -= prose
        if name.part is Part.COUNT and prose <= _COUNTER and letters(element) <= _COUNTER:
            return Thread(mark, False, 0, prose)
        kinds, in_items, in_forms = self._inside(mark, end)
        sizes = _Sizes(prose, prose - in_items - in_forms, len(kinds), in_items)
        return Thread(mark, name.other, len(kinds), prose, frozenset(kinds)) if self._accepts(mark, sizes) else None

    def _accepts(self, mark: Mark, sizes: _Sizes) -> bool:
        name = mark.name
        if name.part is Part.FORM:
            return self._accepts_form(mark, sizes)
        if name.weak and name.part >= Part.LIST:
            return self._accepts_weak(mark.element, sizes)
        if name.part in (Part.LIST, Part.COUNT):
            return self._accepts_list(mark, sizes)
        return name.part in (Part.ITEM, Part.BODY) and self._accepts_item(mark, sizes)

    def _accepts_form(self, mark: Mark, sizes: _Sizes) -> bool:
        if sizes.prose > _RULES or (sizes.prose > _SMALL and sizes.prose > _ARTICLE_SHARE * self._total):
            return False
        if mark.name.weak or sizes.prose > _NOTICE:
            return bool(WRITABLE(mark.element)) or (not mark.name.weak and _RULE_NAMES.search(mark.name.stem) is not None)
        return True

    def _accepts_weak(self, element: HtmlElement, sizes: _Sizes) -> bool:
        if sizes.loose > _NOTICE:
            return False
        if sizes.items >= 2 and self._repeats(element):
            return True
        return bool(WRITABLE(element)) and sizes.prose <= _ARTICLE_SHARE * self._total

    def _accepts_list(self, mark: Mark, sizes: _Sizes) -> bool:
        exact = _EXACT.fullmatch(mark.name.stem) is not None or mark.name.vendor
        if sizes.items:
            if sizes.items == 1 and not exact and (sizes.in_items > _HALF * self._total or self._opens_page(mark, sizes.prose)):
                return False
            return (sizes.loose <= _NOTICE or sizes.loose <= _LOOSE_SHARE * self._total) and not self._opens_page(mark, sizes.loose)
        if sizes.loose <= _SMALL or (sizes.loose <= _NOTICE and sizes.loose <= _HALF * self._total):
            return True
        if self._repeats(mark.element):
            return True
        return (exact or mark.name.other) and sizes.loose <= _ARTICLE_SHARE * self._total and not self._opens_page(mark, sizes.loose)

    def _accepts_item(self, mark: Mark, sizes: _Sizes) -> bool:
        peers = self._peers(mark)
        if len(peers) > 1:
            return self._credited_peers(mark, peers) > (0 if mark.name.numbered else 1)
        if sizes.prose > (_HALF if mark.name.numbered else _LONE_SHARE) * self._total or self._opens_page(mark, sizes.prose):
            return False
        return mark.name.numbered or bool(DATED(mark.element) and AUTHORED(mark.element))

    def _credited_peers(self, mark: Mark, peers: list[HtmlElement]) -> int:
        """How many of the elements of this name say who wrote or when, or are links to comments."""
        key = (mark.name.stem, mark.element.tag)
        if key not in self._credited:
            self._credited[key] = sum(1 for peer in peers if is_credited(peer) or is_teaser(peer))
        return self._credited[key]

    def _opens_page(self, mark: Mark, size: int) -> bool:
        """Whether what may be an article stands where the article should."""
        if size <= _OPENING or self._headline is None:
            return False
        self._budget -= self._total
        return opens_page(self._tree, mark.element, self._headline)

    def _repeats(self, element: HtmlElement) -> bool:
        """Whether several people wrote here: two dates and two names."""
        self._budget -= self._total
        return bool(DATED(element) >= 2 and AUTHORED(element) >= 2)

    def _peers(self, mark: Mark) -> list[HtmlElement]:
        """The first few elements of the same name."""
        key = (mark.name.stem, mark.element.tag)
        if key not in self._kinds:
            same = (other.element for other in self._marks if (other.name.stem, other.element.tag) == key)
            self._kinds[key] = list(islice(same, _FEW))
        return self._kinds[key]

    def _inside(self, mark: Mark, end: int) -> tuple[list[str], int, int]:
        """The names of the comments inside, their prose, and that of forms and notices."""
        kinds: list[str] = []
        in_items = in_forms = 0
        at = mark.at + (0 if mark.name.part in (Part.ITEM, Part.BODY) else 1)
        covered = at
        for place in range(bisect_left(self._places, at), len(self._marks)):
            inner = self._marks[place]
            if inner.at >= end:
                break
            if inner.at < covered or inner.element in self._guarded:
                continue
            part = inner.name.part
            if part in (Part.ITEM, Part.BODY):
                kinds.append(inner.name.stem)
                in_items += prose_of(inner.element)
            elif part is Part.FORM:
                in_forms += prose_of(inner.element)
            else:
                continue
            covered = inner.at + sum(1 for _ in inner.element.iter(*TAGS))
        return kinds, in_items, in_forms
