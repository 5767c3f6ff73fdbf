"""A page in HTML as a tree, and the questions that the readers of wiki pages ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from archive.model import Problem
from pipelines.inputs.draft import Origin
from pipelines.inputs.wording import one_line

MAX_PAGE = 16 * 1024 * 1024  # bytes; the tree takes up to thirty times as much


def parse_page(data: bytes, text: str, origin: Origin) -> tuple[Any, list[Problem]]:
    """The root element, None when there is none, and what cut the reading short. Lines beyond 65,535 count as that one (libxml2)."""
    if len(data) > MAX_PAGE:
        return None, [Problem(origin.name, 1, f"larger than {MAX_PAGE} bytes, too large for a page: not read")]
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    cut = [error for error in parser.error_log if error.level_name == "FATAL" and "xcessive depth" in error.message]
    return root, [Problem(origin.name, max(1, error.line), "nested too deeply: the rest is not read") for error in cut[:1]]


def has_class(element: Any, name: str) -> bool:
    return name in (element.get("class") or "").split()


def is_external(element: Any) -> bool:
    """Whether an element is a link to another site: MediaWiki marks them."""
    return (
        element.tag == "a" and bool(element.get("href")) and (has_class(element, "external") or "mw:ExtLink" in (element.get("rel") or ""))
    )


def text_of(element: Any) -> str:
    """The words of an element, on one line."""
    return one_line("".join(element.itertext()))


def below(element: Any, tag: str) -> Iterator[Any]:
    """The elements with a tag within an element, in order, without itself."""
    return (found for found in element.iter(tag) if found is not element)
