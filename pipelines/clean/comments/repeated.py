"""Comments that no name tells from each other: what is repeated in a thread."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.comments import vocabulary as v
from pipelines.clean.comments.moments import looks_dated

_DIGITS = re.compile(r"\d+")
_LEVELS, _SHARE, _DESCEND, _LINE = 15, 0.5, 0.6, 300
_CREDITS = etree.XPath(
    "boolean(.//time | .//abbr[@title] | .//cite "
    "| .//*[contains(@class,'date') or contains(@class,'time') or contains(@class,'Date') or contains(@class,'Time')"
    " or contains(@class,'author') or contains(@class,'Author') or contains(@class,'user') or contains(@class,'nick') or "
    "contains(@class,'avatar')])"
)


def repeated_items(thread: HtmlElement) -> frozenset[HtmlElement]:
    """The elements of one kind, under one parent, that hold most of a thread's text and of which most name an author or a date."""
    node = thread
    for _ in range(_LEVELS):
        sized = [(child, _size(child)) for child in node if isinstance(child.tag, str) and child.tag not in v.SKIPPED_TAGS]
        total = sum(size for _, size in sized)
        if not total:
            break
        groups: dict[tuple[str, str], list[tuple[HtmlElement, int]]] = {}
        for child, size in sized:
            if size:
                groups.setdefault(_kind(child), []).append((child, size))
        for group in groups.values():
            if len(group) > 1 and sum(size for _, size in group) >= _SHARE * total:
                items = [child for child, _ in group if is_credited(child)]
                return frozenset(items) if 2 * len(items) > len(group) else frozenset()
        node, size = max(sized, key=lambda pair: pair[1])
        if size < _DESCEND * total:
            break
    return frozenset()


def _kind(element: HtmlElement) -> tuple[str, str]:
    classes = _DIGITS.sub("", element.get("class") or "").split()
    return element.tag, classes[0] if classes else ""


def _size(element: HtmlElement) -> int:
    return sum(len(text) for text in element.itertext() if not text.isspace()) if element.tag != "script" else 0


def is_credited(element: HtmlElement) -> bool:
    """Whether an element names an author or a date, in its markup or in its first or last lines."""
    if _CREDITS(element):
        return True
    lines = [" ".join(text.split()) for text in element.itertext() if not text.isspace() and len(text) < _LINE]
    return any(looks_dated(line) for line in (*lines[:4], *lines[-2:]))
