"""A saved page's markup without its words: tags, classes, ids and what rules may go by, everything said in words of our own."""

from __future__ import annotations

import re
from hashlib import sha256

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.page import parse_page
from tests.sites.words import Words

_DROPPED = ("script", "style", "noscript", "svg", "iframe", "link", "template", "source", "picture", "canvas", "object", "base")
_KEPT_NAMES = (
    "class id role itemprop itemscope itemtype rel name property type datetime pubdate colspan rowspan lang dir hidden aria-hidden"
)
_KEPT = frozenset(_KEPT_NAMES.split())
_META = frozenset({"generator", "og:type", "viewport", "robots"})
_LONGEST_VALUE = 120
_ALIKE = 3
"""Siblings of one kind that are kept, outside the article: a list of forty teasers says no more than one of three."""
_SENTENCE = 12  # words beside links: what has so many may be the article, and none of it is left out


def skeleton(html: bytes, seed: str) -> bytes:
    """The page with other words. The same page and seed give the same bytes. Raises ValueError when there is no markup in it."""
    tree = parse_page(html, None).tree
    if tree is None:
        raise ValueError("no markup in this file")
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    _thin(tree)
    words = Words(seed)
    for element in tree.iter(etree.Element):
        _reword(element, words)
    text: str = etree.tostring(tree, encoding="unicode", method="html")
    return ("<!DOCTYPE html>\n" + re.sub(r"\s*\n\s*", "\n", text) + "\n").encode()


def _thin(tree: HtmlElement) -> None:
    """Leave out all but the first few of siblings that look alike and say little; an article's own pieces all stay."""
    for parent in list(tree.iter(etree.Element)):
        if sum(map(_says_much, parent)) >= _ALIKE:
            continue
        seen: dict[tuple[str, str | None], int] = {}
        for child in list(parent):
            kind = (str(child.tag), child.get("class"))
            seen[kind] = seen.get(kind, 0) + 1
            if seen[kind] > _ALIKE and not _says_much(child):
                child.drop_tree()


def _says_much(element: HtmlElement) -> bool:
    """Whether it has a sentence that is not a link."""
    linked = sum(len(" ".join(a.itertext()).split()) for a in element.iter("a"))
    return len(" ".join(element.itertext()).split()) - linked >= _SENTENCE


def _reword(element: HtmlElement, words: Words) -> None:
    if element.tag == "meta" and element.get("content"):
        known = (element.get("name") or element.get("property") or "").lower() in _META
        content = (
            element.get("content") if known or re.match(r"\d{4}-\d\d-\d\d", element.get("content")) else words.like(element.get("content"))
        )
        element.set("content", content)
    for name in list(element.attrib):
        value = element.get(name)
        if name in ("href", "src"):
            element.set(name, "#" if name == "href" else "x.jpg")
        elif name != "content" and (len(value) > _LONGEST_VALUE or not (name in _KEPT or _is_marking(name, value))):
            del element.attrib[name]
    if element.text and element.text.strip():
        element.text = words.like(element.text)
    if element.tail and element.tail.strip():
        element.tail = words.like(element.tail)


def _is_marking(name: str, value: str) -> bool:
    """Whether it is a data attribute whose value is a name, not a text, an address or a number of this page."""
    return name.startswith("data-") and re.fullmatch(r"[A-Za-z][\w-]{0,40}", value) is not None


def seed_of(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:12]
