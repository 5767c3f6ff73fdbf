"""The local cache of captures: it follows the store, and finds what a recrawl may refer to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import DamageError
from archive.index.previous import PreviousPages
from archive.index.recent import RecentCaptures
from archive.model import OutcomeWord, Reason
from archive.store.local import LocalStore
from archive.takedown import plan, records_of, take_down
from archive.urls import surt
from archive.verify import verify_archive
from archive.warc.records import encode_revisit
from tests.support.exchanges import exchange, record_ids, response
from tests.support.small_archive import (
    CHUNKED,
    FIRST,
    SECOND,
    SILENT,
    STORY,
    SmallArchive,
    commit_segment,
    make_archive,
    rewrite_manifest,
)


@pytest.fixture
def archive(tmp_path: Path) -> SmallArchive:
    return make_archive(LocalStore(tmp_path / "archive"))


@pytest.fixture
def recent(tmp_path: Path, archive: SmallArchive):
    with RecentCaptures(tmp_path / "captures.sqlite") as recent:
        recent.refresh(archive.store)
        yield recent


def pages(archive: SmallArchive, recent: RecentCaptures) -> PreviousPages:
    recent.refresh(archive.store)
    return PreviousPages(recent, archive.store)


def test_the_newest_capture_and_the_original_of_a_revisit(archive: SmallArchive, recent: RecentCaptures) -> None:
    last = recent.last(surt(STORY))
    assert last is not None
    assert (last.segment, last.revisit, last.status) == (SECOND, True, None)
    original = recent.original(surt(STORY), last.digest)
    assert original is not None
    page = archive.first.captures[0]
    assert (original.segment, original.revisit, original.status, original.offset) == (FIRST, False, 200, page.offset)
    assert recent.last("com,nowhere)/") is None
    assert recent.last(surt(SILENT)) is None, "a failure is no capture"
    assert recent.last_outcome(surt(SILENT)) == (OutcomeWord.ERROR, archive.first.captures[2].record_id)


def test_what_is_known_is_not_read_again(archive: SmallArchive, recent: RecentCaptures, tmp_path: Path) -> None:
    assert recent.refresh(archive.store) == 0
    recent.close()
    with RecentCaptures(tmp_path / "captures.sqlite") as again:
        assert again.refresh(archive.store) == 0
        assert again.last(surt(STORY)) is not None


def test_what_the_store_has_lost_is_forgotten(archive: SmallArchive, recent: RecentCaptures) -> None:
    archive.store.delete(archive.second.manifest_key)
    assert recent.refresh(archive.store) == 1
    last = recent.last(surt(STORY))
    assert last is not None
    assert (last.segment, last.revisit) == (FIRST, False)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and then nothing", b"no database" * 1000])
def test_a_file_that_is_no_cache_is_made_again(archive: SmallArchive, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.sqlite"
    path.write_bytes(content)
    with RecentCaptures(path) as recent:
        assert recent.refresh(archive.store) == 2
        assert recent.last(surt(STORY)) is not None


def test_an_index_that_cannot_be_read_is_told_and_tried_again(archive: SmallArchive, tmp_path: Path) -> None:
    key = archive.first.key("cdxj")
    good, told = archive.store.get(key), []
    path = Path(archive.store.uri.removeprefix("file://")) / key
    path.write_bytes(good[:-9])
    with RecentCaptures(tmp_path / "c.sqlite") as recent:
        assert recent.refresh(archive.store, told.append) == 2
        assert len(told) == 1
        assert key in told[0]
        assert recent.last(surt(CHUNKED)) is None
        assert recent.last_outcome(surt(CHUNKED)) is not None, "outcomes are the manifest's"
        path.write_bytes(good)
        assert recent.refresh(archive.store, told.append) == 1
        assert recent.last(surt(CHUNKED)) is not None


def test_a_damaged_manifest_is_an_error(archive: SmallArchive, tmp_path: Path) -> None:
    (Path(archive.store.uri.removeprefix("file://")) / archive.first.manifest_key).write_bytes(b"{}")
    with RecentCaptures(tmp_path / "c.sqlite") as recent, pytest.raises(DamageError, match="manifests/"):
        recent.refresh(archive.store)


# --- what a recrawl may refer to ----------------------------------------------------------------------


def test_a_page_is_found_through_its_revisit(archive: SmallArchive, recent: RecentCaptures) -> None:
    previous = pages(archive, recent)
    found = previous.find(surt(STORY), STORY)
    assert found is not None
    page = previous.read(found)
    assert page is not None
    assert (page.original.record_id, page.original.segment, page.original.kind) == (archive.first.captures[0].record_id, FIRST, "response")
    assert page.conditions == (("If-None-Match", "x"),), "the validators are those of the latest answer, from its metadata record"


@pytest.mark.parametrize("spelling", ["https://news.example/story?id=7", "http://www.news.example/story?id=7"])
def test_validators_belong_to_one_spelling_of_an_address(archive: SmallArchive, recent: RecentCaptures, spelling: str) -> None:
    previous = pages(archive, recent)
    found = previous.find(surt(STORY), spelling)
    assert found is not None
    page = previous.read(found)
    assert page is not None
    assert page.conditions == ()


def test_what_did_not_end_in_a_page_has_none(archive: SmallArchive, recent: RecentCaptures) -> None:
    previous = pages(archive, recent)
    assert previous.find(surt(SILENT), SILENT) is None
    assert previous.find("com,nowhere)/", "http://nowhere.example/") is None
    assert previous.find(surt(STORY), "http://news.example/elsewhere") is None


def test_the_page_of_another_target_is_not_taken(archive: SmallArchive, recent: RecentCaptures) -> None:
    """The document of the target would be missing: its text was never made for this one."""
    previous = pages(archive, recent)
    found = previous.find(surt(STORY), CHUNKED)
    assert found is None or previous.read(found) is None


@pytest.mark.parametrize("what", [0, 1], ids=["the original", "the revisit"])
def test_what_was_taken_down_is_fetched_whole(archive: SmallArchive, recent: RecentCaptures, what: int) -> None:
    record = (archive.first.captures[0], archive.second.captures[0])[what].record_id
    take_down(archive.store, plan((record,), "court order", "2031-01-01T00:00:00Z"))
    previous = pages(archive, recent)
    found = previous.find(surt(STORY), STORY)
    assert found is None or previous.read(found) is None


def test_an_original_that_is_damaged_is_said_to_be(archive: SmallArchive, recent: RecentCaptures) -> None:
    path = Path(archive.store.uri.removeprefix("file://")) / archive.first.key("warc")
    data, page = bytearray(path.read_bytes()), archive.first.captures[0]
    data[page.offset + page.length // 2] ^= 0xFF
    path.write_bytes(data)
    previous = pages(archive, recent)
    found = previous.find(surt(STORY), STORY)
    assert found is not None
    with pytest.raises(DamageError, match="no whole record"):
        previous.read(found)


def test_a_later_failure_ends_it(archive: SmallArchive, recent: RecentCaptures) -> None:
    outcome = replace(archive.second.manifest.outcomes[0], outcome=OutcomeWord.GONE, reason=Reason.SOFT_404)
    rewrite_manifest(archive.store, archive.second, outcomes=(outcome,))
    recent.close()
    recent.path.unlink()
    with RecentCaptures(recent.path) as fresh:
        assert pages(archive, fresh).find(surt(STORY), STORY) is None


# --- what others say of revisits ----------------------------------------------------------------------


def test_a_record_takes_its_revisits_down_with_it(archive: SmallArchive) -> None:
    page, again = archive.first.captures[0].record_id, archive.second.captures[0].record_id
    assert set(records_of(archive.store, page)) == {page, again}
    assert records_of(archive.store, again) == (again,)


def test_verify_wants_the_dependency_named(archive: SmallArchive) -> None:
    assert verify_archive(archive.store).damages == []
    rewrite_manifest(archive.store, archive.second, depends_on=(), previous=None)
    damages = verify_archive(archive.store).damages
    assert [(d.kind, FIRST in d.detail) for d in damages] == [("reference", True)]


@pytest.mark.parametrize("wrong", ["a revisit", "another payload"])
def test_verify_wants_a_revisit_to_refer_to_its_original(archive: SmallArchive, wrong: str) -> None:
    new_id = record_ids(500)
    info = new_id()
    to = archive.second.captures[0] if wrong == "a revisit" else replace(archive.first.captures[1], payload_digest="sha1:" + "A" * 32)
    again = encode_revisit(
        exchange(STORY, response(b"", "ETag: x", status="304 Not Modified"), after=90000),
        to,
        profile="server-not-modified",
        warcinfo_id=info,
        segment="seg",
        new_id=new_id,
        fields=(),
    )
    third = "33333333-3333-4333-8333-333333333333"
    commit_segment(archive.store, third, info, [again], [], depends_on=(FIRST, SECOND))
    damages = verify_archive(archive.store).damages
    assert [d.kind for d in damages] == ["reference"]
    assert "not the original of this one" in damages[0].detail


def contents(recent: RecentCaptures) -> list[list[tuple[object, ...]]]:
    tables = ("segments", "warcs", "captures", "outcomes")
    return [recent.sql.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables]


def test_in_many_steps_it_learns_the_same(
    archive: SmallArchive, recent: RecentCaptures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.index.recent._AT_ONCE", 0)
    told: list[tuple[int, int, str]] = []
    with RecentCaptures(tmp_path / "other.sqlite") as other:
        assert other.refresh(archive.store, progress=lambda *step: told.append(step)) == 2
        assert contents(other) == contents(recent)
        sizes = [archive.store.stat(one.manifest_key).size for one in (archive.first, archive.second)]
        assert told == [(0, sum(sizes), FIRST), (sizes[0], sum(sizes), SECOND), (sum(sizes), sum(sizes), "")]
        told.clear()
        assert other.refresh(archive.store, progress=lambda *step: told.append(step)) == 0
        assert told == []


@pytest.mark.parametrize(("at_once", "left"), [(0, 1), (1000, 2)])
def test_interrupted_it_goes_on(
    archive: SmallArchive, recent: RecentCaptures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, left: int
) -> None:
    monkeypatch.setattr("archive.index.recent._AT_ONCE", at_once)

    def interrupt(done: int, _: int, name: str) -> None:
        if name == SECOND:
            raise KeyboardInterrupt

    with RecentCaptures(tmp_path / "other.sqlite") as other:
        with pytest.raises(KeyboardInterrupt):
            other.refresh(archive.store, progress=interrupt)
        assert other.refresh(archive.store) == left
        assert contents(other) == contents(recent)
