"""Pieces as blocks of a kind, neighbours of one list or table joined, and cuts of one reason likewise."""

from __future__ import annotations

from typing import Literal

from archive.model import Block, RemovedBlock
from pipelines.clean.article.segment import Box, Piece
from pipelines.clean.characters import clean_text
from pipelines.clean.reasons import Cut

Kind = Literal["heading", "paragraph", "quote", "list", "table", "caption", "code"]

_OWN: dict[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dd", "dt"), "list"),
    "pre": "code",
    "tr": "table",
    "figcaption": "caption",
}
_AROUND: dict[str, Kind] = {"blockquote": "quote", "li": "list", "pre": "code", "figcaption": "caption"}
_LEVELS = 4
_JOINED = frozenset({"list", "table", "code"})
_LISTS = frozenset({"ul", "ol", "dl", "table", "pre"})
_LONG_ITEM = 60  # words from which on an item of a list is a paragraph of the article


def kind_of(piece: Piece) -> Kind:
    own = _OWN.get(piece.box.tag)
    if own is None:
        box: Box | None = piece.box
        for _ in range(_LEVELS):
            if box is None:
                break
            if box.tag in _AROUND:
                own = _AROUND[box.tag]
                break
            box = box.parent
    return own or "paragraph"


class Composer:
    """Takes the pieces of a page in reading order."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.removed: list[RemovedBlock] = []
        self._container: Box | None = None  # of the block that the next item may join

    def keep(self, piece: Piece, text: str) -> None:
        kind = kind_of(piece)
        container = _container(piece.box) if kind in _JOINED else None
        text = _folded(text, kind)
        if not text:
            return
        if container is not None and container is self._container and self.blocks[-1].kind == kind:
            text = f"{self.blocks[-1].text}\n{text}"
            self.blocks[-1] = Block(kind, text)
        else:
            self.blocks.append(Block(kind, text))
        self._container = container

    def cut(self, text: str, reason: Cut) -> None:
        at, text = len(self.blocks), _folded(text, "paragraph")
        if not text:
            return
        if self.removed and self.removed[-1].reason == reason and self.removed[-1].at == at:
            text = f"{self.removed.pop().text}\n{text}"
        self.removed.append(RemovedBlock(reason.value, text, at))


def _container(box: Box) -> Box | None:
    """The list or table that an item stands in."""
    at: Box | None = box
    for _ in range(_LEVELS + 2):
        if at is None or at.tag in _LISTS:
            return at
        at = at.parent
    return box.parent


def _folded(text: str, kind: Kind) -> str:
    if kind == "code":
        return "\n".join(line.rstrip() for line in clean_text(text).split("\n")).strip("\n")
    lines = [line.strip() for line in clean_text(text).split("\n")]
    joined = "\n".join(line for line in lines if line)
    return " ".join(joined.split("\n")) if kind in ("heading", "list", "table") else joined
