"""What is read at each depth, by how many processes, and beside whom."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import takedown, verify
from archive.audit import workers
from archive.audit.depth import FULL, Depth, depth_of
from archive.audit.warcs import evenly
from archive.errors import DamageError, InputError, LimitReached, StoreError
from archive.spool.directory import Spool
from archive.spool.ledger import Ledger
from archive.spool.recover import sync_with_store
from archive.status import read_status
from archive.store import open_store
from archive.store.local import LocalStore
from archive.verify import verify_archive
from tests.support.exchanges import record_ids, response
from tests.support.small_archive import (
    FIRST,
    SECOND,
    STORY,
    SmallArchive,
    commit_segment,
    encode_in,
    event_row,
    make_archive,
    rewrite_manifest,
)

QUICK = Depth("quick")


@pytest.fixture
def small(tmp_path: Path) -> SmallArchive:
    return make_archive(open_store((tmp_path / "archive").as_uri()))


@pytest.fixture
def ledger(small: SmallArchive, tmp_path: Path) -> Path:
    with Spool(tmp_path / "spool") as spool:
        made = Ledger(spool.ledger)
        sync_with_store(spool, made, small.store)
        made.close()
    return spool.ledger


@pytest.fixture
def long(tmp_path: Path) -> LocalStore:
    """Two segments of 40 pages each."""
    store = LocalStore(tmp_path / "long")
    new_id = record_ids()
    for name, first in ((FIRST, 0), (SECOND, 40)):
        info = new_id()
        pages = [encode_in(info, new_id, f"http://long.example/{n}", response(b"<p>%d" % n * 99), n) for n in range(first, first + 40)]
        commit_segment(store, name, info, pages, [event_row()])
    store.put_if_absent("archive.json", b'{"schema":"warcite.archive/1","version":1}\n')
    return store


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def flip(path: Path, position: int) -> None:
    edit(path, lambda data: data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])


# --- quick ----------------------------------------------------------------------------------------------------------


def test_quick_opens_no_object(small: SmallArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    original = LocalStore.open_range

    def noting(store: LocalStore, key: str, offset: int = 0, length: int | None = None) -> object:
        opened.append(key)
        return original(store, key, offset, length)

    monkeypatch.setattr(LocalStore, "open_range", noting)
    report = verify_archive(small.store, QUICK)
    assert report.damages == []
    assert report.checked == {"manifests": 2, "outcomes": 5, "object sizes": 6}
    assert set(opened) == {small.first.manifest_key, small.second.manifest_key, "archive.json"}


@pytest.mark.parametrize("kind", ["warc", "cdxj", "documents", "events"])
def test_quick_finds_what_is_missing_or_has_another_size(small: SmallArchive, kind: str, tmp_path: Path) -> None:
    key = small.first.key(kind)
    path = tmp_path / "archive" / key
    edit(path, lambda data: data + b"\0")
    assert [(d.kind, d.object) for d in verify_archive(small.store, QUICK).damages] == [("object-changed", key)]
    path.unlink()
    assert [(d.kind, d.object) for d in verify_archive(small.store, QUICK).damages] == [("missing-object", key)]


def test_quick_finds_edited_manifests_and_ledgers(small: SmallArchive, ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as sql, sql:
        sql.execute("UPDATE targets SET attempts = 9 WHERE url = ?", (STORY,))
    rewrite_manifest(small.store, small.second, previous="00000000-0000-4000-8000-000000000abc")
    found = verify_archive(small.store, QUICK, ledger=ledger).damages
    assert {(d.kind, d.url) for d in found} == {("ledger", STORY), ("manifest", None)}


# --- samples --------------------------------------------------------------------------------------------------------


@given(st.integers(1, 5000), st.floats(0.0001, 1.0), st.integers(0, 2**31))
def test_a_sample_is_a_share_evenly_spread(count: int, share: float, seed: int) -> None:
    chosen = list(evenly(count, Depth("sample", share, seed), "x"))
    assert chosen == sorted(set(chosen))
    assert all(0 <= number < count for number in chosen)
    assert max(1, int(count * share) - 1) <= len(chosen) <= count * share + 2
    gaps = [later - earlier for earlier, later in itertools.pairwise(chosen)]
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_a_sample_of_all_is_all(long: LocalStore) -> None:
    report = verify_archive(long, Depth("sample", 1.0, 3))
    assert report.damages == []
    assert report.checked["records"] == report.held["records"] == 242
    assert report.as_json()["sample"] == {"share": 1.0, "seed": 3}


def test_the_seed_chooses_the_sample(long: LocalStore) -> None:
    damaged = next((long.root / "warc").iterdir())
    flip(damaged, damaged.stat().st_size // 2)
    shares = {seed: bool(verify_archive(long, Depth("sample", 0.2, seed)).damages) for seed in range(30)}
    assert {True, False} == set(shares.values()), "a fifth is read: some seeds meet the damage, some do not"
    assert shares == {seed: bool(verify_archive(long, Depth("sample", 0.2, seed)).damages) for seed in range(30)}
    assert 36 <= verify_archive(long, Depth("sample", 0.2)).checked["records"] <= 60


def test_a_sample_says_what_it_was(long: LocalStore) -> None:
    [line] = verify_archive(long, Depth("sample", 0.05, 7)).shown()
    assert line.startswith("sample of 5 % with --seed 7: ")
    assert " of 242 records" in line


@pytest.mark.parametrize("text", ["0%", "0", "101%", "1.5", "-5%", "five", "", "nan", "1e-9"])
def test_a_share_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="--sample"):
        depth_of(full=False, quick=False, sample=text, seed=0)


def test_depths_exclude_each_other() -> None:
    with pytest.raises(InputError, match="exclude each other"):
        depth_of(full=False, quick=True, sample="5%", seed=0)
    assert depth_of(full=True, quick=False, sample=None, seed=4) == FULL
    assert depth_of(full=False, quick=False, sample="5%", seed=4) == depth_of(full=False, quick=False, sample="0.05", seed=4)


# --- the ledger -----------------------------------------------------------------------------------------------------


def test_the_ledger_is_only_read_and_its_writer_does_not_matter(small: SmallArchive, ledger: Path) -> None:
    before = hashlib.sha256(ledger.read_bytes()).hexdigest()
    with closing(sqlite3.connect(ledger, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE targets SET attempts = 9")
        report = verify_archive(small.store, ledger=ledger)
        writer.execute("ROLLBACK")
    assert report.damages == []
    assert report.checked["ledger rows"] == 4
    assert hashlib.sha256(ledger.read_bytes()).hexdigest() == before


def test_what_is_not_committed_yet_is_no_damage(small: SmallArchive, ledger: Path) -> None:
    """A crawl under way: a segment of its own, a page that another crawler ended first, a manifest that it has not booked yet."""
    with closing(sqlite3.connect(ledger)) as sql, sql:
        sql.execute("INSERT INTO segments (name, run, job) VALUES ('mine', 'run-2', 'job-1')")
        sql.execute("UPDATE targets SET state = 'captured', segment = 'mine' WHERE url = ?", (STORY,))
        sql.execute("DELETE FROM manifests WHERE segment = ?", (SECOND,))
    assert verify_archive(small.store, ledger=ledger).damages == []


def test_without_a_ledger_there_is_nothing_to_compare(small: SmallArchive, tmp_path: Path) -> None:
    report = verify_archive(small.store, ledger=tmp_path / "none.sqlite")
    assert report.damages == []
    assert "ledger rows" not in report.checked


# --- take-down ------------------------------------------------------------------------------------------------------


def test_what_was_taken_down_is_missed_nowhere(small: SmallArchive, tmp_path: Path) -> None:
    """The second segment's revisit refers to a page of the first: with a tombstone it may be gone."""
    page = small.first.captures[0]
    outcomes = tuple(o for o in small.first.manifest.outcomes if o.record_id != page.record_id)
    without = {**small.first.manifest.counts, "captured": 1}
    rewrite_manifest(small.store, small.first, outcomes=outcomes, counts=without, objects=())
    missed = {d.kind for d in verify_archive(small.store).damages}
    assert missed == {"outcome", "reference"}
    gone = tuple(o.record_id for o in small.first.manifest.outcomes if o.record_id)
    takedown.take_down(small.store, takedown.plan(gone, "asked for", "2020-01-01T00:00:00Z"))
    report = verify_archive(small.store)
    assert report.damages == []
    assert report.checked["tombstones"] == 1


# --- processes ------------------------------------------------------------------------------------------------------


def test_several_processes_find_the_same(long: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_WORTH_A_PROCESS", 0)
    for path in sorted((long.root / "warc").iterdir()):
        flip(path, path.stat().st_size // 2)
    alone, together = verify_archive(long, jobs=1), verify_archive(long, jobs=2)
    assert alone.damages == together.damages != []
    assert alone.checked == together.checked


def test_a_process_that_dies_is_said(long: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(workers, "audit_segment", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(LimitReached, match="--jobs 1"):
        verify_archive(long, jobs=2)


def test_a_store_that_fails_in_a_process_fails_here(long: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_WORTH_A_PROCESS", 0)

    def refuse(*_: object) -> None:
        raise StoreError("no answer")

    monkeypatch.setattr(workers, "audit_segment", refuse)
    with pytest.raises(StoreError, match="no answer"):
        verify_archive(long, jobs=2)


def test_a_ledger_without_tables_is_damage_only_beside_commits(small: SmallArchive, tmp_path: Path) -> None:
    blank = tmp_path / "ledger.sqlite"
    blank.touch()
    assert verify_archive(LocalStore(tmp_path / "new"), ledger=blank).damages == []
    assert [damage.kind for damage in verify_archive(small.store, ledger=blank).damages] == ["ledger"]
    assert read_status(small.store, blank, None).summary()["pending"] == 0


def test_status_names_a_ledger_that_cannot_be_read(small: SmallArchive, tmp_path: Path) -> None:
    ruin = tmp_path / "ledger.sqlite"
    ruin.write_text("no database at all" * 100)
    with pytest.raises(DamageError, match="rebuild"):
        read_status(small.store, ruin, None)
