"""A selection as a condition on the catalog's documents. It says what `archive.selection.select` says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from archive.selection.events import cited_condition, span_of
from archive.selection.select import Selection, chosen_runs


class _Narrow(NamedTuple):
    """Numbers of documents, among them all for which the condition holds, found by an index."""

    part: str | None  # of the condition, when it says just that
    query: str
    values: tuple[str, ...] = ()


class Condition:
    """SQL and its values, on ``documents d``. Raises `NotFound` for a run or an event that the archive does not have."""

    def __init__(self, sql: sqlite3.Connection, selection: Selection, store_uri: str) -> None:
        self._sql, self._want = sql, selection
        self._parts: list[str] = []
        self.values: list[str] = []
        self._narrow: list[_Narrow] = []
        if selection.needs_events:
            self._of_events(store_uri)
        if selection.runs:
            rows = sql.execute(
                "SELECT number, run FROM segments WHERE NOT inputs AND supersedes IS NULL ORDER BY created_at, name"
            ).fetchall()
            runs = chosen_runs(selection, (run for _, run in rows), store_uri)
            self._add(f"d.segment IN ({number_list(number for number, run in rows if run in runs)})", has_index=True)
        if selection.hosts:
            hosts = number_list(number for number, name in sql.execute("SELECT number, name FROM hosts") if selection.has_host(name))
            self._add(f"(d.host IN ({hosts}) OR d.final_host IN ({hosts}))", has_index=True)
        if selection.urls:
            sql.create_function("is_wanted_address", 2, selection.has_address, deterministic=True)
            self._add("is_wanted_address(d.url, d.final_url)")
        if selection.outcomes:
            self._add(f"d.outcome IN ({', '.join('?' * len(selection.outcomes))})", *selection.outcomes)
        if selection.langs:
            languages = [one for (one,) in sql.execute("SELECT DISTINCT language FROM documents") if selection.has_language(one)]
            self._add(f"d.language IN ({', '.join('?' * len(languages))})", *languages, has_index=True)

    @property
    def where(self) -> str:
        return " AND ".join(self._parts) or "TRUE"

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._parts)

    def documents(self, most: int) -> list[int] | None:
        """Numbers of those for which it holds; None when no index tells that they are so few."""
        for narrow in self._narrow:
            numbers = [number for (number,) in self._sql.execute(f"{narrow.query} LIMIT {most + 1}", narrow.values)]
            if len(numbers) <= most:
                if narrow.part == self.where:
                    return numbers
                one_by_one = f"documents d NOT INDEXED WHERE d.number IN ({number_list(numbers)})"
                query = f"SELECT d.number FROM {one_by_one} AND {self.where}"  # noqa: S608
                return [number for (number,) in self._sql.execute(query, self.values)]
        return None

    def _of_events(self, store_uri: str) -> None:
        want = self._want
        condition, values = cited_condition(self._sql, want, store_uri)
        self._add(condition, *values)
        of_events = "CROSS JOIN cited c ON c.event = e.number CROSS JOIN documents d ON d.address = c.address"
        if want.events or want.digests:
            exact = None if want.since or want.until else condition
            self._narrow.append(_Narrow(exact, f"SELECT DISTINCT d.number FROM temp.chosen e {of_events}"))  # noqa: S608 - constants
        else:
            cited = f"SELECT d.number FROM events e {of_events} WHERE e.date BETWEEN ? AND ?"  # noqa: S608 - constants
            captured = "SELECT number FROM documents WHERE captured_at BETWEEN ? AND ?"
            self._narrow.append(_Narrow(None, f"{cited} UNION ALL {captured}", 2 * span_of(want)))

    def _add(self, part: str, *values: str, has_index: bool = False) -> None:
        self._parts.append(part)
        self.values += values
        if has_index:
            self._narrow.append(_Narrow(part, f"SELECT d.number FROM documents d WHERE {part}", values))  # noqa: S608


def number_list(numbers: Iterable[int]) -> str:
    """Numbers of our own as SQL: there may be more of them than a statement may have values."""
    return ", ".join(str(int(number)) for number in numbers)
