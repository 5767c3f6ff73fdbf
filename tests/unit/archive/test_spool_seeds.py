"""Input pages in the ledger: jobs that continue, pages that are settled, and what the frontier learns while it runs."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.model import Citation, Event
from archive.spool.entry import enter, start_run
from archive.spool.frontier import Frontier
from archive.spool.ledger import Ledger
from archive.spool.seeds import (
    Input,
    InputTarget,
    count_inputs,
    enter_inputs,
    failed_inputs,
    fingerprint,
    input_of,
    is_settled,
    led_to,
    owner_of,
    take_up,
)
from archive.times import iso
from archive.urls import surt

AT = datetime(2026, 1, 2, tzinfo=UTC)
INDEX = Input("http://d.example/index.md", "http://d.example/index.md", surt("http://d.example/index.md"))
PAGE = Input("http://d.example/page.md", "http://d.example/page.md", INDEX.seed, 1)


@pytest.fixture
def ledger(tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def event(number: int, *urls: str) -> Event:
    name = f"2016-05-21-{number:012x}"
    citations = tuple(Citation(name, i, url, "A paper", 10 + i) for i, url in enumerate(urls, 1))
    return Event(name, "2016-05-21", f"Event {number}", "", (), None, INDEX.name, "0" * 64, citations)


def begin(ledger: Ledger, run: str, at: datetime = AT, job: str = "sources", what: str = "w") -> tuple[str, str, str | None]:
    start_run(ledger, run, job, iso(at))
    work = take_up(ledger, run, job, what, at, own_job=job != "sources")
    return work.inputs, work.sources, work.continued


def end(ledger: Ledger, key: str, job: str, outcome: str = "captured", at: datetime = AT) -> None:
    ledger.execute(
        "UPDATE targets SET state = 'archived', outcome = ?, reason = 'ok', captured_at = ? WHERE key = ? AND job = ?",
        (outcome, iso(at), key, job),
    )


def test_an_interrupted_run_is_continued_and_a_finished_one_is_not(ledger: Ledger) -> None:
    assert begin(ledger, "r1") == ("inputs-r1", "sources", None)
    enter_inputs(ledger, "r1", "inputs-r1", [INDEX])
    end(ledger, INDEX.seed, "inputs-r1")
    enter_inputs(ledger, "r1", "inputs-r1", [PAGE])
    enter(ledger, "r1", "sources", [event(1, "http://a.example/1")])

    assert begin(ledger, "r2", AT + timedelta(hours=2)) == ("inputs-r1", "sources", "r1")
    assert count_inputs(ledger, "r2", "inputs-r1").pending == 1
    assert Frontier(ledger, "r2").queued == 2
    assert owner_of(ledger, "inputs-r1") == ("r2", "sources")
    end(ledger, surt(PAGE.url), "inputs-r1")
    end(ledger, surt("http://a.example/1"), "sources")
    assert begin(ledger, "r3", AT + timedelta(hours=3)) == ("inputs-r3", "sources", None)


def test_other_inputs_are_another_job(ledger: Ledger) -> None:
    begin(ledger, "r1")
    enter_inputs(ledger, "r1", "inputs-r1", [INDEX])
    assert begin(ledger, "r2", what="x") == ("inputs-r2", "sources", None)
    assert Frontier(ledger, "r2").queued == 0


def test_what_an_old_interrupted_run_had_left_is_taken_over_and_its_inputs_are_read_anew(ledger: Ledger) -> None:
    begin(ledger, "r1")
    enter_inputs(ledger, "r1", "inputs-r1", [INDEX, PAGE])
    end(ledger, INDEX.seed, "inputs-r1")
    enter(ledger, "r1", "sources", [event(1, "http://a.example/1")])
    assert begin(ledger, "r2", AT + timedelta(days=2)) == ("inputs-r2", "sources", None)
    assert enter_inputs(ledger, "r2", "inputs-r2", [INDEX, PAGE]) == 1  # the page is there already
    frontier = Frontier(ledger, "r2")
    urls = {target.url for target in frontier.lease(10, 0.0)}
    assert (urls, frontier.queued) == ({PAGE.url, "http://a.example/1"}, 1)  # one at a time from the digest's host
    assert input_of(ledger, "inputs-r2", surt(PAGE.url)) == PAGE


def test_an_old_recrawl_is_not_taken_over(ledger: Ledger) -> None:
    begin(ledger, "r1", job="recrawl-r1")
    enter(ledger, "r1", "recrawl-r1", [event(1, "http://a.example/1")])
    assert begin(ledger, "r2", AT + timedelta(hours=1), "recrawl-r2") == ("inputs-r1", "recrawl-r1", "r1")
    assert begin(ledger, "r3", AT + timedelta(days=9), "recrawl-r3") == ("inputs-r3", "recrawl-r3", None)
    assert Frontier(ledger, "r3").queued == 0


def test_a_clock_that_went_back_continues_nothing(ledger: Ledger) -> None:
    begin(ledger, "r1")
    enter_inputs(ledger, "r1", "inputs-r1", [INDEX])
    assert begin(ledger, "r2", AT - timedelta(hours=1))[2] is None


def test_a_page_is_settled_once_all_that_it_led_to_was_read_after_it_stopped_moving(ledger: Ledger) -> None:
    begin(ledger, "r1")
    enter_inputs(ledger, "r1", "inputs-r1", [INDEX, PAGE])
    assert not is_settled(ledger, INDEX.url, AT)
    end(ledger, INDEX.seed, "inputs-r1")
    assert not is_settled(ledger, INDEX.url, AT), "its page is not read yet"
    end(ledger, surt(PAGE.url), "inputs-r1", "error")
    assert not is_settled(ledger, INDEX.url, AT), "its page could not be read"
    end(ledger, surt(PAGE.url), "inputs-r1", "gone")
    assert is_settled(ledger, INDEX.url, AT)
    assert not is_settled(ledger, INDEX.url, AT + timedelta(seconds=1))
    assert not is_settled(ledger, "http://d.example/other.md", AT)


def test_counts_and_failures(ledger: Ledger) -> None:
    begin(ledger, "r1")
    assert enter_inputs(ledger, "r1", "inputs-r1", [INDEX, PAGE, PAGE]) == 2
    assert led_to(ledger, "inputs-r1", INDEX.seed) == 2
    end(ledger, surt(PAGE.url), "inputs-r1", "blocked")
    counts = count_inputs(ledger, "r1", "inputs-r1")
    assert (counts.outcomes, counts.pending) == ({"blocked": 1}, 1)
    assert [(f.name, f.outcome, f.depth) for f in failed_inputs(ledger, "r1", "inputs-r1")] == [(PAGE.name, "blocked", 1)]


def test_inputs_come_before_sources_and_what_they_lead_to_is_leased_in_the_same_crawl(ledger: Ledger) -> None:
    begin(ledger, "r1")
    enter(ledger, "r1", "sources", [event(1, *(f"http://big.example/{n}" for n in range(3)), "http://d.example/cited")])
    enter_inputs(ledger, "r1", "inputs-r1", [INDEX])
    frontier = Frontier(ledger, "r1")
    (first,) = frontier.lease(1, 0.0)
    assert isinstance(first, InputTarget)
    assert (first.url, first.job) == (INDEX.url, "inputs-r1")
    frontier.postpone(first, 1, 5.0)
    (source,) = frontier.lease(1, 0.0)
    assert source.host == "big.example"
    (again,) = frontier.lease(9, 5.0)
    assert (again.url, again.attempts) == (INDEX.url, 1)

    enter(ledger, "r1", "sources", [event(2, "http://new.example/1", "http://new.example/2", "http://big.example/9")])
    enter_inputs(ledger, "r1", "inputs-r1", [PAGE])
    before = frontier.queued
    assert frontier.refresh({"new.example", "big.example"}) == 3
    assert frontier.refresh({"d.example", "new.example"}) == 1
    assert frontier.queued == before + 4
    assert [t.host for t in frontier.lease(9, 5.0)] == ["new.example"], "the others have one under way"


def test_the_same_names_in_any_order_are_the_same_request() -> None:
    assert fingerprint("crawl", ["a", "b", "a"]) == fingerprint("crawl", ["b", "a"])
    assert fingerprint("crawl", ["a"]) != fingerprint("recrawl", ["a"])


def test_a_ledger_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    old = Ledger(path)
    start_run(old, "r1", "sources", iso(AT))
    enter(old, "r1", "sources", [event(1, "http://a.example/1")])
    for table in ("inputs", "asked"):
        old.execute(f"DROP TABLE {table}")
    old.execute("DROP INDEX targets_inputs")
    old.execute("PRAGMA user_version = 2")
    old.close()
    ledger = Ledger(path)
    assert begin(ledger, "r2")[0] == "inputs-r2"
    assert enter_inputs(ledger, "r2", "inputs-r2", [INDEX]) == 1
    assert ledger.execute("SELECT count(*) FROM targets").fetchone()[0] == 2
    ledger.close()
    with sqlite3.connect(path) as sql:
        assert sql.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
