"""Parts 6 and 7 of a report: which events have their sources, and how sources fare by the year of the event."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.model import OutcomeWord
from archive.report.model import Coverage, EventRow, YearRow

_COVERED = """
SELECT e.id, e.date, e.title, e.digest_file, count(*) AS sources,
  sum(EXISTS (SELECT 1 FROM targets t WHERE t.key = c.key AND t.outcome IN ('captured', 'unchanged', 'rescued'))
    OR EXISTS (SELECT 1 FROM earlier p WHERE p.key = c.key AND p.outcome IN ('captured', 'unchanged', 'rescued'))) AS kept
FROM events e JOIN cited c ON c.event = e.number GROUP BY e.number ORDER BY e.date, e.id, e.digest_file
"""


def coverage(sql: sqlite3.Connection) -> Coverage:
    whole, uncovered, partly = 0, [], []
    for row in sql.execute(_COVERED):
        event = EventRow(*row)
        whole += event.kept == event.sources
        if event.kept == 0:
            uncovered.append(event)
        elif event.kept < event.sources:
            partly.append(event)
    return Coverage(whole + len(partly) + len(uncovered), whole, len(partly), len(uncovered), tuple(uncovered), tuple(partly))


def years(sql: sqlite3.Connection) -> Iterator[YearRow]:
    """The undated last."""
    counted: dict[str | None, dict[str, int]] = {}
    for year, outcome, count in sql.execute(
        "SELECT year, outcome, count(*) FROM targets GROUP BY year, outcome ORDER BY year IS NULL, year"
    ):
        counted.setdefault(year, {word.value: 0 for word in OutcomeWord})[outcome] = count
    for year, outcomes in counted.items():
        yield YearRow(year, sum(outcomes.values()), outcomes)
