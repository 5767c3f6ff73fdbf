from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.audit.ledgers import is_blank
from archive.errors import LimitReached, StoreError
from archive.model import Capture, Citation, Ending, Event, OutcomeWord, Reason, TextOutcome
from archive.spool.entry import enter, resume_job, start_run, take_new_events
from archive.spool.frontier import Frontier
from archive.spool.ledger import Ledger, final_state

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)


def event(number: int, *urls: str) -> Event:
    name = f"2016-05-21-{number:012x}"
    citations = tuple(Citation(name, i, url, "A paper", 10 + i) for i, url in enumerate(urls, 1))
    return Event(name, "2016-05-21", f"Event {number}", "", (), None, "digest.md", "0" * 64, citations)


def captured(target_id: int, segment: str = "s1", offset: int = 0) -> Ending:
    capture = Capture("<urn:uuid:1>", "http://a.example/", AT, 200, "text/html", "sha1:X", "response", segment, offset, 10)
    return Ending(target_id, OutcomeWord.CAPTURED, Reason.OK, 1, AT, 200, "http://a.example/", capture)


@pytest.fixture
def ledger(tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    start_run(ledger, "r1", "sources", "2026-01-01T00:00:00Z")
    yield ledger
    ledger.close()


def states(ledger: Ledger) -> list[str]:
    return [row[0] for row in ledger.sql.execute("SELECT state FROM targets ORDER BY id")]


def test_spellings_of_one_address_are_one_target(ledger: Ledger) -> None:
    entered = enter(ledger, "r1", "sources", [event(1, "http://www.a.example/x?b=1&a=2"), event(2, "https://a.example/x?a=2&b=1#top")])
    assert (entered.events, entered.citations, entered.targets) == (2, 2, 1)
    key = ledger.sql.execute("SELECT key FROM targets").fetchone()[0]
    assert [c.event_title for c in ledger.citations_of(key, "r1")] == ["Event 1", "Event 2"]


def test_entering_again_changes_nothing_but_the_run(ledger: Ledger) -> None:
    enter(ledger, "r1", "sources", [event(1, "http://a.example/1", "http://a.example/2")])
    ledger.sql.execute("UPDATE targets SET state = 'archived', outcome = 'captured' WHERE id = 1")
    start_run(ledger, "r2", "sources", "2026-01-02T00:00:00Z")
    assert enter(ledger, "r2", "sources", [event(1, "http://a.example/1", "http://a.example/2")]).targets == 2
    assert states(ledger) == ["archived", "queued"]
    assert Frontier(ledger, "r2").queued == 1


def test_one_target_per_host_longest_queue_first(ledger: Ledger) -> None:
    enter(ledger, "r1", "sources", [event(1, "http://small.example/1", *(f"http://big.example/{i}" for i in range(3)))])
    frontier = Frontier(ledger, "r1")
    first = frontier.lease(10, now=0.0)
    assert [t.host for t in first] == ["big.example", "small.example"]
    assert frontier.lease(10, now=0.0) == []
    frontier.ended(captured(first[0].id))
    assert [t.url for t in frontier.lease(10, now=0.0)] == ["http://big.example/1"]


def test_a_postponed_target_holds_its_whole_host_until_then(ledger: Ledger) -> None:
    enter(ledger, "r1", "sources", [event(1, "http://a.example/1", "http://a.example/2")])
    frontier = Frontier(ledger, "r1")
    (target,) = frontier.lease(10, now=0.0)
    frontier.postpone(target, attempts=1, ready_at=60.0)
    assert frontier.lease(10, now=59.9) == []
    assert frontier.next_ready() == 60.0
    (again,) = frontier.lease(10, now=60.0)
    assert (again.id, again.attempts) == (target.id, 1)


def test_a_row_ends_once(ledger: Ledger) -> None:
    enter(ledger, "r1", "sources", [event(1, "http://a.example/1")])
    frontier = Frontier(ledger, "r1")
    (target,) = frontier.lease(1, 0.0)
    ledger.open_segment("s1", "r1", "sources")
    ledger.captured("s1", 10, [captured(target.id)])
    late = Ending(target.id, OutcomeWord.ERROR, Reason.TIMEOUT, 2, AT)
    ledger.captured("s1", 10, [late])
    ledger.extracted(target.id, OutcomeWord.GONE, Reason.SOFT_404, TextOutcome.THIN)
    (outcome,) = ledger.outcomes_of("s1")
    assert (outcome.outcome, outcome.reason, outcome.state) == ("gone", "soft-404", "archived")
    ledger.finish("s1", "sources", [outcome])
    ledger.extracted(target.id, OutcomeWord.CAPTURED, Reason.OK, TextOutcome.OK)
    assert ledger.sql.execute("SELECT state, outcome FROM targets").fetchone()[:] == ("archived", "gone")


def test_uncommitted_leases_are_lost_with_the_process(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "other.sqlite")
    enter(ledger, "r1", "sources", [event(1, "http://a.example/1")])
    Frontier(ledger, "r1").lease(1, 0.0)
    ledger.sql.close()
    assert states(Ledger(tmp_path / "other.sqlite")) == ["queued"]


def test_events_are_booked_on_one_manifest(ledger: Ledger) -> None:
    enter(ledger, "r1", "sources", [event(1), event(2)])
    lines = list(take_new_events(ledger))
    assert [json.loads(line)["id"] for line in lines] == ["2016-05-21-000000000001", "2016-05-21-000000000002"]
    ledger.finish("s1", "sources", [])
    assert list(take_new_events(ledger)) == []


def test_an_interrupted_recrawl_of_the_same_list_is_continued(ledger: Ledger) -> None:
    urls = [event(1, "http://a.example/1", "http://b.example/2")]
    enter(ledger, "r1", "recrawl-r1", urls)
    ledger.sql.execute("UPDATE targets SET state = 'archived' WHERE id = 1")
    start_run(ledger, "r2", "recrawl-r2", "2026-01-02T00:00:00Z")
    enter(ledger, "r2", "recrawl-r2", urls)
    assert resume_job(ledger, "r2", "recrawl-r2") == "recrawl-r1"
    assert states(ledger) == ["archived", "queued"]
    ledger.sql.execute("UPDATE targets SET state = 'archived'")
    enter(ledger, "r3", "recrawl-r3", urls)
    assert resume_job(ledger, "r3", "recrawl-r3") == "recrawl-r3"
    assert states(ledger).count("queued") == 2


def test_memory_stays_flat_while_many_citations_enter(ledger: Ledger) -> None:
    import tracemalloc

    def many():
        for i in range(2_000):
            yield event(i, *(f"http://h{(i * 10 + j) % 4961}.example/{i}-{j}" for j in range(10)))

    tracemalloc.start()
    assert enter(ledger, "r1", "sources", many()).targets == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("outcome", "reason", "state"),
    [
        (OutcomeWord.CAPTURED, Reason.OK, "archived"),
        (OutcomeWord.GONE, Reason.NOT_FOUND, "archived"),
        (OutcomeWord.BLOCKED, Reason.FORBIDDEN, "archived"),
        (OutcomeWord.ERROR, Reason.SERVER_ERROR, "archived"),
        (OutcomeWord.ERROR, Reason.TRUNCATED, "truncated"),
        (OutcomeWord.ERROR, Reason.TOO_LARGE, "truncated"),
        (OutcomeWord.ERROR, Reason.DNS, "failed"),
        (OutcomeWord.SKIPPED, Reason.PRIVATE_ADDRESS, "blocked"),
        (OutcomeWord.SKIPPED, Reason.ROBOTS, "excluded"),
    ],
)
def test_the_final_state_says_what_is_kept(outcome: OutcomeWord, reason: Reason, state: str) -> None:
    assert final_state(outcome, reason) == state


def test_a_full_disk_is_a_limit_at_any_statement(ledger: Ledger) -> None:
    enter(ledger, "r1", "sources", [event(1, *(f"http://h{i}.example/" for i in range(300)))])
    pages = ledger.sql.execute("PRAGMA page_count").fetchone()[0]
    ledger.sql.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LimitReached, match="no space left"):
        ledger.execute("UPDATE targets SET detail = ?", ("x" * 4000,))


def test_tables_are_made_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, broken = tmp_path / "ledger.sqlite", tmp_path / "schema.sql"
    broken.write_text("CREATE TABLE targets (id); CREATE TABLE and then no more;")
    with monkeypatch.context() as patch:
        patch.setattr("archive.spool.ledger._SCHEMA", broken)
        with pytest.raises(StoreError):
            Ledger(path)
    assert is_blank(path)
    Ledger(path).close()
    assert not is_blank(path)


def test_a_file_that_is_no_ledger_is_not_blank(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_text("no database at all" * 100)
    assert not is_blank(path)
    with pytest.raises(StoreError, match="not a database"):
        Ledger(path)
