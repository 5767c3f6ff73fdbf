"""Blocks as text, and plain text as blocks."""

from __future__ import annotations

import re

from archive.model import Block
from pipelines.clean.characters import clean_text

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def text_of(blocks: tuple[Block, ...]) -> str:
    """The clean text: the blocks, each on its own line or lines."""
    return "\n".join(b.text for b in blocks)


def blocks_of_plain_text(text: str) -> tuple[Block, ...]:
    """Paragraphs of a text/plain body: parted by empty lines, or by every line end when there is no empty line."""
    text = clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))
    parts = _EMPTY_LINE.split(text) if _EMPTY_LINE.search(text.strip()) else text.split("\n")
    return tuple(Block("paragraph", folded) for p in parts if (folded := " ".join(p.split())))
