"""CSL-JSON: reference lists of Zotero, citeproc and pandoc; an array of items, or an object with ``items``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.model import Event, Problem
from pipelines.inputs.days import iso_day, read_day
from pipelines.inputs.draft import Origin
from pipelines.inputs.references import Reference, reference_event
from pipelines.inputs.wording import one_line, publisher, words_of

_LABELS = ("container-title", "publisher", "collection-title", "archive")
_START = re.compile(r'\s*(?:\{\s*"items"\s*:\s*)?\[')
_BLANK = re.compile(r"[\s,]*")
_URL_MEMBER = re.compile(r'"(?:URL|url)"\s*:')
_SPLIT_KEYWORDS = re.compile(r"\s*[,;]\s*")


def read_csl(text: str, origin: Origin) -> Iterator[Event | Problem]:
    """One event an item, in order. JSON that is broken ends the list there, with its line."""
    start = _START.match(text)
    position = start.end() if start else 0
    line, counted = 1, 0
    decoder = json.JSONDecoder()
    while (position := _after_blanks(text, position)) < len(text) and text[position] not in "]}":
        line, counted = line + text.count("\n", counted, position), position
        try:
            item, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            at = error.pos if isinstance(error, json.JSONDecodeError) else position
            words = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            yield Problem(origin.name, line + text.count("\n", counted, at), f"broken JSON, read up to here: {words}")
            return
        if isinstance(item, dict):
            yield from reference_event(_reference(item, text[position:end], line), origin)
        else:
            yield Problem(origin.name, line, "no reference: an item of the list that is no object")
        position = end
        if start is None:
            return


def _after_blanks(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _reference(item: Mapping[str, Any], written: str, line: int) -> Reference:
    reference = Reference(
        line,
        words_of(_string(item, "title")) or one_line(str(item.get("id", ""))[:200]),
        _day(item.get("issued")),
        _day(item.get("accessed")),
    )
    reference.label = publisher(next((words for name in _LABELS if (words := _string(item, name))), ""))
    reference.summary = words_of(_string(item, "abstract"))
    reference.topics = _keywords(item.get("keyword"))
    if address := (_string(item, "URL") or _string(item, "url")).strip():
        found = _URL_MEMBER.search(written)
        reference.addresses.append((address, line + (written.count("\n", 0, found.start()) if found else 0)))
    return reference


def _string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, list):  # some exporters write names as lists
        value = next((part for part in value if isinstance(part, str)), "")
    return value if isinstance(value, str) else ""


def _keywords(value: object) -> list[str]:
    parts = _SPLIT_KEYWORDS.split(value) if isinstance(value, str) else value if isinstance(value, list) else []
    return [one_line(part) for part in parts if isinstance(part, str)]


def _day(value: object) -> str | None:
    """A CSL date: ``{"date-parts": [["2013", 1, 30]]}``, ``raw`` or ``literal``; None when it is less than a day."""
    if isinstance(value, str):
        return read_day(value)
    if not isinstance(value, dict):
        return None
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and len(first) >= 3 and all(_is_number(part) for part in first[:3]):
        return iso_day(*(str(part) for part in first[:3]))
    return next((day for name in ("raw", "literal") if isinstance(value.get(name), str) and (day := read_day(value[name]))), None)


def _is_number(part: object) -> bool:
    return (isinstance(part, int) and 0 <= part <= 9999) or (isinstance(part, str) and re.fullmatch(r"\d{1,4}", part, re.ASCII) is not None)
