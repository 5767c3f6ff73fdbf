"""Changes of a run told from stored outcomes and documents: every sequence of endings, and what stands in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import layout
from archive.digests import sha256_hex
from archive.errors import InputError, NotFound
from archive.model import Change, OutcomeWord
from archive.store import open_store
from archive.store.base import Store
from archive.takedown import plan, take_down
from pipelines.changes import KINDS, Changes
from pipelines.history.endings import Ended, verdict
from pipelines.history.published import changes_json, write_schemas
from pipelines.history.records import endings_in_store, run_named
from pipelines.history.shown import rendered, run_lines
from pipelines.history.versions import choose, named, versions_of
from pipelines.workers import WorkerPool
from tests.support.shared import ROOT
from tests.support.told import Told, commit_run, page

AT = "2016-05-{:02}T10:00:00.000000Z"
A, B, C = (f"http://news.example/{name}" for name in "abc")
ONE, TWO, THREE = "The bridge is closed.", "The council met on Monday.", "It will open in winter."


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "archive"))


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as pool:
        yield pool


def changes_in(
    store: Store, pool: WorkerPool, run: str, problems: list[str] | None = None, hidden: frozenset[str] = frozenset()
) -> Changes:
    problems = problems if problems is not None else []
    return Changes(store, endings_in_store(store, run, problems.append), hidden, pool, problems.append)


def told(store: Store, pool: WorkerPool, run: str, **more: Any) -> dict[str, Change]:
    return {change.url: change for change in changes_in(store, pool, run, **more)}


# --- sequences of endings -----------------------------------------------------------------------

SEQUENCES = {
    "captured": "first",
    "captured captured": "text",
    "captured unchanged": "same",
    "captured unchanged captured": "text",
    "captured blocked captured": "text",
    "captured skipped unchanged": "same",
    "captured gone": "gone",
    "captured unchanged gone": "gone",
    "captured error gone": "gone",
    "captured gone gone": None,
    "captured gone error gone": None,
    "gone": None,
    "error": None,
    "captured error": None,
    "captured blocked": None,
    "captured gone captured": "back",
    "captured gone blocked captured": "back",
    "captured error captured": "back",
    "captured error unchanged": "back",
    "gone captured": "back",
    "error captured": "back",
    "blocked captured": "first",
    "rescued": "first",
    "gone rescued": "first",
    "captured rescued": "gone",
    "captured rescued rescued": "text",
    "captured gone rescued": None,
    "rescued rescued": "text",
    "rescued captured": "back",
    "captured rescued captured": "back",
    "unchanged": "same",
}


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_sequences(sequence: str) -> None:
    rows = [Ended("k", A, OutcomeWord(word), f"<{n}>", AT.format(n + 1), "s", "live") for n, word in enumerate(sequence.split())]
    found = verdict(rows[:-1], rows[-1])
    assert (found.kind if found else None) == SEQUENCES[sequence]
    if found and found.before:
        assert found.before.outcome in (OutcomeWord.CAPTURED, OutcomeWord.RESCUED)
        assert found.before.at < found.now.at


# --- runs ---------------------------------------------------------------------------------------


def test_a_run_against_what_was_before_it(store: Store, pool: WorkerPool) -> None:
    commit_run(store, "r1", AT.format(1), [page(A, ONE, TWO), page(B, ONE, title="Old"), page(C, ONE)])
    commit_run(store, "r2", AT.format(2), [Told(A, OutcomeWord.UNCHANGED), page(B, ONE, title="New"), Told(C, OutcomeWord.GONE)])
    commit_run(store, "r3", AT.format(3), [page(A, ONE, TWO, THREE), Told(B, OutcomeWord.ERROR), page(C, ONE, THREE)])
    second, third = told(store, pool, "r2"), told(store, pool, "r3")
    assert {url: change.kind for url, change in second.items()} == {A: "same", B: "metadata", C: "gone"}
    assert (second[A].before, second[A].after, second[C].after) == (AT.format(1), AT.format(2), None)
    assert {url: change.kind for url, change in third.items()} == {A: "text", C: "back"}
    assert (third[A].added, third[A].before, third[A].after, third[A].stealth) == ((THREE,), AT.format(1), AT.format(3), True)
    assert (third[C].added, third[C].removed, third[C].stealth) == ((THREE,), (), True)
    assert {change.kind for change in told(store, pool, "r1").values()} == {"first"}


def test_counts_have_every_kind_and_sum_to_what_was_told(store: Store, pool: WorkerPool) -> None:
    commit_run(store, "r1", AT.format(1), [page(f"{A}/{n}", ONE) for n in range(30)], size=7)
    commit_run(store, "r2", AT.format(2), [page(f"{A}/{n}", ONE, *([TWO] if n % 10 == 0 else [])) for n in range(31)], size=11)
    changes = changes_in(store, pool, "r2")
    assert sum(1 for _ in changes) == 31
    assert changes.counts == {"first": 1, "same": 27, "text": 3, "metadata": 0, "gone": 0, "back": 0}
    assert tuple(changes.counts) == KINDS


def test_input_pages_are_no_targets(store: Store, pool: WorkerPool) -> None:
    commit_run(store, "r1", AT.format(1), [page(A, ONE)], job="inputs-r1")
    commit_run(store, "r2", AT.format(2), [page(A, ONE)])
    assert told(store, pool, "r2")[A].kind == "first"


def test_captures_that_were_taken_down_never_were(store: Store, pool: WorkerPool) -> None:
    commit_run(store, "r1", AT.format(1), [page(A, ONE)])
    commit_run(store, "r2", AT.format(2), [page(A, TWO)])
    commit_run(store, "r3", AT.format(3), [page(A, THREE)])
    record = page(A).record(AT.format(2))
    take_down(store, plan((record,), "asked for", AT.format(4)))
    assert told(store, pool, "r3", hidden=frozenset({record}))[A].removed == (ONE,)
    assert told(store, pool, "r2", hidden=frozenset({record})) == {}
    assert [v.ended.at for v in versions_of(store, A)] == [AT.format(1), AT.format(3)]


def test_what_cannot_be_read_is_counted_and_told(store: Store, pool: WorkerPool, tmp_path: Path) -> None:
    commit_run(store, "r1", AT.format(1), [page(A, ONE), page(B, ONE)])
    commit_run(store, "r2", AT.format(2), [page(A, TWO), page(B, ONE, flags=["extraction-failed", "deadline"]), page(C, ONE)])
    problems: list[str] = []
    changes = changes_in(store, pool, "r2", problems)
    assert [change.kind for change in changes] == ["first", "text"]
    assert changes.not_compared == 1
    assert B in problems[0]
    for path in (tmp_path / "archive" / "documents").iterdir():
        path.unlink()
    problems.clear()
    changes = changes_in(store, pool, "r2", problems)
    assert [change.kind for change in changes] == ["first"]
    assert changes.not_compared == 2
    assert problems


def test_a_manifest_that_cannot_be_read_is_told(store: Store, pool: WorkerPool) -> None:
    commit_run(store, "r1", AT.format(1), [page(A, ONE)])
    commit_run(store, "r2", AT.format(2), [page(A, TWO)])
    store.put(layout.manifest("r1-000000"), b"{}", sha256_hex(b"{}"))
    problems: list[str] = []
    assert [change.kind for change in changes_in(store, pool, "r2", problems)] == ["first"]
    assert "r1-000000" in problems[0]


def test_runs_have_names(store: Store) -> None:
    commit_run(store, "r1", AT.format(2), [page(A, ONE)])
    commit_run(store, "r0", AT.format(3), [page(A, ONE)])
    commit_run(store, "inputs", AT.format(4), [page(A, ONE)], job="inputs-x")
    assert run_named(store, "last") == "r0"
    assert run_named(store, "r1") == "r1"
    with pytest.raises(NotFound):
        run_named(store, "r9")


def test_for_programs_and_for_people(store: Store, pool: WorkerPool) -> None:
    commit_run(store, "r1", AT.format(1), [page(A, ONE), page(B, ONE)])
    commit_run(store, "r2", AT.format(2), [page(A, ONE, "\x1b[31mTWO\x1b[0m is red."), page(B, ONE)])
    written = json.loads("".join(changes_json(changes_in(store, pool, "r2"), "s", "r2", [])))
    assert [change["kind"] for change in written["changes"]] == ["text"]  # what is the same is only counted
    assert (written["counts"]["same"], written["not_compared"], written["problems"]) == (1, 0, [])
    lines = [rendered(line, colour=False) for line in run_lines(changes_in(store, pool, "r2"))]
    assert lines == [f"text     {A}  +1 -0 STEALTH", "2 targets: 0 first, 1 same, 1 text, 0 metadata, 0 gone, 0 back"]
    assert rendered([("added", "\x1b[31mTWO")], colour=True) == "\x1b[32m\N{REPLACEMENT CHARACTER}[31mTWO\x1b[0m"


def test_schemas_are_those_of_the_code(tmp_path: Path) -> None:
    made = write_schemas(tmp_path)
    assert [path.name for path in made] == ["diff.schema.json", "changes.schema.json"]
    for path in made:
        assert path.read_text(encoding="utf-8") == (ROOT / "docs" / "schema" / path.name).read_text(encoding="utf-8")


# --- versions of a page -------------------------------------------------------------------------


def test_names_of_versions(store: Store) -> None:
    times = ["2016-05-21T10:00:00.000001Z", "2016-05-21T12:30:00.000000Z", "2016-06-01T00:00:00.000000Z", "2017-01-01T00:00:00.000000Z"]
    for n, at in enumerate(times):
        commit_run(store, f"r{n}", at, [page(A, ONE)])
    versions = versions_of(store, A.upper().replace("HTTP", "https"))
    assert [v.ended.at for v in versions] == times
    meant = {
        "first": times[0],
        "last": times[3],
        "2016": times[2],
        "201605": times[1],
        "20160521100000": times[0],
        "2016-05-21": times[1],
        "2016-06": times[2],
        "2016-05-21T10:00Z": times[0],
        "2016-05-21T14:30:00+02:00": times[1],
        "2016-05-21 12:30": times[1],
        times[0]: times[0],
        page(A).record(times[2]): times[2],
        page(A).record(times[2]).strip("<>").upper(): times[2],
    }
    for name, at in meant.items():
        assert named(versions, name).ended.at == at, name
    assert [v.ended.at for v in choose(versions, None, None)] == times[2:]
    assert [v.ended.at for v in choose(versions, "first", None)] == [times[0], times[3]]
    for name, error in {"1999": NotFound, "yesterday": InputError, "12": InputError, page(B).record(times[0]): NotFound}.items():
        with pytest.raises(error):
            named(versions, name)
    with pytest.raises(NotFound, match="one capture only"):
        choose(versions[:1], None, None)
    with pytest.raises(NotFound, match="no capture"):
        versions_of(store, B)


def test_a_revisit_stands_for_its_original(store: Store) -> None:
    commit_run(store, "r1", AT.format(1), [page(A, ONE)])
    commit_run(store, "r2", AT.format(2), [Told(A, OutcomeWord.UNCHANGED)])
    commit_run(store, "r3", AT.format(3), [Told(A, OutcomeWord.ERROR)])
    commit_run(store, "r4", AT.format(4), [Told(A, OutcomeWord.GONE)])
    first, same, gone = versions_of(store, A)
    assert same.document == first.ended == gone.document
    assert gone.is_gone
