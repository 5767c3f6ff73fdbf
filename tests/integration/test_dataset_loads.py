"""Datasets are loaded by the one-liners of their card, with the libraries themselves, and by their Croissant description.

polars, datasets and mlcroissant (which brings scipy) are large and not among the test tools: what needs them is skipped without them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.bundle.dataset.build import FORMATS, DatasetOptions, make_dataset
from archive.bundle.dataset.loading import LOADING
from archive.store import open_store
from tests.support.small_archive import STORY, make_archive
from tests.support.warcite import environment

LINES = [(name, line) for name, text in LOADING.items() for line in text.splitlines()]

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install '.[query]'")
    top = tmp_path_factory.mktemp("datasets")
    store = open_store(str(top / "store"))
    make_archive(store)
    for name in FORMATS:
        (top / name).mkdir()
        make_dataset(store, DatasetOptions(name), top / name)
    return top


@pytest.mark.parametrize(("name", "line"), LINES, ids=[f"{name}-{line.split(';')[0].split()[-1]}" for name, line in LINES])
def test_one_liners_of_the_card(folders: Path, name: str, line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    library = line.split(";")[0].removeprefix("import ")
    pytest.importorskip(library, reason=f"{library} is not installed")
    assert line in (folders / name / "README.md").read_text()
    monkeypatch.chdir(folders / name)
    found: dict[str, Any] = {}
    exec(line, found)
    assert len(found.keys() & {"documents", "texts", "outcomes"}) == 1
    if "documents" in found:
        assert len(found["documents"]) == 2
    elif "texts" in found:
        assert found["texts"].count(b"The old bridge over the Aller is closed.") == 2
    else:
        assert sorted(found["outcomes"]) == [("captured", 2), ("error", 2), ("unchanged", 1)]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "wet"])
@pytest.mark.parametrize(("table", "rows"), [("documents", 2), ("events", 1), ("sources", 5)])
def test_datasets_finds_the_tables_by_the_card(
    folders: Path, name: str, table: str, rows: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    found = datasets.load_dataset(str(folders / name), table, split="train", cache_dir=str(tmp_path))
    assert len(found) == rows


@pytest.mark.parametrize("name", FORMATS)
def test_croissant_is_valid_and_loads(folders: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    monkeypatch.chdir(folders / name)
    dataset = mlcroissant.Dataset("croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    tables = {"events": 1, "sources": 5} | ({} if name == "wet" else {"documents": 2})
    assert {record_set.id for record_set in dataset.metadata.record_sets} == tables.keys()
    found = {table: list(dataset.records(table)) for table in tables}
    assert {table: len(rows) for table, rows in found.items()} == tables
    assert found["events"][0]["events/id"] == b"2016-05-21-0123456789ab"
    if name in {"jsonl", "parquet"}:
        first = found["events"][0]["events/citations"][0]
        assert (first["events/citations/position"], first["events/citations/url"]) == (1, STORY.encode())
    if name != "wet":
        assert found["documents"][0]["documents/url"] == STORY.encode()


def test_duckdb_leaves_out_what_no_event_of_a_day_cites(folders: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    query = f"SELECT url, citations FROM '{folders}/parquet/documents.parquet' WHERE event_date >= DATE '2016-05-01'"
    assert [row[0] for row in duckdb.sql(query).fetchall()] == [STORY]
    joined = f"SELECT count(*) FROM '{folders}/parquet/events.parquet' e, UNNEST(e.citations) c WHERE c.unnest.url = '{STORY}'"
    assert duckdb.sql(joined).fetchall() == [(1,)]


def test_pyarrow_is_imported_for_parquet_only() -> None:
    script = "import archive.bundle.dataset.build, archive.bundle.cli, sys; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=100, env=environment()).returncode == 0
