"""Datasets in Parquet: schema, order, row groups, memory; needs the extra `query`."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.bundle.dataset.build import DatasetOptions, make_dataset
from archive.errors import DamageError
from archive.model import Document
from archive.store import Store, open_store
from tests.support.small_archive import STORY, make_archive

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: pip install '.[query]'")

from archive.bundle.dataset import columns, parquet  # noqa: E402 - needs pyarrow


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(str(tmp_path / "store"))
    make_archive(store)
    return store


def made(store: Store, folder: Path) -> Path:
    folder.mkdir()
    make_dataset(store, DatasetOptions("parquet"), folder)
    return folder


def test_the_schema_is_that_of_the_document_and_a_day(store: Store, tmp_path: Path) -> None:
    file = pq.ParquetFile(made(store, tmp_path / "d") / "documents.parquet")
    schema = file.schema_arrow
    assert schema.names == [*(field.name for field in dataclasses.fields(Document)), "event_date"]
    assert {name: str(schema.field(name).type) for name in ("text", "captured_at", "authors", "free_access", "event_date", "blocks")} == {
        "text": "string",
        "captured_at": "timestamp[us, tz=UTC]",
        "authors": "list<element: string>",
        "free_access": "bool",
        "event_date": "date32[day]",
        "blocks": "list<element: struct<kind: string, text: string>>",
    }
    group = file.metadata.row_group(0)
    assert {group.column(number).compression for number in range(group.num_columns)} == {"ZSTD"}
    assert group.column(group.sorting_columns[0].column_index).path_in_schema == "event_date"


def test_values_are_those_of_the_lines(store: Store, tmp_path: Path) -> None:
    rows = pq.read_table(made(store, tmp_path / "d") / "documents.parquet").to_pylist()
    assert [(row["url"] == STORY, row["event_date"]) for row in rows] == [(True, date(2016, 5, 21)), (False, None)]
    (tmp_path / "j").mkdir()
    make_dataset(store, DatasetOptions("jsonl"), tmp_path / "j")
    import gzip

    lines = [json.loads(line) for line in gzip.decompress((tmp_path / "j/documents.jsonl.gz").read_bytes()).splitlines()]
    for row, line in zip(rows, lines, strict=True):
        assert row.pop("captured_at") == datetime.fromisoformat(line.pop("captured_at"))
        assert row.pop("event_date") in {date(2016, 5, 21), None}
        assert row == line


def test_same_bytes(store: Store, tmp_path: Path) -> None:
    one, other = made(store, tmp_path / "one"), made(store, tmp_path / "other")
    assert all((one / path.name).read_bytes() == path.read_bytes() for path in other.iterdir())


def lines_of(count: int, size: int) -> Any:
    for number in range(count):
        yield json.dumps({"url": f"http://a.example/{number}", "title": "x" * size}).encode() + b"\n", None


def test_row_groups_end_by_rows_and_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 1000)
    monkeypatch.setattr(parquet, "BYTES", 100_000)
    monkeypatch.setattr(parquet, "_BATCH", 7_000)
    for size, expected in ((1, [1000, 1000, 500]), (9000, [11] * 227 + [3])):
        parquet._write(tmp_path / "x.parquet", columns.SOURCES, lines_of(2500, size))
        file = pq.ParquetFile(tmp_path / "x.parquet")
        assert [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)] == expected
        assert file.read(["url"])["url"].to_pylist() == [f"http://a.example/{number}" for number in range(2500)]


@pytest.mark.parametrize(
    "line", [b'{"url": 7}\n', b'{"url": "x", "more": 1}\n', b'{"captured_at": "yesterday"}\n', b"{\n", b'{"events": "x"}\n'], ids=repr
)
def test_a_row_of_another_shape_is_damage(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(DamageError, match="columns of its table"):
        parquet._write(tmp_path / "x.parquet", columns.SOURCES, [(line, None)])


def test_times_keep_their_microseconds(tmp_path: Path) -> None:
    parquet._write(tmp_path / "x.parquet", columns.SOURCES, [(b'{"captured_at": "2016-05-21T08:30:00.123456Z"}\n', None)])
    (row,) = pq.read_table(tmp_path / "x.parquet").to_pylist()
    assert row["captured_at"] == datetime(2016, 5, 21, 8, 30, 0, 123456, tzinfo=UTC)
    assert row["url"] is None


def test_tables_without_rows_have_their_columns(tmp_path: Path) -> None:
    parquet._write(tmp_path / "x.parquet", columns.EVENTS, [])
    assert pq.ParquetFile(tmp_path / "x.parquet").schema_arrow.names == [column.name for column in columns.EVENTS]
