"""How a list of addresses is laid out: plain lines, JSON lines, or a table; found by its content."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

ADDRESS = re.compile(r"(?:https?|ftps?|mailto|news|gopher):(?://)?\S+", re.IGNORECASE)

FIELDS = {
    "url": ("url", "urls", "uri", "link", "href", "address", "source_url", "page_url", "target", "original"),
    "event": ("event", "event_title"),
    "date": ("date", "event_date", "day", "date_published", "published", "published_at", "pubdate", "ts", "timestamp"),
    "label": ("label", "publisher", "source_name", "source", "site_name", "outlet", "name", "title"),
    "category": ("category", "section", "category_description"),
    "topics": ("topics", "topic", "tags"),
    "archive_url": ("archive_url", "archiveurl", "archived_url", "archive"),
    "archive_date": ("archive_date", "archivedate", "archived_at"),
}
"""Names of columns that are understood, the best one first."""

_WORDS = re.compile(r"|\d{4}-\d{2}-\d{2}.*|[^\W\d]+|.*\s.*")
_DELIMITERS = "\t,;|"


@dataclass(frozen=True, slots=True)
class Table:
    delimiter: str
    columns: dict[str, int]  # field of FIELDS -> index
    width: int  # columns of the header or of the first rows
    has_header: bool


def find_table(sample: Sequence[str]) -> Table | None:
    """The layout of a table with a column of addresses, or None for plain lines. ``sample``: the first lines, without comments."""
    for delimiter in _DELIMITERS:
        rows = [row for row in _parse(sample, delimiter) if any(field.strip() for field in row)]
        if rows and len(rows[0]) > 1 and (table := _with_header(rows, delimiter) or _without_header(rows, delimiter)):
            return table
    return None


def is_address(field: str) -> bool:
    return ADDRESS.fullmatch(field.strip()) is not None


def by_name(names: Sequence[str]) -> dict[str, int]:
    """Which columns of a header are understood."""
    places = {re.sub(r"[\s-]+", "_", name.strip().casefold()): index for index, name in reversed(list(enumerate(names)))}
    found = {field: places[name] for field, known in FIELDS.items() for name in reversed(known) if name in places}
    return {field: index for field, index in found.items() if index != found.get("url") or field == "url"}


def _parse(sample: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader([line + "\n" for line in sample], delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in sample]


def _with_header(rows: list[list[str]], delimiter: str) -> Table | None:
    header, body = rows[0], rows[1:]
    if any(is_address(field) for field in header):
        return None
    columns = by_name(header)
    counts = Counter(index for row in body for index, field in enumerate(row) if is_address(field))
    if "url" not in columns:
        # The name says nothing, so the addresses do; they must be in most rows.
        if not counts or counts.most_common(1)[0][1] * 2 < len(body):
            return None
        columns["url"] = counts.most_common(1)[0][0]
    return Table(delimiter, columns, len(header), has_header=True)


def _without_header(rows: list[list[str]], delimiter: str) -> Table | None:
    """Addresses hold commas themselves, so without a header the other columns must look like words or dates in every row."""
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    alike = [row for row in rows if len(row) == width]
    if width < 2 or len(alike) * 10 < len(rows) * 8:
        return None
    shares = [sum(is_address(row[index]) for row in alike) for index in range(width)]
    place = max(range(width), key=lambda index: shares[index])
    others = [index for index in range(width) if index != place]
    if shares[place] * 2 < len(alike):
        return None
    if delimiter != "\t" and not any(all(_WORDS.fullmatch(row[index].strip()) for row in alike) for index in others):
        return None
    columns = {"url": place}
    dates = [index for index in others if all(re.match(r"\s*\d{4}-\d{1,2}-\d{1,2}", row[index]) for row in alike)]
    words = [index for index in others if index not in dates]
    columns |= {"date": dates[0]} if dates else {}
    columns |= {"label": words[0]} if len(words) == 1 else {}
    return Table(delimiter, columns, width, has_header=False)
