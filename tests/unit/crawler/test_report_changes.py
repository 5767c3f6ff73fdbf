"""The changes of a run for people: a line or two."""

from __future__ import annotations

from typing import Any

from crawler.report import changes_lines
from pipelines.changes import KINDS


def lines(stealth: int = 0, problem: str | None = None, not_compared: int = 0, **counts: int) -> list[str]:
    edits = [{"url": f"http://news.example/{n}", "before": None, "after": None} for n in range(stealth)]
    whole: dict[str, Any] = {
        "counts": dict.fromkeys(KINDS, 0) | counts,
        "not_compared": not_compared,
        "problem": problem,
        "stealth": edits,
    }
    return list(changes_lines({"run": "r1", "changes": whole}))


def test_nothing_is_said_of_a_first_crawl() -> None:
    assert list(changes_lines({"run": "r1", "changes": None})) == []


def test_counts_without_zeros() -> None:
    assert lines(same=475, text=20, gone=5) == ["changes: 475 same, 20 text, 5 gone"]
    assert lines() == ["changes: none"]
    assert lines(text=1, not_compared=2, problem="x is damaged") == ["changes: 1 text; 2 could not be compared (x is damaged)"]


def test_stealth_edits_are_named() -> None:
    told = lines(stealth=5, text=5)
    assert len(told) == 2
    assert told[1].endswith("http://news.example/2 and 2 more; see warcite diff --run r1")
    assert " more" not in lines(stealth=3, text=3)[1]
