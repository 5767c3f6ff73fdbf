"""The text of elements, without recursion and without reading more of it than is asked for."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import islice

from lxml.html import HtmlElement

_UNREAD = frozenset({"script", "style", "noscript", "template", "svg"})
_BLOCK_NAMES = (
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre "
    "section table td th tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_START, _PIECES = 400, 150
"""Characters of an element's text that a wording is looked for in, and pieces of it: a hostile page nests empty elements without end."""


def texts(element: HtmlElement, cut: Container[HtmlElement]) -> Iterator[str]:
    """The pieces of text in an element, in order, less scripts and what is cut; a space where a block begins or ends."""
    stack: list[tuple[HtmlElement | None, str | None]] = [(element, None)]
    while stack:
        current, tail = stack.pop()
        if current is None:
            if tail:
                yield tail
            continue
        if current.tag in _UNREAD or current in cut:
            yield ""
            continue
        yield f" {current.text or ''}" if current.tag in _BLOCKS else current.text or ""
        for child in reversed(current):
            stack += [(None, f" {child.tail or ''}" if child.tag in _BLOCKS else child.tail), (child, None)]


def beginning(element: HtmlElement) -> str:
    """The first characters of an element's text, white space folded."""
    if not len(element):
        return " ".join((element.text or "")[: 2 * _START].split())[:_START]
    parts: list[str] = []
    room = _START
    for text in islice(texts(element, ()), _PIECES):
        parts.append(text)
        room -= len(text.strip())
        if room <= 0:
            break
    return " ".join("".join(parts).split())[:_START]
