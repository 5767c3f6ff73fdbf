"""What a publisher's rules are made of, and how they are read on a page.

A layout is markup that a publisher's system put on all its articles for some years. It is recognised by that markup and never by the
capture's date: a page is often fetched years after it was written, in the dress of the day, and sometimes in an old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Literal

from lxml.html import HtmlElement

from pipelines.clean.authors import clean_names, split_names
from pipelines.clean.characters import one_line
from pipelines.clean.dates import iso_date
from pipelines.clean.quality import count_words
from pipelines.clean.reasons import Cut
from pipelines.sites.selector import Markup, Selector, css
from pipelines.sites.text import texts

ENOUGH_WORDS = 50
"""Words below which what a layout calls the body is not believed: the page is a video, a stub, or another layout."""
MOST = 5_000
"""Elements that one rule looks at: more than any article has, fewer than a hostile page."""
_NOTHING: Selector = ()

Extent = Literal["element", "parent", "rest", "start"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Elements that are no article text, and why.

    ``says`` narrows them to those whose text begins so. ``extent`` "parent" marks the element's parent in its place (a label names its
    box), unless the article stands in it; "rest" the element and all siblings after it (a heading opens the tail of an article),
    "start" only the words that ``says`` matches: an appeal set against an article's first sentence, in one piece of text with it.
    """

    reason: Cut
    where: Selector
    says: re.Pattern[str] | None = None
    extent: Extent = "element"


@dataclass(frozen=True, slots=True)
class Field:
    """Where a layout states a value: the text of the first element with any, or its ``attribute``.

    ``part`` keeps what its group 1 matches; ``written`` is the strptime format of a date that only a human could read otherwise, such as
    21/7/2016, which is day first at one publisher and month first at another.
    """

    where: Selector
    attribute: str | None = None
    part: re.Pattern[str] | None = None
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One dress of a publisher's articles. ``since`` and ``until`` say when it was worn (None: from before 2000, until today)."""

    name: str
    since: int | None
    until: int | None
    marks: tuple[Selector, ...]
    """All of them must be on the page."""
    body: Selector = _NOTHING
    """The containers that hold the article, standfirst included; empty where rules say only what to cut."""
    cut: tuple[Rule, ...] = ()
    title: Field | None = None
    byline: Field | None = None
    authors: Field | None = None
    published: Field | None = None
    modified: Field | None = None
    note: str = ""
    """What to know about this layout that the selectors do not say."""

    def recognise(self, tree: HtmlElement | Markup) -> bool:
        page = tree if isinstance(tree, Markup) else Markup(tree)
        return all(page.has(mark) for mark in self.marks)

    def read(self, tree: HtmlElement | Markup) -> SiteReading:
        """The layout's account of a page, which is left as it was. Raises nothing."""
        page = tree if isinstance(tree, Markup) else Markup(tree)
        containers = tuple(_outermost(page.in_order(page.select(self.body))))
        cut = _cuts(page, self.cut, containers)
        body = tuple(e for e in containers if e not in cut)
        if not _has_words(body, cut):
            body = ()
        named = _first(page, self.authors)
        return SiteReading(
            name=self.name,
            body=body,
            cut=MappingProxyType(cut),
            starts=MappingProxyType(_starts(page, self.cut)),
            title=_first(page, self.title),
            byline=_first(page, self.byline) or named,
            authors=_authors(page, self.authors) if self.authors else (),
            published=_date(page, self.published),
            modified=_date(page, self.modified),
        )


@dataclass(frozen=True, slots=True)
class SiteReading:
    """What a publisher's rules say of a page; None, or empty, where they say nothing."""

    name: str
    body: tuple[HtmlElement, ...]
    """Containers of the article in reading order, none inside another: nothing outside them is article text."""
    cut: Mapping[HtmlElement, Cut]
    """Elements whose whole subtree is no article text, inside the body and outside it. None holds a part of the body."""
    starts: Mapping[HtmlElement, tuple[Cut, str]]
    """Elements whose text, white space folded, begins with words that are no article text: the words, and why."""
    title: str | None
    byline: str | None
    authors: tuple[str, ...]
    published: str | None
    """ISO 8601, as precise as the page is."""
    modified: str | None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Layouts of one publisher or platform. ``hosts`` stand for themselves and all below them (``bbc.co.uk``: ``news.bbc.co.uk``)."""

    name: str
    hosts: tuple[str, ...]
    layouts: tuple[Layout, ...]
    generator: str | None = None
    """Beginning of ``<meta name=generator>`` of a platform whose sites have hosts of their own."""


def rule(reason: Cut, where: str, says: str | None = None, extent: Extent = "element") -> Rule:
    """A `Rule` from its selector and, ignoring case, a pattern that the text begins with. Raises ValueError on a bad selector."""
    return Rule(reason, css(where), re.compile(says, re.IGNORECASE) if says else None, extent)


def field(where: str, attribute: str | None = None, part: str | None = None, written: str | None = None) -> Field:
    """A `Field` from its selector. Raises ValueError on a bad selector."""
    return Field(css(where), attribute, re.compile(part) if part else None, written)


def _cuts(page: Markup, cut: tuple[Rule, ...], body: tuple[HtmlElement, ...]) -> dict[HtmlElement, Cut]:
    """Marks by the first rule that fits. Nothing that holds the body is marked; where no body is known, nothing that holds a headline.

    Where the body is a row of paragraphs, a rule by wording may mark one of them.
    """
    holding = _ancestors(body or tuple(page.tree.iter("h1")))
    rows = set(body) if len(body) > 1 else set()
    marked: dict[HtmlElement, Cut] = {}
    for rule in cut:
        if rule.extent == "start":
            continue
        for element in islice(page.select(rule.where), MOST):
            if element in marked or (rule.says and not rule.says.match(page.beginning(element))):
                continue
            for target in _extent(element, rule.extent, holding):
                if rule.extent == "rest" and target in marked:
                    break  # the tail from here on was marked before
                if target not in holding or (rule.says and target in rows):
                    marked.setdefault(target, rule.reason)
    return marked


def _starts(page: Markup, cut: tuple[Rule, ...]) -> dict[HtmlElement, tuple[Cut, str]]:
    found: dict[HtmlElement, tuple[Cut, str]] = {}
    for rule in cut:
        if rule.extent == "start" and rule.says:
            for element in islice(page.select(rule.where), MOST):
                if words := rule.says.match(page.beginning(element)):
                    found.setdefault(element, (rule.reason, words[0].strip()))
    return found


def _extent(element: HtmlElement, extent: Extent, holding: set[HtmlElement]) -> Iterator[HtmlElement]:
    parent = element.getparent()
    if extent == "parent" and parent is not None and parent not in holding:
        yield parent
        return
    yield element
    if extent == "rest":
        yield from element.itersiblings()


def _ancestors(elements: tuple[HtmlElement, ...]) -> set[HtmlElement]:
    """The elements and all that hold them."""
    found: set[HtmlElement] = set()
    for element in elements:
        current: HtmlElement | None = element
        while current is not None and current not in found:
            found.add(current)
            current = current.getparent()
    return found


def _outermost(elements: list[HtmlElement]) -> Iterator[HtmlElement]:
    """Those that stand in none of the others. What was learnt on the way up is kept: a hostile page nests without end."""
    chosen = set(elements)
    inside: dict[HtmlElement, bool] = {}
    for element in elements:
        way: list[HtmlElement] = []
        current = element.getparent()
        while current is not None and current not in chosen and current not in inside:
            way.append(current)
            current = current.getparent()
        held = current is not None and (current in chosen or inside[current])
        inside.update(dict.fromkeys(way, held))
        if not held:
            yield element


def _has_words(body: tuple[HtmlElement, ...], cut: Mapping[HtmlElement, Cut]) -> bool:
    words = 0
    for container in body:
        for text in texts(container, cut):
            words += count_words(text)
            if words >= ENOUGH_WORDS:
                return True
    return False


def _values(page: Markup, field: Field) -> Iterator[str]:
    for element in page.in_order(islice(page.select(field.where), MOST)):
        value = one_line(element.get(field.attribute) or "" if field.attribute else page.beginning(element), 1000)
        if field.part:
            found = field.part.search(value)
            value = found[1].strip() if found else ""
        if value:
            yield value


def _first(page: Markup, field: Field | None) -> str | None:
    return next(_values(page, field), None) if field else None


def _authors(page: Markup, field: Field) -> tuple[str, ...]:
    return clean_names([name for value in _values(page, field) for name in split_names(value)], (), "")


def _date(page: Markup, field: Field | None) -> str | None:
    if field is None:
        return None
    for value in _values(page, field):
        try:
            found = datetime.strptime(value, field.written).date().isoformat() if field.written else iso_date(value)  # noqa: DTZ007
        except ValueError:
            continue
        if found:
            return found
    return None
