"""Flat CSV for spreadsheets (RFC 4180, UTF-8): no nested values, lists in one cell, nothing that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from archive.bundle.dataset import columns
from archive.bundle.dataset.columns import Column
from archive.bundle.dataset.rows import Rows
from archive.bundle.dataset.table import Table
from archive.spreadsheet import inert

_NESTED = frozenset({"record", "records"})

DOCUMENTS = (
    *(column for column in columns.DOCUMENTS if column.kind not in _NESTED),
    columns.EVENT_DATE,
    Column("events", "texts"),
    Column("rescued_from", "text"),
)
EVENTS = (*(column for column in columns.EVENTS if column.kind not in _NESTED), Column("sources", "texts"), Column("related", "texts"))


def write_tables(rows: Rows, folder: Path) -> list[Table]:
    """Lists are joined by ``; ``. A cell that begins with = + - @ gets an apostrophe before it: a page could write formulas else."""
    tables = [
        (Table("documents", "documents.csv", "text/csv", DOCUMENTS), (_document(d.day, from_json(d.line)) for d in rows.documents())),
        (Table("events", "events.csv", "text/csv", EVENTS), (_event(from_json(line)) for line in rows.events())),
        (Table("sources", "sources.csv", "text/csv", columns.SOURCES), (from_json(line) for line in rows.sources())),
    ]
    for table, values in tables:
        _write(folder / table.file, table.columns, values)
    return [table for table, _ in tables]


def _write(path: Path, named: Iterable[Column], values: Iterable[Mapping[str, Any]]) -> None:
    names = [column.name for column in named]
    with path.open("w", encoding="utf-8", newline="", errors="replace") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        for row in values:
            writer.writerow([_cell(row.get(name)) for name in names])


def _document(day: str | None, row: Mapping[str, Any]) -> dict[str, Any]:
    cited_by = list(dict.fromkeys(citation["event_id"] for citation in row["citations"]))
    return {**row, "event_date": day, "events": cited_by, "rescued_from": (row["rescue"] or {}).get("memento")}


def _event(row: Mapping[str, Any]) -> dict[str, Any]:
    sources = list(dict.fromkeys(citation["url"] for citation in row["citations"]))
    return {**row, "sources": sources, "related": [one["url"] for one in row["related"]]}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return inert("; ".join(value))
    return inert(value) if isinstance(value, str) else str(value)
