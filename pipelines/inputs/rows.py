"""Rows of a list of addresses, in any of its layouts."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.errors import InputError
from archive.model import Problem
from pipelines.inputs.addresses import shown
from pipelines.inputs.columns import ADDRESS, FIELDS, Table
from pipelines.inputs.days import read_day
from pipelines.inputs.draft import Copy, Source, make_source, read_copy
from pipelines.inputs.lines import Line
from pipelines.inputs.wording import one_line, publisher

_SPLIT_TOPICS = re.compile(r"\s*[;|]\s*")
_BEFORE_ADDRESS = re.compile(r"(?:[-*+]|\d{1,7}[.):])?\s*")


@dataclass(frozen=True, slots=True)
class Row:
    source: Source
    event: str
    date: str | None
    topics: tuple[str, ...]


def plain_rows(lines: Iterator[Line], file: str) -> Iterator[Row | Problem]:
    """One address a line, with or without words after it; ``#`` starts a comment line."""
    for line in lines:
        if line.problem:
            yield Problem(file, line.number, line.problem)
        text = line.text.strip()
        if not text or text.startswith("#"):
            continue
        before, url, after = _address_in(text)
        yield from _row({"url": url, "label": after or before}, line.number, file)


def _address_in(text: str) -> tuple[str, str, str]:
    """The words before, the address, the words after it."""
    if " " not in text and "\t" not in text:
        return "", text, ""
    found = ADDRESS.search(text)
    if found is None:
        return "", text, ""
    before = text[: found.start()]
    return (
        before[_before_end(before) :].strip(" \t-:|<"),
        found.group().rstrip(">") if "<" in before else found.group(),
        text[found.end() :],
    )


def _before_end(before: str) -> int:
    found = _BEFORE_ADDRESS.match(before)
    return found.end() if found else 0


def json_rows(lines: Iterator[Line], file: str) -> Iterator[Row | Problem]:
    """JSON lines: objects with ``url``, or strings. A first object without one is a header, as in the pages.jsonl of a WACZ."""
    first = True
    for line in lines:
        if line.problem:
            yield Problem(file, line.number, line.problem)
        if not line.text.strip():
            continue
        try:
            value = json.loads(line.text)
        except (ValueError, RecursionError):
            yield Problem(file, line.number, f"no JSON: {one_line(line.text[:80])}")
            first = False
            continue
        fields = {"url": value} if isinstance(value, str) else _fields(value) if isinstance(value, dict) else {}
        if "url" in fields:
            yield from _row(fields, line.number, file)
        elif not (first and isinstance(value, dict)):
            yield Problem(file, line.number, f"no url in this line: {one_line(line.text[:80])}")
        first = False


def _fields(value: dict[str, Any]) -> dict[str, Any]:
    """The members that are understood, by their meaning."""
    found = {}
    for field, names in FIELDS.items():
        for name in names:
            if value.get(name) not in (None, "", []):
                found[field] = value[name]
                break
    return found


def table_rows(lines: Iterator[Line], file: str, table: Table) -> Iterator[Row | Problem]:
    """The rows of a CSV or TSV. A row broken by a stray quote is read again without quoting."""
    feed = _Feed(lines)
    skip_header = table.has_header
    reader = csv.reader(feed, delimiter=table.delimiter, strict=True)
    while True:
        feed.taken.clear()
        try:
            fields = next(reader)
            rows = [(feed.taken[0].number if feed.taken else 0, fields)]
        except StopIteration:
            return
        except csv.Error:
            yield Problem(file, feed.taken[0].number, "stray or unclosed quote: read without quoting")
            rows = [(line.number, line.text.split(table.delimiter)) for line in feed.taken]
        yield from (Problem(file, line.number, line.problem) for line in feed.taken if line.problem)
        for number, row in rows:
            if not any(field.strip() for field in row) or row[0].lstrip().startswith("#"):
                continue
            if skip_header:
                skip_header = False
                continue
            yield from _table_row(row, number, file, table)


class _Feed:
    """Lines for the csv module, remembering those of the row at hand."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.taken: list[Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken.append(line)
        return line.text + "\n"


def _table_row(row: list[str], number: int, file: str, table: Table) -> Iterator[Row | Problem]:
    if any(field.strip() for field in row[table.width :]):
        yield Problem(file, number, f"{len(row)} fields where the first rows have {table.width}: an unquoted delimiter?")
        return
    yield from _row({field: row[index] for field, index in table.columns.items() if index < len(row)}, number, file)


def _row(fields: Mapping[str, Any], line: int, file: str) -> Iterator[Row | Problem]:
    url, label, archived = fields.get("url"), fields.get("label"), _word(fields, "archive_url")
    if not isinstance(url, str) or not url.strip():
        yield Problem(file, line, f"no address in the url column: {shown(str(url or '')[:80])}")
        return
    copy: Copy | None = None
    try:
        copy = read_copy(archived, read_day(_word(fields, "archive_date"))) if archived else None
    except InputError as error:
        yield Problem(file, line, f"archived copy left out: {error}")
    day = read_day(_word(fields, "date"))
    try:
        source = make_source(url, publisher(label) if isinstance(label, str) else "", line, day, copy)
        yield Row(source, one_line(_word(fields, "event")), day, _topics(fields))
    except InputError as error:
        yield Problem(file, line, str(error))


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _topics(fields: Mapping[str, Any]) -> tuple[str, ...]:
    topics = fields.get("topics", ())
    if isinstance(topics, str):
        topics = _SPLIT_TOPICS.split(topics)
    names = [fields.get("category"), *(topics if isinstance(topics, list) else ())]
    return tuple(one_line(name) for name in names if isinstance(name, str) and name)
