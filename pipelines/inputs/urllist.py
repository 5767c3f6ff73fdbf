"""Lists of addresses: plain text, CSV, TSV, JSON lines; any length, in constant memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import PurePath
from typing import BinaryIO

from archive.model import Event, Problem
from pipelines.inputs.columns import find_table
from pipelines.inputs.draft import Draft, Origin, Source, make_event
from pipelines.inputs.lines import Line, read_lines
from pipelines.inputs.rows import Row, json_rows, plain_rows, table_rows

CHUNK = 1_000  # citations of one event at most: what is held in memory
SAMPLE = 100  # lines looked at to find the layout


def read_url_list(stream: BinaryIO, origin: Origin) -> Iterator[Event | Problem]:
    """Rows that name an event are grouped, consecutive ones of the same day and event into one; others by the thousand.

    ``stream`` is seekable and at its start; it is left open.
    """
    lines = read_lines(stream)
    sample = list(islice(lines, SAMPLE))
    yield from _grouped(_rows(chain(sample, lines), [line.text for line in sample], origin.name), origin)


def _rows(lines: Iterator[Line], sample: list[str], file: str) -> Iterator[Row | Problem]:
    telling = [line for line in sample if line.strip() and not line.lstrip().startswith("#")]
    if telling and re.match(r'\s*(?:\{|"https?:)', telling[0]):
        return json_rows(lines, file)
    table = find_table(telling)
    return plain_rows(lines, file) if table is None else table_rows(lines, file, table)


def _grouped(rows: Iterator[Row | Problem], origin: Origin) -> Iterator[Event | Problem]:
    group: list[Row] = []
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        if group and (len(group) == CHUNK or _key(row) != _key(group[0])):
            yield _event(group, origin)
            group = []
        group.append(row)
    if group:
        yield _event(group, origin)


def _key(row: Row) -> tuple[str | None, str] | None:
    return (row.date, row.event) if row.event else None


def _event(group: list[Row], origin: Origin) -> Event:
    first = group[0]
    draft = Draft(sources=[row.source for row in group])
    if first.event:
        draft.date, draft.title = first.date, first.event
        draft.topics = [topic for row in group for topic in row.topics]
    else:
        draft.title = lines_title(origin, draft.sources)
    return make_event(draft, origin)


def lines_title(origin: Origin, sources: Sequence[Source]) -> str:
    """What addresses without an event of their own are called."""
    name = "standard input" if origin.name == "-" else PurePath(origin.name).name
    return f"{name} lines {sources[0].line}-{sources[-1].line}"
