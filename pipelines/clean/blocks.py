"""trafilatura's XML body, or plain text, as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from lxml.etree import _Element

from archive.model import Block
from pipelines.clean.characters import clean_text

Kind = Literal["heading", "paragraph", "quote", "list", "table", "caption", "code"]

_KINDS: dict[str, Kind] = {"head": "heading", "quote": "quote", "list": "list", "table": "table", "code": "code"}
_CONTAINERS = frozenset({"body", "div", "section", "article", "main", "done", "html"})
_PARAGRAPHS = frozenset({"p", "ab", "fw"})
_LINES = _PARAGRAPHS | {"item", "li", "row", "tr", "list", "table", "quote", "head", "code"}
_CELLS = frozenset({"cell", "td", "th"})
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def blocks_of(body: _Element) -> tuple[Block, ...]:
    """The blocks of an extractor's body in reading order; none is empty."""
    return tuple(_walk(body, "paragraph"))


def text_of(blocks: tuple[Block, ...]) -> str:
    """The clean text: the blocks, each on its own line or lines."""
    return "\n".join(b.text for b in blocks)


def blocks_of_plain_text(text: str) -> tuple[Block, ...]:
    """Paragraphs of a text/plain body: parted by empty lines, or by every line end when there is no empty line."""
    text = clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))
    parts = _EMPTY_LINE.split(text) if _EMPTY_LINE.search(text.strip()) else text.split("\n")
    return tuple(Block("paragraph", folded) for p in parts if (folded := " ".join(p.split())))


def _walk(element: _Element, kind: Kind) -> Iterator[Block]:
    """Blocks of a container: its block children, and runs of loose text and inline elements between them as paragraphs."""
    loose: list[str] = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag in _CONTAINERS or tag in _PARAGRAPHS or tag in _KINDS:
            yield from _block(kind, "".join(loose))
            loose = []
            yield from _block_element(child, kind)
        elif tag == "lb":
            loose.append("\n")
        elif isinstance(tag, str):
            loose.append(_inline(child))
        loose.append(child.tail or "")
    yield from _block(kind, "".join(loose))


def _block_element(element: _Element, kind: Kind) -> Iterator[Block]:
    tag = element.tag
    if tag == "list":
        yield from _block("list", _inline(element))
    elif tag == "table":
        yield from _block("table", "\n".join(_row(line) for line in clean_text(_inline(element)).split("\n")))
    elif tag == "code":
        yield from _code("".join(element.itertext()))
    elif tag == "quote":
        yield from _walk(element, "quote")
    elif tag == "head":
        yield from _block("heading", " ".join(_inline(element).split()))
    else:
        yield from _walk(element, kind)


def _inline(element: _Element) -> str:
    """All text in an element: breaks, and blocks in it, as line ends; cells of a table begin with a tab."""
    parts = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag == "lb":
            parts.append("\n")
        elif tag in _CELLS:
            parts.append("\t" + " ".join(_inline(child).split()) + "\t")
        elif tag in _LINES:
            parts.append("\n" + _inline(child) + "\n")
        elif isinstance(tag, str):
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _row(line: str) -> str:
    return " | ".join(cell for c in line.split("\t") if (cell := c.strip()))


def _fold(text: str) -> str:
    return _BREAKS.sub("\n", _SPACES.sub(" ", clean_text(text))).strip()


def _block(kind: Kind, text: str) -> Iterator[Block]:
    folded = _fold(text)
    if folded:
        yield Block(kind, folded)


def _code(text: str) -> Iterator[Block]:
    lines = clean_text(text).expandtabs(4).strip("\n").split("\n")
    kept = "\n".join(line.rstrip() for line in lines).strip("\n")
    if kept.strip():
        yield Block("code", kept)
