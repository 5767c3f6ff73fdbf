"""A selection as a condition on the catalog's documents. It says what `archive.selection.select` says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archive.selection import Selection, chosen_runs
from archive.selection_events import cited_condition


class Condition:
    """SQL and its values, on ``documents d``. Raises `NotFound` for a run or an event that the archive does not have."""

    def __init__(self, sql: sqlite3.Connection, selection: Selection, store_uri: str) -> None:
        self._sql, self._want = sql, selection
        self._parts: list[str] = []
        self.values: list[str] = []
        if selection.runs:
            rows = sql.execute("SELECT number, run FROM segments WHERE NOT inputs ORDER BY created_at, name").fetchall()
            runs = chosen_runs(selection, (run for _, run in rows), store_uri)
            self._add(f"d.segment IN ({number_list(number for number, run in rows if run in runs)})")
        if selection.hosts:
            hosts = number_list(number for number, name in sql.execute("SELECT number, name FROM hosts") if selection.has_host(name))
            self._add(f"(d.host IN ({hosts}) OR d.final_host IN ({hosts}))")
        if selection.urls:
            sql.create_function("is_wanted_address", 2, selection.has_address, deterministic=True)
            self._add("is_wanted_address(d.url, d.final_url)")
        if selection.outcomes:
            self._add(f"d.outcome IN ({', '.join('?' * len(selection.outcomes))})", *selection.outcomes)
        if selection.langs:
            sql.create_function("is_wanted_language", 1, selection.has_language, deterministic=True)
            self._add("is_wanted_language(d.language)")
        if selection.needs_events:
            condition, values = cited_condition(sql, selection, store_uri)
            self._add(condition, *values)

    @property
    def where(self) -> str:
        return " AND ".join(self._parts) or "TRUE"

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._parts)

    def _add(self, part: str, *values: str) -> None:
        self._parts.append(part)
        self.values += values


def number_list(numbers: Iterable[int]) -> str:
    """Numbers of our own as SQL: there may be more of them than a statement may have values."""
    return ", ".join(str(int(number)) for number in numbers)
