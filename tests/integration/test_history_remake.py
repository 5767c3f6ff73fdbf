"""Documents that another version of warcite made are made again from their captures' bytes before they are compared."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.digests import sha256_hex
from archive.errors import DamageError
from archive.model import Change
from archive.store import open_store
from archive.store.base import Store
from pipelines.changes import Changes
from pipelines.document import extractor_version
from pipelines.history.endings import Ended
from pipelines.history.page import compare_versions
from pipelines.history.shown import diff_lines, rendered
from pipelines.history.versions import Version, versions_of
from pipelines.workers import WorkerPool
from tests.support.exchanges import record_ids, response
from tests.support.saved_pages import page
from tests.support.small_archive import Segment, commit_segment, encode_in, put_rows, rewrite_manifest

pytestmark = pytest.mark.timeout(400)

URL = "http://herald.example/ferry"
NEW = "The ferry company has since asked the islanders for patience."
NAMES = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"]
NOW = {"extractor_version": extractor_version(), "extractor_settings": "mode=full"}
OLD = {"extractor_version": "0.0.1+trafilatura-1", "extractor_settings": "mode=full", "text": "Home\nAll rights reserved", "blocks": []}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1, deadline=300) as pool:
        yield pool


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "archive"))


def captured(store: Store, number: int, body: bytes, document: Row) -> Segment:
    """A capture of the page on day ``number``, with a document as some version made it."""
    new_id = record_ids(100 * number + 1)
    info = new_id()
    segment = commit_segment(store, NAMES[number], info, [encode_in(info, new_id, URL, response(body), 86_400 * number)], [])
    key = segment.key("documents")
    rows = [json.loads(line) | document for line in gzip.decompress(store.get(key)).splitlines()]
    made = put_rows(store, "documents", rows)
    objects = tuple(made if o.key == key else o for o in segment.manifest.objects)
    rewrite_manifest(store, segment, objects=objects)
    return replace(segment, manifest=replace(segment.manifest, objects=objects))


def both(store: Store) -> tuple[Version, Version]:
    before, after = versions_of(store, URL)
    return before, after


def test_an_upgrade_is_no_change(store: Store, pool: WorkerPool) -> None:
    captured(store, 0, page(1), OLD)
    captured(store, 1, page(1), OLD | {"extractor_version": "0.0.2", "text": "Made by yet another version."})
    compared = compare_versions(store, *both(store), pool)
    assert (compared.kind, compared.remade) == ("same", ("before", "after"))
    said = [rendered(line, colour=False) for line in diff_lines(compared, words=False)]
    assert any(line.startswith("(before and after: extracted again") for line in said)


def test_an_edit_is_named_across_an_upgrade(store: Store, pool: WorkerPool) -> None:
    captured(store, 0, page(1), OLD)
    after = captured(store, 1, page(1, f"<p>{NEW}</p>"), {})
    compared = compare_versions(store, *both(store), pool)
    assert compared.comparison is not None
    assert (compared.comparison.added, compared.comparison.removed, compared.comparison.stealth) == ((NEW,), (), True)
    assert compared.comparison.after["warc_file"] == after.key("warc")
    assert changes(store, pool) == [replace(compared.comparison.change(), kind="text")]


def test_documents_of_one_version_are_compared_as_stored(store: Store, pool: WorkerPool) -> None:
    for number, text in enumerate(("One.", "Two.")):
        captured(store, number, page(1), OLD | {"text": text})
    compared = compare_versions(store, *both(store), pool)
    assert compared.comparison is not None
    assert (compared.remade, compared.comparison.added, compared.comparison.removed) == ((), ("Two.",), ("One.",))


def test_only_what_is_not_of_this_version_is_made_again(store: Store, pool: WorkerPool) -> None:
    captured(store, 0, page(1), OLD)
    captured(store, 1, page(1), NOW | {"text": "What stands in the archive.", "blocks": []})
    compared = compare_versions(store, *both(store), pool)
    assert compared.remade == ("before",)
    assert compared.comparison is not None
    assert compared.comparison.added == ("What stands in the archive.",)


@pytest.mark.parametrize("harm", ["bytes", "row"])
def test_a_capture_that_cannot_be_read_is_told(store: Store, pool: WorkerPool, harm: str) -> None:
    first = captured(store, 0, page(1), OLD | ({"warc_offset": "x"} if harm == "row" else {}))
    captured(store, 1, page(1), NOW)
    if harm == "bytes":
        store.put(first.key("warc"), b"no WARC", sha256_hex(b"no WARC"))
    with pytest.raises(DamageError, match="made by different versions"):
        compare_versions(store, *both(store), pool)
    problems: list[str] = []
    assert changes(store, pool, problems) == []
    assert len(problems) == 1


def changes(store: Store, pool: WorkerPool, problems: list[str] | None = None) -> list[Change]:
    before, after = both(store)
    endings: list[Ended] = [before.ended, replace(after.ended, current=True)]
    tell = (problems if problems is not None else []).append
    return list(Changes(store, endings, frozenset(), pool, tell))
