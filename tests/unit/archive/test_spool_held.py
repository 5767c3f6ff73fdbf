"""Targets that wait for their rescue: held back, found again after a kill, ended once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.model import Capture, Citation, Ending, Event, OutcomeWord, Reason
from archive.spool.directory import Spool
from archive.spool.entry import enter, start_run
from archive.spool.frontier import Frontier
from archive.spool.held import awaiting, enter_held, events_citing, held_targets, hold, hold_back
from archive.spool.ledger import Ledger
from archive.spool.recover import recover_spool
from archive.status import read_status
from archive.store import open_store

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
URLS = ("http://a.example/1", "http://b.example/2")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    start_run(ledger, "r1", "sources", "2026-01-01T00:00:00Z")
    citations = tuple(Citation("e1", n, url, "Paper", n) for n, url in enumerate(URLS, 1))
    enter(ledger, "r1", "sources", [Event("e1", "2016-05-21", "T", "S", (), None, "d.md", "0" * 64, citations)])
    Frontier(ledger, "r1").lease(9, 0.0)
    yield ledger
    ledger.close()


def gone(target_id: int, record_id: str = "<urn:uuid:1>") -> Ending:
    capture = Capture(record_id, URLS[0], AT, 404, "text/html", "sha1:X", "response", "s1", 0, 10)
    return Ending(target_id, OutcomeWord.GONE, Reason.NOT_FOUND, 2, AT, 404, URLS[0], capture, "why")


def rows(ledger: Ledger) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in ledger.execute("SELECT state, outcome FROM targets ORDER BY id")]


def test_held_back_and_ended(ledger: Ledger) -> None:
    hold(ledger, [gone(1)])
    ledger.commit()
    assert rows(ledger) == [("awaiting", None), ("leased", None)]
    assert awaiting(ledger, "r1") == 1
    (held,) = held_targets(ledger, "r1")
    assert (held.target.url, held.target.attempts, held.record_id) == (URLS[0], 2, "<urn:uuid:1>")
    assert held.ending == replace(gone(1), capture=None)
    ending = replace(held.ending, capture=replace(gone(1, "<urn:uuid:2>").capture, segment="s2"))  # type: ignore[type-var]
    ledger.open_segment("s2", "r1", "sources")
    ledger.captured("s2", 10, [ending])
    ledger.captured("s2", 10, [replace(ending, outcome=OutcomeWord.CAPTURED)])
    ledger.commit()
    assert rows(ledger)[0] == ("captured", "gone")
    assert [o.record_id for o in ledger.outcomes_of("s2")] == ["<urn:uuid:2>"]
    assert awaiting(ledger, "r1") == 0


def test_only_what_is_leased_is_held(ledger: Ledger) -> None:
    ledger.open_segment("s1", "r1", "sources")
    ledger.captured("s1", 10, [gone(1)])
    hold(ledger, [gone(1)])
    assert rows(ledger)[0] == ("captured", "gone")


def test_a_page_whose_text_says_that_it_is_none(ledger: Ledger) -> None:
    ledger.open_segment("s1", "r1", "sources")
    ledger.captured("s1", 10, [replace(gone(1), outcome=OutcomeWord.CAPTURED, reason=Reason.OK, http_status=200)])
    hold_back(ledger, 1, OutcomeWord.GONE, Reason.SOFT_404)
    assert ledger.outcomes_of("s1") == ()
    (held,) = held_targets(ledger, "r1")
    assert (held.ending.reason, held.ending.http_status, held.ending.ended_at) == (Reason.SOFT_404, 200, AT)
    assert held.record_id == "<urn:uuid:1>"
    assert rows(ledger)[0] == ("awaiting", None)


def test_it_still_waits_after_a_kill(ledger: Ledger, tmp_path: Path) -> None:
    hold(ledger, [gone(1)])
    ledger.commit()
    with Spool(tmp_path) as spool:
        recover_spool(spool, ledger)
    assert rows(ledger) == [("awaiting", None), ("queued", None)]
    assert Frontier(ledger, "r1").queued == 1
    status = read_status(open_store(str(tmp_path / "store")), ledger.path, None)
    assert [(row["state"], row["outcome"]) for row in status.targets] == [("awaiting", None), ("queued", None)]


def test_targets_of_another_job(ledger: Ledger) -> None:
    start_run(ledger, "r2", "rescue-r2", "2026-01-02T00:00:00Z")
    row = (URLS[0], "example,a)/1", "a.example", replace(gone(0), capture=None), "<urn:uuid:7>")
    assert enter_held(ledger, "r2", "rescue-r2", [row, row]) == 1
    (held,) = held_targets(ledger, "r2")
    assert (held.target.key, held.ending.detail, held.record_id) == ("example,a)/1", "why", "<urn:uuid:7>")
    assert rows(ledger) == [("leased", None), ("leased", None), ("awaiting", None)]


def test_who_cites_it(ledger: Ledger) -> None:
    (event,) = events_citing(ledger, "example,b)/2")
    assert (event["title"], [c["url"] for c in event["citations"]]) == ("T", list(URLS))
    assert events_citing(ledger, "example,c)/") == []


def test_a_ledger_of_the_last_version_is_taken_over(tmp_path: Path) -> None:
    """It had no state for targets that wait; what it holds stays."""
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    with sqlite3.connect(path) as sql:
        schema = sql.execute("SELECT sql FROM sqlite_master WHERE name = 'targets'").fetchone()[0].replace(" 'awaiting',", "")
        sql.executescript(
            f"DROP TABLE held; DROP TABLE targets; {schema};"
            "CREATE INDEX targets_queue ON targets (run, host, id) WHERE state = 'queued';"
            "CREATE INDEX targets_segment ON targets (segment) WHERE segment IS NOT NULL;"
            "CREATE INDEX targets_run ON targets (run, outcome);"
            "INSERT INTO targets (job, key, url, host, run, state, outcome) VALUES ('sources', 'k', 'u', 'h', 'r1', 'archived', 'gone');"
            "INSERT INTO targets (job, key, url, host, run) VALUES ('sources', 'l', 'u', 'h', 'r1'); PRAGMA user_version=2;"
        )
    sql.close()
    ledger = Ledger(path)
    assert rows(ledger) == [("archived", "gone"), ("queued", None)]
    ledger.execute("UPDATE targets SET state = 'awaiting' WHERE key = 'l'")
    assert awaiting(ledger, "r1") == 1
    found = {row[0] for row in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'targets'")}
    assert {"targets_queue", "targets_segment", "targets_run", "targets_awaiting"} <= found
    ledger.close()
