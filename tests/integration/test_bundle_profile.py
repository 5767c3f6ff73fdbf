"""A text that was cleaned by what was learned of its site is made again from a bundle alone, which has that site's profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import profiles
from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.destination import FolderDestination
from archive.bundle.source import FileSource
from archive.bundle.verify import verify_bundle
from archive.model import DocumentContext, OutcomeWord
from archive.store import Store, open_store
from archive.times import iso
from pipelines.document import document_json
from pipelines.extract import How, extract
from pipelines.learn.apply import site_filter
from pipelines.survey.learn import Request, learn_archive
from pipelines.trace.chain import trace
from pipelines.trace.in_bundle import InBundle
from pipelines.workers import WorkerPool
from tests.support.bundles import take_apart
from tests.support.exchanges import record_ids, response
from tests.support.gazette import APPEAL, HOST, story
from tests.support.small_archive import FIRST, Segment, commit_segment, encode_in, json_lines, put_object, rewrite_manifest

pytestmark = pytest.mark.timeout(600)

PAGES = {f"http://{HOST}/{seed}": story(seed) for seed in ("flood", "mayor", "orchard")}


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1, deadline=300.0) as pool:
        yield pool


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, pool: WorkerPool) -> Path:
    """Of three pages whose documents were made with the profile that was learned from them."""
    folder = tmp_path_factory.mktemp("profiled")
    store = open_store(str(folder / "archive"))
    new_id = record_ids()
    info = new_id()
    answers = [encode_in(info, new_id, url, response(body, "Content-Type: text/html"), n) for n, (url, body) in enumerate(PAGES.items())]
    segment = commit_segment(store, FIRST, info, answers, [])
    (learned,) = learn_archive(store, Request(()), pool, lambda _: None)
    _extract_again(store, segment, learned.version or "")
    make_bundles(store, BundleOptions(), FolderDestination(folder), "profiled")
    return folder / "profiled.wacz"


def _extract_again(store: Store, segment: Segment, version: str) -> None:
    how = How("full", site_filter(profiles.load(store, HOST, version)))
    warc, index = (o for o in segment.manifest.objects if o.kind != "documents")
    rows: list[dict[str, Any]] = []
    for c in segment.captures:
        place = (c.record_id, c.payload_digest, c.offset, c.length, "run-1")
        context = DocumentContext(c.url, c.url, iso(c.captured_at), OutcomeWord.CAPTURED, 200, *place)
        rows.append(json.loads(document_json(extract(PAGES[c.url], "text/html", context, how))) | {"warc_file": warc.key})
    assert all(APPEAL not in row["text"] for row in rows)
    rewrite_manifest(store, segment, objects=(warc, index, put_object(store, "documents", json_lines(rows), len(rows))))


def test_the_text_is_made_again_with_the_profile(bundle: Path, pool: WorkerPool) -> None:
    assert verify_bundle(FileSource(bundle)).damages == []
    for url in PAGES:
        derived = trace(InBundle(FileSource(bundle)), url, pool).derived
        assert derived is not None
        assert (derived.verdict, derived.why) == ("equal", "")


def test_the_profile_lies_one_folder_deep(bundle: Path) -> None:
    taken = take_apart(bundle.read_bytes())
    (name,) = (name for name in taken.files if name.startswith("profiles/"))
    assert name.startswith(f"profiles/{HOST}-")
    assert name.count("/") == 1
    assert json.loads(taken.files[name])["host"] == HOST
    assert name in {resource["path"] for resource in taken.package["resources"]}


def test_without_it_nothing_is_claimed(bundle: Path, pool: WorkerPool, tmp_path: Path) -> None:
    taken = take_apart(bundle.read_bytes())
    name = taken.name("profiles/")
    del taken.files[name]
    taken.edit_package(lambda package: package["resources"].remove(next(r for r in package["resources"] if r["path"] == name)))
    (tmp_path / "without.wacz").write_bytes(taken.redigested())
    assert verify_bundle(FileSource(tmp_path / "without.wacz")).damages == []
    derived = trace(InBundle(FileSource(tmp_path / "without.wacz")), next(iter(PAGES)), pool).derived
    assert derived is not None
    assert derived.verdict == "not-checked"
    assert "the site profile" in derived.why


def test_croissant_loads_the_tables_of_a_bundle(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    for name, data in take_apart(bundle.read_bytes()).files.items():
        if name.startswith("data/"):
            (tmp_path / name.removeprefix("data/")).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    dataset = mlcroissant.Dataset("croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    assert {table: len(list(dataset.records(table))) for table in ("documents", "sources")} == {"documents": 3, "sources": 3}
