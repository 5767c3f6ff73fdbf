"""The columns of the three tables of a dataset, from which Parquet's schema, CSV's head and Croissant's fields are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from archive.model import Document, Event

Kind = Literal["text", "int", "number", "bool", "time", "day", "texts", "record", "records"]


@dataclass(frozen=True, slots=True)
class Column:
    """``inner``: what a record has."""

    name: str
    kind: Kind
    inner: tuple[Column, ...] = ()


_TIMES = frozenset({"captured_at"})
"""Written to the microsecond by us. Dates of pages are as precise as the page says, and stay text."""

_PLAIN: Mapping[type, Kind] = {str: "text", int: "int", float: "number", bool: "bool", datetime: "time"}


def _columns_of(record: Any) -> tuple[Column, ...]:
    hints = get_type_hints(record)
    return tuple(_column(field.name, hints[field.name]) for field in fields(record))


def _column(name: str, hint: Any) -> Column:
    given = [one for one in get_args(hint) if one is not NoneType]
    if get_origin(hint) is tuple:
        return Column(name, "texts") if given[0] is str else Column(name, "records", _columns_of(given[0]))
    if get_origin(hint) is Literal:
        return Column(name, "text")
    if given:
        return _column(name, given[0])  # X | None
    if is_dataclass(hint):
        return Column(name, "record", _columns_of(hint))
    if issubclass(hint, StrEnum) or name in _TIMES:
        return Column(name, "time" if name in _TIMES else "text")
    return Column(name, _PLAIN[hint])


DOCUMENTS = _columns_of(Document)
EVENT_DATE = Column("event_date", "day")
"""The earliest day among the events that cite a document. Parquet and CSV have it as a column of its own, and are sorted by it."""

TOLD_EVENTS = (
    Column("schema", "text"),
    *(Column(column.name, "day") if column.name == "date" else column for column in _columns_of(Event)),
)
"""What every event has as it is stored."""
EVENTS = (*TOLD_EVENTS, Column("revision", "int"), Column("replaced_by", "text"))
SOURCES = (
    Column("url", "text"),
    Column("outcome", "text"),
    Column("reason", "text"),
    Column("http_status", "int"),
    Column("captured_at", "time"),
    Column("text_outcome", "text"),
    Column("via", "text"),
    Column("final_url", "text"),
    Column("title", "text"),
    Column("language", "text"),
    Column("words", "int"),
    Column("events", "texts"),
    Column("record_id", "text"),
    Column("run", "text"),
    Column("attempts", "int"),
    Column("key", "text"),
)
