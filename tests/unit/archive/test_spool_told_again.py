"""Digests that are read again: what the ledger makes of events told anew, and what is committed of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.events import EventIndex, newest
from archive.model import Citation, Event
from archive.spool.entry import _BATCH, enter, start_run, take_new_events
from archive.spool.ledger import Ledger

DAY = "2016-05-21"


@pytest.fixture
def ledger(tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def event(name: str, *letters: str, title: str = "", file: str = "page.md", labels: Sequence[str] = ()) -> Event:
    """An event whose id is ``name``, citing an address for each letter."""
    names = labels or letters
    citations = tuple(Citation(name, i, f"http://a.example/{x}", names[i - 1], i) for i, x in enumerate(letters, 1))
    return Event(name, DAY, title or name, "", (), None, file, "0" * 64, citations)


def read(ledger: Ledger, run: str, *events: Event, sha: str = "1") -> None:
    start_run(ledger, run, "sources", "2026-01-01T00:00:00Z")
    enter(ledger, run, "sources", [replace(e, digest_sha256=sha * 64) for e in events])


def commit(ledger: Ledger, name: str) -> dict[str, dict[str, Any]]:
    """What the next manifest holds, by id."""
    rows = [json.loads(line) for line in take_new_events(ledger)]
    ledger.open_segment(name, "r1", "sources")
    ledger.finish(name, "sources", ())
    return {row["id"]: row for row in rows}


def test_the_same_page_again_changes_nothing(ledger: Ledger) -> None:
    read(ledger, "r1", event("e1", "a"), event("e2", "b"))
    assert [(r["revision"], r["replaced_by"]) for r in commit(ledger, "s1").values()] == [(1, None), (1, None)]
    read(ledger, "r2", event("e1", "a"), event("e2", "b"))
    read(ledger, "r3", event("e1", "a"), event("e2", "b"), sha="2")
    assert commit(ledger, "s2") == {}, "a page that changed elsewhere tells these in the same words"


def test_other_words_are_committed_and_documents_cite_the_first_ones(ledger: Ledger) -> None:
    read(ledger, "r1", event("e1", "a", "b", title="Old"))
    first = commit(ledger, "s1")
    read(ledger, "r2", event("e1", "b", "a", title="New", labels=["Wire", "Post"]), sha="2")
    second = commit(ledger, "s2")
    assert [(second["e1"][key]) for key in ("title", "revision", "digest_sha256")] == ["New", 2, "2" * 64]
    key = ledger.execute("SELECT key FROM targets WHERE url LIKE '%/a'").fetchone()[0]
    cited = ledger.citations_of(key, "r2")
    assert [(c.event_title, c.position, c.source_name) for c in cited] == [("Old", 1, "a")]
    for rows in ((first, second), (second, first)):
        with EventIndex() as index:
            for some in rows:
                index.learn(some.values())
            assert index.citation("e1", 1, "page.md") == cited[0], "in whatever order manifests are read"
    assert newest([second["e1"], first["e1"]])["e1"]["title"] == "New"


def test_new_words_wait_until_the_old_ones_are_committed(ledger: Ledger) -> None:
    """Documents may cite the old ones already, and have to come out the same from what is committed."""
    read(ledger, "r1", event("e1", "a", title="Old"))
    read(ledger, "r2", event("e1", "a", title="New"), sha="2")
    assert commit(ledger, "s1")["e1"]["title"] == "Old"
    read(ledger, "r3", event("e1", "a", title="New"), sha="2")
    assert commit(ledger, "s2")["e1"]["title"] == "New"


def test_an_event_with_another_source_replaces_the_old_one(ledger: Ledger) -> None:
    read(ledger, "r1", event("e1", "a", "b"), event("x", "a"), event("y", "b", "c"))
    commit(ledger, "s1")
    read(ledger, "r2", event("x", "a"), event("e2", "a", "b", "d"), event("y", "b", "c"), sha="2")
    second = commit(ledger, "s2")
    assert {i: (r["replaced_by"], r["revision"]) for i, r in second.items()} == {"e1": ("e2", 2), "e2": (None, 1)}
    assert [c["url"][-1] for c in second["e1"]["citations"]] == ["a", "b"]
    # The page says again what it said first.
    read(ledger, "r3", event("e1", "a", "b"), event("x", "a"), event("y", "b", "c"))
    third = commit(ledger, "s3")
    assert {i: (r["replaced_by"], r["revision"]) for i, r in third.items()} == {"e1": (None, 3)}


def test_without_a_source_in_common_day_and_title_tell_that_it_is_the_same(ledger: Ledger) -> None:
    read(ledger, "r1", event("e1", title="Flood"), event("e2", "a", title="Fire"))
    commit(ledger, "s1")
    read(ledger, "r2", event("e3", "z", title="Flood"), event("e4", "y", title="Other"), sha="2")
    assert {i: r["replaced_by"] for i, r in commit(ledger, "s2").items()} == {"e1": "e3", "e3": None, "e4": None}


def test_what_another_page_tells_replaces_nothing(ledger: Ledger) -> None:
    read(ledger, "r1", event("e1", "a"))
    commit(ledger, "s1")
    read(ledger, "r2", event("e2", "a", "b", file="other.md"))
    read(ledger, "r3", event("e1", "a", title="Otherwise", file="third.md"))
    assert set(commit(ledger, "s2")) == {"e2"}


def test_a_page_that_does_not_fit_one_batch_replaces_nothing(ledger: Ledger) -> None:
    read(ledger, "r1", event("e1", "a", "b"))
    commit(ledger, "s1")
    read(ledger, "r2", *(event(f"n{n}", "a", f"x{n}") for n in range(_BATCH)), event("e1", "a", "b"), sha="2")
    assert "e1" not in commit(ledger, "s2")


def test_an_old_row_of_a_lost_ledger_has_no_revision(ledger: Ledger) -> None:
    read(ledger, "r1", event("e1", "a", title="Old"))
    row = commit(ledger, "s1")["e1"]
    old = {key: value for key, value in row.items() if key not in {"revision", "replaced_by"}}
    ledger.execute("UPDATE events SET json = ?", (json.dumps(old),))
    read(ledger, "r2", event("e1", "a", title="Old"), sha="2")
    assert commit(ledger, "s2") == {}
    read(ledger, "r3", event("e1", "a", title="New"), sha="3")
    assert commit(ledger, "s3")["e1"]["revision"] == 2
