"""A document's chain in archives written for it: which document is meant, what is compared, and what a difference means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archive.digests import sha256_hex
from archive.errors import DamageError, InputError, NotFound
from archive.store import open_store
from archive.store.base import Store
from archive.takedown import plan, take_down
from pipelines.document import extractor_version
from pipelines.trace.chain import trace
from pipelines.trace.found import name_of
from pipelines.trace.in_archive import InArchive
from pipelines.trace.published import Trace, write_schemas
from pipelines.trace.rederive import judge, settings_of
from pipelines.trace.shown import shown
from pipelines.workers import WorkerPool
from tests.support.shared import ROOT
from tests.support.told_runs import Run, Told, event, tell_run

A, B, C, D = (f"http://news.example/{name}" for name in "abcd")
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "schema" / "trace.schema.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as pool:
        yield pool


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "archive"))


@pytest.fixture
def runs(store: Store) -> tuple[Run, Run]:
    """Documents that say something else than their pages, made by this version (A, B, D) and by another (C)."""
    here = extractor_version()
    sources = [Told(A, version=here), Told(B, version=here, outcome="rescued"), Told(C), Told(D, version=here)]
    first = tell_run(store, 1, sources, [event("2016-05-21", [B, A], "Bridge", "may.md")])
    later = [Told(A, outcome="unchanged"), Told(C, outcome="gone"), Told(D, outcome="blocked", text="no", version=here)]
    return first, tell_run(store, 2, later, [event("2016-05-23", [C, A], "Again", "june.md")], before=first)


def traced(store: Store, asked: str, pool: WorkerPool) -> Trace:
    found = trace(InArchive(store), asked, pool)
    assert [e.message for e in SCHEMA.iter_errors(json.loads(json.dumps(asdict(found))))] == []
    assert list(shown(found))
    return found


@pytest.mark.parametrize(
    ("asked", "document", "paragraph"),
    [
        ("http://x.example/a", "http://x.example/a", None),
        ("http://x.example/a#12", "http://x.example/a", 12),
        ("http://x.example/a#top", "http://x.example/a#top", None),
        ("http://x.example/a#top#3", "http://x.example/a#top", 3),
        ("<urn:uuid:0>#1", "<urn:uuid:0>", 1),
    ],
)
def test_names(asked: str, document: str, paragraph: int | None) -> None:
    assert name_of(asked) == (document, paragraph)


@pytest.mark.parametrize("asked", ["", " ", "http://x.example/#0"])
def test_what_names_nothing(asked: str) -> None:
    with pytest.raises(InputError):
        name_of(asked)


def test_an_unchanged_page_is_traced_to_its_original(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    first, second = runs
    found = traced(store, A, pool)
    assert found.revisit is not None
    assert (found.revisit.record_id, found.revisit.refers_to) == (second.captures[A].record_id, first.captures[A].record_id)
    assert (found.revisit.offset, found.revisit.length) == (second.captures[A].offset, second.captures[A].length)
    assert found.capture is not None
    assert found.capture.record_id == first.captures[A].record_id
    assert (found.place.offset, found.place.length, found.place.segment) == (
        first.captures[A].offset,
        first.captures[A].length,
        first.manifest.segment,
    )
    assert found.place.file_sha256 == next(o.sha256 for o in first.manifest.objects if o.kind == "warc")
    by_record = traced(store, second.captures[A].record_id, pool)
    assert (by_record.revisit, by_record.place) == (found.revisit, found.place)


def test_citations_have_their_lines_those_of_later_digests_too(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    citations = traced(store, A, pool).citations
    assert [(c.digest_file, c.line, c.position, c.event_title, c.since_capture) for c in citations] == [
        ("may.md", 5, 2, "Bridge", True),
        ("june.md", 5, 2, "Again", True),
    ]


def test_a_rescued_page_names_archive_copy_and_score(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    found = traced(store, B, pool)
    assert found.rescue is not None
    assert (found.rescue.archive, found.rescue.memento, found.rescue.score) == ("keeps.example", B, 0.9)
    assert found.capture is not None
    assert found.capture.via == "archive"


def test_a_difference_by_another_version_is_explained_and_no_other(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    explained, unexplained = traced(store, C, pool), traced(store, A, pool)
    assert (explained.derived.verdict, explained.derived.explained, explained.exit_code) == ("differs", True, 0)
    assert "made by 1;" in explained.derived.why
    assert (unexplained.derived.verdict, unexplained.derived.explained, unexplained.exit_code) == ("differs", False, 5)
    assert unexplained.derived.fields["title"] == {"stored": "Bridge closed", "now": "200"}
    paragraph = traced(store, f"{A}#1", pool).paragraph
    assert paragraph is not None
    assert (paragraph.text, paragraph.at, paragraph.equal) == (
        "The old bridge over the Aller is closed.",
        0,
        True,
    )  # this much is as it was


def test_what_an_address_came_to_later_is_told(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    gone, blocked = traced(store, C, pool), traced(store, D, pool)
    assert gone.later is not None
    assert (gone.later.outcome, gone.later.reason) == ("gone", "not-found")
    assert blocked.later is not None
    assert (blocked.later.outcome, blocked.document.outcome) == ("blocked", "captured")  # the page, not the refusal


def test_damaged_bytes(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    capture = runs[0].captures[B]
    key = next(o.key for o in runs[0].manifest.objects if o.kind == "warc")
    data = bytearray(store.get(key))
    data[capture.offset + capture.length // 2] ^= 0x5A
    store.put(key, bytes(data), sha256_hex(bytes(data)))
    found = traced(store, B, pool)
    assert (found.derived.verdict, found.exit_code, found.capture) == ("damaged", 5, None)
    assert [c.ok for c in found.checks] == [False]
    assert traced(store, D, pool).derived.verdict == "differs"  # its own bytes are whole


def test_a_document_that_points_at_another_record(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    class Redirected(InArchive):
        def document(self, record_id: str) -> dict[str, Any] | None:
            row = super().document(record_id)
            other = runs[0].captures[D]
            return None if row is None else row | {"warc_offset": other.offset, "warc_length": other.length}

    found = trace(Redirected(store), B, pool)
    assert found.exit_code == 5
    assert {c.name for c in found.checks if not c.ok} >= {"record-id", "address"}


def test_text_that_was_edited(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    class Edited(InArchive):
        def document(self, record_id: str) -> dict[str, Any] | None:
            row = super().document(record_id)
            return None if row is None else row | {"text": "It never closed."}

    found = trace(Edited(store), C, pool)
    assert {c.name for c in found.checks if not c.ok} == {"text-sha256"}
    assert found.exit_code == 5


def test_what_is_not_there(store: Store, runs: tuple[Run, Run], pool: WorkerPool) -> None:
    origin = InArchive(store)
    for asked in ("http://nowhere.example/", "0" * 32, "<urn:uuid:99999999-9999-4999-8999-999999999999>", f"{A}#9"):
        with pytest.raises(NotFound):
            trace(origin, asked, pool)
    take_down(store, plan((str(runs[0].captures[A].record_id),), "court order 12/345", "2026-01-01T00:00:00Z"))
    for asked in (A, str(runs[0].captures[A].record_id), str(runs[1].captures[A].record_id)):
        with pytest.raises(NotFound, match="court order 12/345"):
            trace(InArchive(store), asked, pool)


@pytest.mark.parametrize("change", [{"warc_offset": "x"}, {"warc_length": -1}, {"blocks": None}, {"citations": [{}]}, {"outcome": "eaten"}])
def test_a_row_that_is_no_document(store: Store, runs: tuple[Run, Run], pool: WorkerPool, change: dict[str, Any]) -> None:
    class Broken(InArchive):
        def document(self, record_id: str) -> dict[str, Any] | None:
            row = super().document(record_id)
            return None if row is None else row | change

    try:
        code = trace(Broken(store), f"{B}#1", pool).exit_code
    except DamageError as error:
        code = error.exit_code
    assert code == 5


def test_settings_and_judgement() -> None:
    assert settings_of({"extractor_settings": "mode=light"}) is not None
    with_profile = settings_of({"extractor_settings": "mode=full;profile=news.example/20160521083000-0123456789ab"})
    assert with_profile is not None
    assert with_profile.profile == "news.example/20160521083000-0123456789ab"
    assert settings_of({"extractor_settings": "magic=yes"}) is None
    row = {"extractor_version": "0.0.1", "text": "x", "blocks": [], "warc_record_id": "<r>", "url": A}
    same = judge(row, row | {"extractor_version": extractor_version()})
    assert (same.verdict, same.why) == ("equal", f"made by 0.0.1; {extractor_version()} makes the same")


def test_the_published_schema(tmp_path: Path) -> None:
    for made in write_schemas(tmp_path):
        assert made.read_text(encoding="utf-8") == (ROOT / "docs" / "schema" / made.name).read_text(encoding="utf-8")
