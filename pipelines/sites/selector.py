"""Selectors of publisher rules: the small part of CSS that they need, answered from one pass over the page.

``tag``, ``.class``, ``#id``, ``[attr]``, ``[attr=v]``, ``[attr^=v]``, ``[attr*=v]``, ``[attr$=v]``, ``[attr~=v]``, all of which may be
joined (``div.entry[role=main]``); a space for "inside", ``>`` for "child of", a comma for "or" (W3C Selectors Level 3, sections 6 and 8).
``[class*=v]`` finds the hashed class names of CSS modules and styled components.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from pipelines.sites.text import beginning

_SIMPLE = re.compile(
    r"(?P<tag>[a-zA-Z][\w-]*)|#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)"
    r"|\[(?P<name>[a-zA-Z_][\w-]*)\s*(?:(?P<op>[\^*$~]?=)\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>[^\]\"]*)))?\s*\]"
)
_STEP = re.compile(r"\s*(>)\s*|\s+")
_OUTSIDE_BRACKETS = re.compile(r",(?![^\[]*\])")
_MAX_ANCESTORS = 128
"""Ancestors looked at for "inside". Publishers nest 60 deep at most; a hostile page nests without end."""

_HOLDS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda have, want: have == want,
    "^=": lambda have, want: have.startswith(want),
    "*=": lambda have, want: want in have,
    "$=": lambda have, want: have.endswith(want),
    "~=": lambda have, want: want in have.split(),
}


@dataclass(frozen=True, slots=True)
class Compound:
    """One element's tests, and how it stands to the one on its left: anywhere inside it, or its child."""

    tag: str | None
    tests: tuple[tuple[str, str | None, str], ...]  # attribute name, operator (None: it is there), value
    child: bool = False

    @property
    def is_key(self) -> bool:
        """Whether it is one tag, class, id or attribute: all that the index finds by it fit."""
        return len(self.tests) + (self.tag is not None) == 1

    def fits(self, element: HtmlElement) -> bool:
        if self.tag is not None and element.tag != self.tag:
            return False
        for name, operator, value in self.tests:
            have = element.get(name)
            if have is None or (operator is not None and not _HOLDS[operator](have, value)):
                return False
        return True


Selector = tuple[tuple[Compound, ...], ...]
"""Alternatives; each a path of compounds from the outermost to the element itself."""


def css(text: str) -> Selector:
    """A compiled selector. Raises ValueError on anything outside the grammar above."""
    return tuple(_path(part.strip()) for part in _OUTSIDE_BRACKETS.split(text) if part.strip())


def _path(text: str) -> tuple[Compound, ...]:
    steps: list[Compound] = []
    place, child = 0, False
    while place < len(text):
        compound, place = _compound(text, place, child)
        steps.append(compound)
        if step := _STEP.match(text, place):
            child, place = step[1] == ">", step.end()
    return tuple(steps)


def _compound(text: str, place: int, child: bool) -> tuple[Compound, int]:
    tag: str | None = None
    tests: list[tuple[str, str | None, str]] = []
    start = place
    while found := _SIMPLE.match(text, place):
        if found["tag"]:
            if place != start:
                break
            tag = found["tag"].lower()
        elif found["id"]:
            tests.append(("id", "=", found["id"]))
        elif found["class"]:
            tests.append(("class", "~=", found["class"]))
        else:
            tests.append((found["name"], found["op"], (found["quoted"] if found["quoted"] is not None else found["plain"] or "").strip()))
        place = found.end()
    if place == start:
        raise ValueError(f"not a selector: {text!r} at {place}")
    return Compound(tag, tuple(tests), child), place


class Markup:
    """A page's elements by class and id: one pass over the tree, then every selector costs only the elements it may mean."""

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        self._by_class: dict[str, list[HtmlElement]] = {}
        self._by_id: dict[str, list[HtmlElement]] = {}
        self._tokens: dict[str, list[str]] = {}
        self._by_attribute: dict[str, dict[str, list[HtmlElement]]] = {}
        self._beginnings: dict[HtmlElement, str] = {}
        for element in tree.iter(etree.Element):
            if classes := element.get("class"):
                self._by_class.setdefault(classes, []).append(element)
            if identity := element.get("id"):
                self._by_id.setdefault(identity, []).append(element)
        for classes in self._by_class:
            for token in set(classes.split()):
                self._tokens.setdefault(token, []).append(classes)

    def select(self, selector: Selector) -> Iterator[HtmlElement]:
        """The elements that ``selector`` means, alternative by alternative; one that fits two alternatives comes twice."""
        for path in selector:
            last = path[-1]
            if last.is_key and len(path) == 1:
                yield from self._candidates(last)
                continue
            for element in self._candidates(last):
                if last.fits(element) and (len(path) == 1 or _stands_in(element, path)):
                    yield element

    def has(self, selector: Selector) -> bool:
        return next(self.select(selector), None) is not None

    def beginning(self, element: HtmlElement) -> str:
        """The first characters of an element's text; read once, however many rules ask."""
        if element not in self._beginnings:
            self._beginnings[element] = beginning(element)
        return self._beginnings[element]

    def in_order(self, elements: Iterable[HtmlElement]) -> list[HtmlElement]:
        """The elements once each, in document order."""
        wanted = dict.fromkeys(elements)
        if len(wanted) < 2:
            return list(wanted)
        tags = {str(e.tag) for e in wanted}
        return [e for e in self.tree.iter(*tags) if e in wanted]

    def _candidates(self, compound: Compound) -> Iterable[HtmlElement]:
        """Elements among which all that fit are: by the first test that an index answers."""
        rest: tuple[str, str | None, str] | None = None
        for name, operator, value in compound.tests:
            if name == "id" and operator == "=":
                return self._by_id.get(value, ())
            if name == "class" and operator is not None:
                return self._with_class(operator, value)
            rest = rest or (name, operator, value)
        if rest is not None:
            return self._with_attribute(*rest)
        return self.tree.iter(compound.tag) if compound.tag is not None else ()

    def _with_class(self, operator: str, value: str) -> Iterator[HtmlElement]:
        if operator == "~=":
            written: Iterable[str] = self._tokens.get(value, ())
        else:
            written = (c for c in self._by_class if _HOLDS[operator](c, value))
        for classes in written:
            yield from self._by_class[classes]

    def _with_attribute(self, name: str, operator: str | None, value: str) -> Iterator[HtmlElement]:
        known = self._by_attribute.get(name)
        if known is None:
            known = self._by_attribute[name] = {}
            for element in _having(name)(self.tree):
                known.setdefault(element.get(name), []).append(element)
        for written, elements in known.items():
            if operator is None or _HOLDS[operator](written, value):
                yield from elements


@lru_cache(maxsize=256)
def _having(attribute: str) -> etree.XPath:
    return etree.XPath(f"//*[@*[name()='{attribute}']]" if ":" in attribute else f"//*[@{attribute}]")


def _stands_in(element: HtmlElement, path: tuple[Compound, ...]) -> bool:
    """Whether the ancestors fit the rest of the path: each step takes the nearest that fits, and none is tried again."""
    wanted = len(path) - 2
    must_be_parent = path[-1].child
    for depth, ancestor in enumerate(element.iterancestors()):
        if wanted < 0 or depth >= _MAX_ANCESTORS:
            break
        if path[wanted].fits(ancestor):
            must_be_parent = path[wanted].child
            wanted -= 1
        elif must_be_parent:
            return False
    return wanted < 0
