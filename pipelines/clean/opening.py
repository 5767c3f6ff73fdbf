"""The short lines around a headline, where author and date stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.characters import one_line
from pipelines.clean.headlines import is_elsewhere

_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "form", "select", "iframe", "video", "audio", "picture", "figcaption"}
    | {"dialog", "object", "textarea"}
)
_SKIPPED_CLASS = re.compile(r"respond|reply|widget-area|promo|popular|caption|most-read|trending|advert", re.IGNORECASE)
_RELATED = re.compile(
    r"(?:also see|see also|related|read (?:more|also|next)|more (?:from|on|stories|news)|recommended|you (?:may|might)|lesen sie auch"
    r"|mehr zum|auch interessant|à lire aussi|lire aussi|le[ae]? también|leggi anche"
    r"|lees ook|les også|läs också|czytaj (?:też|także)|читайте также)\b",
    re.IGNORECASE,
)
"""Where lines about other articles begin."""
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "br",
        "cite",
        "em",
        "font",
        "i",
        "img",
        "mark",
        "meta",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
    }
    | {"u", "wbr"}
)
_MAX_EVENTS, _MAX_LINES, _MAX_LONG, _LONG = 300, 24, 2, 160
_MAX_LEVELS, _MAX_BEFORE, _MAX_STEPS = 3, 3, 5000

Found = tuple[HtmlElement, str | None]
"""A text node with the element that holds it, or a border between blocks."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text node and the element that holds it."""

    text: str
    element: HtmlElement


Line = list[Piece]
"""The text nodes of one block of the page, in order."""


def line_text(line: Line) -> str:
    return one_line(" ".join(p.text for p in line), 400)


class Opening:
    """The lines around a headline, read as far as somebody asks."""

    def __init__(self, headline: HtmlElement | None) -> None:
        self._source = opening_lines(headline) if headline is not None else iter(())
        self._read: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        yield from self._read
        for line in self._source:
            self._read.append(line)
            yield line


def opening_lines(headline: HtmlElement) -> Iterator[Line]:
    """The lines after a headline until the text is well begun, then the few right before it."""
    yield from _lines(_after(headline))
    yield from _lines(_before(headline))


def _lines(found: Iterator[Found]) -> Iterator[Line]:
    """Text nodes grouped by the block they stand in."""
    line: Line = []
    lines = long = 0
    for element, text in found:
        if text is not None:
            if folded := " ".join(text[:600].split()):
                line.append(Piece(folded, element))
        elif line:
            if _RELATED.match(line[0].text):
                return
            yield line
            lines, long = lines + 1, long + (sum(len(p.text) for p in line) > _LONG)
            line = []
            if lines >= _MAX_LINES or long >= _MAX_LONG:
                return
    if line:
        yield line


def _after(start: HtmlElement) -> Iterator[Found]:
    """What follows an element, in document order, to the end of the body."""
    room = _MAX_EVENTS
    branch: HtmlElement | None = start
    while branch is not None and branch.tag != "body" and room > 0:
        yield branch, None
        parent = branch.getparent()
        if parent is not None and branch.tail:
            yield parent, branch.tail
        for sibling in branch.itersiblings():
            for item in _within(sibling):
                yield item
                room -= 1
                if room <= 0:
                    return
        branch = parent


def _before(start: HtmlElement) -> Iterator[Found]:
    """The nearest siblings before an element and before its parents."""
    branch: HtmlElement | None = start
    for _ in range(_MAX_LEVELS):
        if branch is None or branch.tag == "body":
            return
        for sibling in islice(branch.itersiblings(preceding=True), _MAX_BEFORE):
            yield from islice(_within(sibling), 30)
            yield sibling, None
        branch = branch.getparent()


def _within(element: HtmlElement) -> Iterator[Found]:
    """The text nodes of an element, and of its tail, with a border wherever a block begins or ends."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, current in islice(walk, _MAX_STEPS):
        if current.tag not in _INLINE:
            yield current, None
        if event == "start":
            if current.tag in _SKIPPED or _is_aside(current):
                walk.skip_subtree()
            elif current.text:
                yield current, current.text
        elif current.tail:
            parent = current.getparent()
            yield current if parent is None else parent, current.tail


def _is_aside(element: HtmlElement) -> bool:
    classes = element.get("class")
    return bool(classes and _SKIPPED_CLASS.search(classes)) or is_elsewhere(element)
