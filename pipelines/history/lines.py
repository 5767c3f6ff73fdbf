"""The lines of a document that are compared: paragraphs, items of lists, rows of tables, each with what has to be equal in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.history.noise import folded, key_of, spelled
from pipelines.history.rails import rail_lines

Row = dict[str, Any]

_EXAMINED = 20_000
"""Lines of a document up to which each is looked at for noise, at some 50 us: what has more is no article, and is compared as written."""


@dataclass(frozen=True, slots=True)
class Line:
    kind: str  # of its block
    text: str
    key: str | None  # None: a widget or a teaser, which does not count


def lines_of(*rows: Row) -> list[list[Line]]:
    """Of each document in reading order. Rows that somebody edited have the lines that can be found in them."""
    raw = [[(kind, text) for kind, block in _blocks(row) for part in block.split("\n") if (text := part.strip())] for row in rows]
    return [list(_as_written(lines) if max(map(len, raw)) > _EXAMINED else _examined(lines)) for lines in raw]


def _examined(raw: list[tuple[str, str]]) -> Iterator[Line]:
    rails = rail_lines([(kind, folded(text)) for kind, text in raw])
    for number, (kind, text) in enumerate(raw):
        yield Line(kind, text, None if number in rails else key_of(text, kind))


def _as_written(raw: list[tuple[str, str]]) -> Iterator[Line]:
    for kind, text in raw:
        yield Line(kind, text, spelled(text) or None)


def _blocks(row: Row) -> list[tuple[str, str]]:
    blocks = row.get("blocks")
    if isinstance(blocks, list) and blocks:
        return [(_string(b.get("kind")), _string(b.get("text"))) for b in blocks if isinstance(b, dict)]
    return [("paragraph", _string(row.get("text")))]


def cut_keys(row: Row) -> set[str]:
    """Keys of what the page has besides its text: a line that went there was not taken from the page."""
    removed = row.get("removed")
    texts = [_string(cut.get("text")) for cut in removed if isinstance(cut, dict)] if isinstance(removed, list) else []
    texts += [_string(row.get("title")), _string(row.get("description"))]
    return {spelled(line) for text in texts for line in (text, *text.split("\n"))}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
