"""Which telling of an event counts, and what it cites."""

from __future__ import annotations

import sqlite3
from itertools import permutations
from typing import Any

import pytest

from archive.told import TABLES, tell


@pytest.fixture
def sql() -> sqlite3.Connection:
    connection = sqlite3.connect("")
    connection.executescript(TABLES)
    return connection


def event(title: str | None, revision: int, *paths: str) -> dict[str, Any]:
    citations = [{"url": f"http://a.example/{path}"} for path in paths]
    return {"id": "e", "digest_file": "d.md", "date": "2016-05-21", "title": title, "revision": revision, "citations": citations}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_telling_counts_in_any_order(sql: sqlite3.Connection, order: tuple[int, ...]) -> None:
    rows = [event("One", 1, "a", "b"), event("Two", 2, "a"), event("Three", 3, "c", "c")]
    numbers = [tell(sql, rows[n]) for n in order]
    assert sql.execute("SELECT title, revision FROM events").fetchall() == [("Three", 3)]
    assert sql.execute("SELECT key FROM cited").fetchall() == [("example,a)/c",)]
    assert {number for number in numbers if number is not None} == {1}
    assert (numbers[-1] is None) == (order[-1] != 2)


@pytest.mark.parametrize(
    "row", [{}, {"id": "e"}, event(None, 1), event("x", 1) | {"citations": [None]}, event("x", 1) | {"citations": None}]
)
def test_what_is_no_event(sql: sqlite3.Connection, row: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, AttributeError)):
        tell(sql, row)
