"""Parquet with an explicit schema, sorted by the day of the event. Needs pyarrow (``pip install 'warcite[query]'``)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from archive.bundle.dataset import columns
from archive.bundle.dataset.columns import Column
from archive.bundle.dataset.rows import Rows
from archive.bundle.dataset.table import Table
from archive.errors import DamageError, InputError

try:
    import pyarrow as pa
    import pyarrow.json as arrow_json
    import pyarrow.parquet as pq
except ImportError as missing:
    raise InputError("--format parquet needs pyarrow: pip install 'warcite[query]'") from missing

MEDIA_TYPE = "application/x-parquet"
DOCUMENTS = (*columns.DOCUMENTS, columns.EVENT_DATE)

ROWS = 20_000
BYTES = 192 << 20
"""A row group ends with so many rows, or with so many bytes of their JSON: it is in memory while it is put together."""

_BATCH = 4 << 20
_TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "number": pa.float64(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
    "texts": pa.list_(pa.string()),
}
_FEW_VALUES = frozenset(
    {"schema", "host", "site_name", "page_type", "language", "text_outcome", "outcome", "reason", "content_type", "charset", "license"}
    | {"warc_file", "extractor", "extractor_version", "extractor_settings", "run", "via", "digest_file", "digest_sha256"}
)


def write_tables(rows: Rows, folder: Path) -> list[Table]:
    """Raises `DamageError` for a row that has not the columns of its table."""
    _write(folder / "documents.parquet", DOCUMENTS, ((d.line, d.day) for d in rows.documents()), sorted_by="event_date")
    _write(folder / "events.parquet", columns.EVENTS, ((line, None) for line in rows.events()), sorted_by="date")
    _write(folder / "sources.parquet", columns.SOURCES, ((line, None) for line in rows.sources()))
    named = {"documents": DOCUMENTS, "events": columns.EVENTS, "sources": columns.SOURCES}
    return [Table(name, f"{name}.parquet", MEDIA_TYPE, of) for name, of in named.items()]


def schema_of(named: Iterable[Column]) -> Any:
    """The Arrow schema of a table."""
    return pa.schema([_field(column) for column in named])


def _field(column: Column) -> Any:
    if column.inner:
        record = pa.struct([_field(inner) for inner in column.inner])
        return pa.field(column.name, record if column.kind == "record" else pa.list_(record))
    return pa.field(column.name, _TYPES[column.kind])


@dataclass(slots=True)
class _Batch:
    lines: list[bytes] = field(default_factory=list)
    days: list[str | None] = field(default_factory=list)
    size: int = 0

    def add(self, line: bytes, day: str | None) -> None:
        self.lines.append(line)
        self.days.append(day)
        self.size += len(line)


def _write(path: Path, named: Sequence[Column], lines: Iterable[tuple[bytes, str | None]], sorted_by: str | None = None) -> None:
    schema = schema_of(named)
    order = None if sorted_by is None else [pq.SortingColumn(_leaf(named, sorted_by), nulls_first=False)]
    few = [column.name for column in named if column.name in _FEW_VALUES]
    with pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=6, use_dictionary=few, sorting_columns=order, write_page_index=True
    ) as out:
        for group in _groups(schema, lines):
            out.write_table(group, row_group_size=group.num_rows)


def _leaf(named: Sequence[Column], name: str) -> int:
    """Parquet counts the innermost columns."""
    at = next(number for number, column in enumerate(named) if column.name == name)
    return sum(map(_leaves, named[:at]))


def _leaves(column: Column) -> int:
    return sum(map(_leaves, column.inner)) or 1


def _groups(schema: Any, lines: Iterable[tuple[bytes, str | None]]) -> Iterator[Any]:
    """Tables of one row group each."""
    parts: list[Any] = []
    rows = size = 0
    batch = _Batch()
    for line, day in lines:
        if rows and (rows == ROWS or size + len(line) > BYTES):
            yield pa.concat_tables([*parts, _table(schema, batch)])
            parts, rows, size, batch = [], 0, 0, _Batch()
        batch.add(line, day)
        rows, size = rows + 1, size + len(line)
        if batch.size >= _BATCH:
            parts.append(_table(schema, batch))
            batch = _Batch()
    if rows:
        yield pa.concat_tables([*parts, _table(schema, batch)])


def _as_written(one: Any) -> Any:
    """JSON has times as text: they are read so, and cast."""
    return pa.field(one.name, pa.string()) if one.type in {_TYPES["time"], _TYPES["day"]} else one


def _table(schema: Any, batch: _Batch) -> Any:
    if not batch.lines:
        return schema.empty_table()
    in_line = pa.schema([_as_written(one) for one in schema if one.name != columns.EVENT_DATE.name])
    how = arrow_json.ParseOptions(explicit_schema=in_line, newlines_in_values=False, unexpected_field_behavior="error")
    whole = arrow_json.ReadOptions(use_threads=False, block_size=batch.size + 1)
    try:
        table = arrow_json.read_json(io.BytesIO(b"".join(batch.lines)), read_options=whole, parse_options=how)
        if len(in_line) < len(schema):
            days = [None if day is None else date.fromisoformat(day) for day in batch.days]
            table = table.append_column(columns.EVENT_DATE.name, pa.array(days, pa.date32()))
        return table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, ValueError) as error:
        raise DamageError(f"a row has not the columns of its table ({str(error)[:200]}); run warcite verify") from error
