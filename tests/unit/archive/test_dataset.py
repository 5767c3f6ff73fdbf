"""Datasets as they are written: what is in each format, that it is the same every time, and what hostile rows become."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.bundle.dataset.build import FORMATS, Dataset, DatasetOptions, make_dataset
from archive.errors import DamageError, InputError, NotFound
from archive.schema import document_schema
from archive.selection.select import Selection
from archive.store import Store, open_store
from archive.takedown import plan, records_of, take_down
from archive.warc.records import warcinfo_member
from tests.support.bundles import make_pages
from tests.support.exchanges import STARTED, record_ids, response
from tests.support.shared import ROOT
from tests.support.small_archive import (
    CHUNKED,
    FIRST,
    STORY,
    commit_segment,
    document_row,
    encode_in,
    event_row,
    make_archive,
    put_object,
    put_rows,
    rewrite_manifest,
)

WITHOUT_PYARROW = tuple(name for name in FORMATS if name != "parquet")

SCRIPT = """
import sys
from pathlib import Path
from archive.bundle.dataset.build import DatasetOptions, make_dataset
from archive.store.local import LocalStore

class Shuffled(LocalStore):
    def list(self, prefix):
        return reversed(list(super().list(prefix)))

for name in sys.argv[3:]:
    folder = Path(sys.argv[2], name)
    folder.mkdir(parents=True)
    make_dataset(Shuffled(Path(sys.argv[1])), DatasetOptions(name), folder)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(str(tmp_path / "store"))
    make_archive(store)
    return store


def made(store: Store, folder: Path, format: str, **options: Any) -> Dataset:
    folder.mkdir(parents=True)
    return make_dataset(store, DatasetOptions(format, **options), folder)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def records(path: Path) -> Iterator[tuple[Any, str]]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            yield record, record.content_stream().read().decode()


def with_document(store: Store, changes: dict[str, Any], outcome: dict[str, Any] | None = None) -> None:
    """An archive of one page whose document says so."""
    new_id = record_ids()
    info = new_id()
    segment = commit_segment(store, FIRST, info, [encode_in(info, new_id, STORY, response(), 0)], [event_row()])
    warc, *others = [o for o in segment.manifest.objects if o.kind != "documents"]
    row = document_row(segment.captures[0], warc.key) | changes
    objects = (warc, *others, put_rows(store, "documents", [row]))
    outcomes = tuple(replace(one, **(outcome or {})) for one in segment.manifest.outcomes)
    rewrite_manifest(store, segment, objects=objects, outcomes=outcomes)


def test_lines_of_json_are_the_rows_of_the_archive(store: Store, tmp_path: Path) -> None:
    dataset = made(store, tmp_path / "d", "jsonl")
    assert dataset.counts == {"documents": 2, "events": 1, "sources": 5, "outcomes": {"captured": 2, "error": 2, "unchanged": 1}}
    documents, events, sources = (lines(tmp_path / "d" / f"{name}.jsonl.gz") for name in ("documents", "events", "sources"))
    for document in documents:
        jsonschema.validate(document, document_schema())
    assert [document["url"] for document in documents] == [STORY, CHUNKED]  # the one without an event comes last
    assert (events[0]["id"], events[0]["revision"], events[0]["replaced_by"]) == ("2016-05-21-0123456789ab", 1, None)
    assert sorted((source["outcome"], source["events"]) for source in sources if source["url"] == STORY) == [
        ("captured", ["2016-05-21-0123456789ab"]),
        ("unchanged", ["2016-05-21-0123456789ab"]),
    ]
    assert len({tuple(source) for source in sources}) == 1  # the same keys in every row


def test_the_description_has_the_digest_of_every_file(store: Store, tmp_path: Path) -> None:
    dataset = made(store, tmp_path / "d", "csv")
    described = json.loads((tmp_path / "d/croissant.json").read_bytes())
    told = {file["contentUrl"]: file["sha256"] for file in described["distribution"]}
    on_disk = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "d").iterdir()}
    assert told | {"croissant.json": on_disk["croissant.json"]} == on_disk
    assert {file.name: file.sha256 for file in dataset.files} == on_disk


def test_the_card_tells_counts_gaps_robots_and_whom_to_write_to(store: Store, tmp_path: Path) -> None:
    with_document(open_store(str(tmp_path / "one")), {"license": "CC BY 4.0 | <b>x</b>", "text_outcome": "thin", "flags": ["paywall"]})
    made(open_store(str(tmp_path / "one")), tmp_path / "d", "jsonl", contact="archive@example.org", title='A "title"\n# of two lines')
    card = (tmp_path / "d/README.md").read_text()
    assert card.startswith('---\npretty_name: "A \\"title\\" # of two lines"\nlicense: other\n')
    assert '\n# A "title" \\# of two lines\n' in card
    assert "| CC BY 4.0 \\| &lt;b&gt;x&lt;/b&gt; | 1 |" in card
    assert "| document without text, or with little of it | thin | 1 |" in card
    assert "| document with a flag | paywall | 1 |" in card
    assert "write to archive@example.org" in card
    made(store, tmp_path / "e", "jsonl")
    assert "| source error: no answer that could be kept | dns | 2 |" in (tmp_path / "e/README.md").read_text()


def test_wet_passes_the_check_of_warcio(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(store, tmp_path / "d", "wet")
    path = tmp_path / "d/documents.warc.wet.gz"
    checker = Checker(_Arguments([str(path)]))
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out
    info, *texts = records(path)
    assert info[0].rec_type == "warcinfo"
    assert [record.rec_headers["WARC-Target-URI"] for record, _ in texts] == [STORY, CHUNKED]
    for record, text in texts:
        assert text == "The old bridge over the Aller is closed."
        assert record.rec_type == "conversion"
        assert record.rec_headers["Content-Type"] == "text/plain"
    documents = lines(made(store, tmp_path / "j", "jsonl").folder / "documents.jsonl.gz")
    assert [record.rec_headers["WARC-Refers-To"] for record, _ in texts] == [document["warc_record_id"] for document in documents]


class _Arguments:
    """What `warcio check FILE` gives its checker."""

    def __init__(self, inputs: list[str]) -> None:
        self.inputs, self.verbose = inputs, False


def test_wet_without_any_text_is_a_sound_file(tmp_path: Path) -> None:
    with_document(open_store(str(tmp_path / "s")), {"text": "", "text_outcome": "none"})
    made(open_store(str(tmp_path / "s")), tmp_path / "d", "wet")
    assert [record.rec_type for record, _ in records(tmp_path / "d/documents.warc.wet.gz")] == ["warcinfo"]


def test_csv_holds_no_formula_and_keeps_rows_whole(tmp_path: Path) -> None:
    with_document(
        open_store(str(tmp_path / "s")),
        {"title": '=HYPERLINK("http://x.example")', "text": 'One "line",\nand another; ok', "authors": ["A. B", "C"], "byline": "-x"},
    )
    made(open_store(str(tmp_path / "s")), tmp_path / "d", "csv")
    with (tmp_path / "d/documents.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["title"] == '\'=HYPERLINK("http://x.example")'
    assert (row["byline"], row["text"], row["authors"]) == ("'-x", 'One "line",\nand another; ok', "A. B; C")
    assert (row["event_date"], row["http_status"], row["free_access"]) == ("2016-05-21", "200", "")
    assert "blocks" not in row


@pytest.mark.parametrize("format", WITHOUT_PYARROW)
def test_same_bytes_in_another_zone_language_and_order(store: Store, tmp_path: Path, format: str) -> None:
    dataset = made(store, tmp_path / "here", format)
    elsewhere = {**os.environ, "PYTHONPATH": str(ROOT), "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "store"), str(tmp_path / "there"), format]
    subprocess.run(command, check=True, env=elsewhere, timeout=200)
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "there" / format).iterdir()}
    assert there == {file.name: file.sha256 for file in dataset.files}


def test_an_unchanged_page_has_the_document_of_its_original(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "s"))
    make_pages(store, segments=2, pages=3)
    dataset = made(store, tmp_path / "d", "jsonl", selection=Selection(outcomes=("unchanged",)))
    assert (dataset.counts["sources"], dataset.counts["documents"]) == (2, 2)
    assert [row["url"] for row in lines(tmp_path / "d/documents.jsonl.gz")] == [
        "http://host0.example/page/0",
        "http://host1.example/page/0",
    ]


def test_what_was_taken_down_is_in_no_dataset(store: Store, tmp_path: Path) -> None:
    take_down(store, plan(records_of(store, STORY), "court order", "2016-06-01T00:00:00Z"))
    dataset = made(store, tmp_path / "d", "jsonl")
    assert (dataset.counts["documents"], dataset.counts["sources"]) == (1, 3)
    assert STORY not in {row["url"] for row in lines(tmp_path / "d/sources.jsonl.gz")}
    assert "and are not in it: 2." in (tmp_path / "d/README.md").read_text().replace("\n", " ")


def test_the_card_says_how_robots_txt_was_treated(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "s"))
    first = make_archive(store).first
    info = warcinfo_member(FIRST, [("software", "warcite"), ("robots", "obey: RFC 9309")], record_ids()(), STARTED)
    objects = tuple(put_object(store, "warc", info, 1) if o.kind == "warc" else o for o in first.manifest.objects)
    rewrite_manifest(store, first, objects=objects)
    made(store, tmp_path / "d", "jsonl")
    assert "Robots policy of these crawls: obey: RFC 9309." in (tmp_path / "d/README.md").read_text()


def test_damage_and_wrong_wishes_are_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing in"):
        made(store, tmp_path / "a", "jsonl", selection=Selection(hosts=("nowhere.example",)))
    with pytest.raises(InputError, match="known are wacz, jsonl, csv, wet, parquet"):
        DatasetOptions("xlsx")
    with_document(open_store(str(tmp_path / "bad")), {"flags": 7})
    with pytest.raises(DamageError, match="no document"):
        made(open_store(str(tmp_path / "bad")), tmp_path / "b", "jsonl")
