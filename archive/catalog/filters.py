"""A selection as a condition on the catalog's documents. It says what `archive.selection.select` says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from fnmatch import fnmatchcase

from archive.errors import NotFound
from archive.selection import Selection


class Condition:
    """SQL and its values, on ``documents d``. Raises `NotFound` for a run or an event that the archive does not have."""

    def __init__(self, sql: sqlite3.Connection, selection: Selection, store_uri: str) -> None:
        self._sql, self._want, self._uri = sql, selection, store_uri
        self._parts: list[str] = []
        self.values: list[str] = []
        if selection.runs:
            self._of_runs()
        if selection.hosts:
            self._of_hosts()
        if selection.urls:
            self._with_addresses()
        if selection.outcomes:
            self._add(f"d.outcome IN ({_holes(selection.outcomes)})", *selection.outcomes)
        if selection.langs:
            prefixes = [f"{lang.lower()}-" for lang in selection.langs]
            one = "substr(lower(d.language) || '-', 1, length(?)) = ?"
            self._add(f"({' OR '.join([one] * len(prefixes))})", *(p for prefix in prefixes for p in (prefix, prefix)))
        if selection.needs_events:
            self._of_events()

    @property
    def where(self) -> str:
        return " AND ".join(self._parts) or "TRUE"

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._parts)

    def _add(self, part: str, *values: str) -> None:
        self._parts.append(part)
        self.values += values

    def _of_runs(self) -> None:
        rows = self._sql.execute("SELECT number, run FROM segments WHERE NOT inputs ORDER BY created_at, name").fetchall()
        known = [run for _, run in rows]
        for run in self._want.runs:
            if run not in known and (run != "last" or not known):
                raise NotFound(f"no run {run[:120]} in {self._uri}; warcite status --json lists the runs")
        newest = list(dict.fromkeys(known))[-1]  # the one that began last
        chosen = {newest if run == "last" else run for run in self._want.runs}
        self._add(f"d.segment IN ({number_list(number for number, run in rows if run in chosen)})")

    def _of_hosts(self) -> None:
        globs = [host.lower() for host in self._want.hosts]
        rows = self._sql.execute("SELECT number, name FROM hosts").fetchall()
        chosen = number_list(number for number, name in rows if any(fnmatchcase(name, glob) for glob in globs))
        self._add(f"(d.host IN ({chosen}) OR d.final_host IN ({chosen}))")

    def _with_addresses(self) -> None:
        globs = self._want.urls

        def is_chosen(*addresses: str) -> bool:
            return any(address == glob or fnmatchcase(address, glob) for address in addresses for glob in globs)

        self._sql.create_function("has_chosen_address", 2, is_chosen, deterministic=True)
        self._add("has_chosen_address(d.url, d.final_url)")

    def _of_events(self) -> None:
        """Cited by one of the chosen events, on a day within the span; where none is dated, captured within it."""
        want = self._want
        link = "SELECT 1 FROM cited c JOIN events e ON e.number = c.event WHERE c.address = d.address"
        if want.events or want.digests:
            link += f" AND e.number IN ({number_list(self._chosen_events())})"
            self._add(f"EXISTS ({link})")
        if want.since is not None or want.until is not None:
            days = [(want.since, "{0} >= ?")] * (want.since is not None) + [(want.until, "substr({0}, 1, length(?)) <= ?")] * (
                want.until is not None
            )
            within = " AND ".join(form for _, form in days)
            values = [value or "" for value, form in days for _ in range(form.count("?"))]
            dated, cited = f"EXISTS ({link} AND e.date > '')", f"EXISTS ({link} AND e.date > '' AND {within.format('e.date')})"
            self._add(f"CASE WHEN {dated} THEN {cited} ELSE {within.format('d.captured_at')} END", *values, *values)

    def _chosen_events(self) -> Iterable[int]:
        rows = self._sql.execute("SELECT number, id, digest_file, digest_sha256 FROM events").fetchall()
        ids = self._with_successors() if self._want.events else None
        for number, event_id, file, sha256 in rows:
            if ids is not None and event_id not in ids:
                continue
            if not self._want.digests or any(one in {file, sha256} or fnmatchcase(file, one) for one in self._want.digests):
                yield number

    def _with_successors(self) -> set[str]:
        chosen: set[str] = set()
        for event_id in self._want.events:
            waiting = [event_id]
            while waiting:
                following = waiting.pop()
                rows = self._sql.execute("SELECT replaced_by FROM events WHERE id = ?", (following,)).fetchall()
                if not rows and following == event_id:
                    raise NotFound(
                        f"no event {event_id[:120]} in {self._uri}; warcite show URL --json names the events that cite an address"
                    )
                chosen.add(following)
                waiting += [row[0] for row in rows if row[0] is not None and row[0] not in chosen]
        return chosen


def _holes(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


def number_list(numbers: Iterable[int]) -> str:
    """Numbers of our own as SQL: there may be more of them than a statement may have values."""
    return ", ".join(str(int(number)) for number in numbers)
