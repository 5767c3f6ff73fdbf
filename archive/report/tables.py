"""Tables with a caption, in a box that scrolls by itself where the page is narrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from archive.report.markup import Html, tag
from archive.report.numbers import number

Cell = Html | str | int

_OPEN = 12  # rows that need no folding


class Column(NamedTuple):
    """``kind``: ``n`` a number, ``w`` words that may be long, ``b`` a bar; the first column heads its row."""

    name: str
    kind: str = ""


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], foot: Sequence[Cell] | None = None) -> Html:
    head = tag("tr", (tag("th", c.name, scope="col", class_=c.kind or None) for c in columns))
    body = [tag("tr", _cells(columns, row)) for row in rows]
    parts = [tag("caption", tag("span", caption)), tag("thead", head), tag("tbody", body)]
    if foot is not None:
        parts.append(tag("tfoot", tag("tr", _cells(columns, foot))))
    return tag("div", tag("table", parts), class_="scroll", tabindex=0, role="region", aria_label=caption)


def _cells(columns: Sequence[Column], row: Sequence[Cell]) -> Iterable[Html]:
    for position, (column, cell) in enumerate(zip(columns, row, strict=True)):
        shown = number(cell) if isinstance(cell, int) else cell
        if position == 0:
            yield tag("th", shown, scope="row", class_=column.kind or None)
        else:
            yield tag("td", shown, class_=column.kind or None)


def folded(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], total: int) -> Html:
    """A list of things that may be long: it is folded up then, and says what is left out of it."""
    left = tag("p", f"{number(total - len(rows))} more are in report.json.", class_="soft") if total > len(rows) else None
    summary = tag("summary", f"{caption}: {number(total)}")
    return tag("details", summary, table(caption, columns, rows), left, open_="open" if total <= _OPEN else None)


def more(shown: int, total: int, where: str) -> Html | None:
    """What a table left out."""
    return tag("p", f"{number(total - shown)} more are in {where}.", class_="soft") if total > shown else None
