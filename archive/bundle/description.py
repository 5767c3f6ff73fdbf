"""``data/croissant.json``: a bundle's tables for machines, as datasets describe theirs."""

from __future__ import annotations

from pathlib import Path

from archive.bundle.dataset import columns
from archive.bundle.dataset.about import About
from archive.bundle.dataset.croissant import FILE, FileFacts, croissant_json
from archive.bundle.dataset.table import Table
from archive.bundle.tables import DOCUMENTS, EVENTS, SCHEMA, SOURCES
from archive.digests import sha256_file

_LINES = "application/jsonlines"
_TABLES = (
    Table("documents", DOCUMENTS, _LINES, columns.DOCUMENTS),
    Table("events", EVENTS, _LINES, columns.TOLD_EVENTS),
    Table("sources", SOURCES, "text/csv", columns.SOURCES, list_separator=" "),
)


def describe(data: Path, about: About) -> None:
    """Write it beside the tables, which are complete. Parquet is not among them: its bytes are those of one version of pyarrow."""
    kinds = {table.file: table.media_type for table in _TABLES} | {SCHEMA: "application/json"}
    files = [FileFacts(name, kind, (data / name).stat().st_size, sha256_file(data / name)) for name, kind in sorted(kinds.items())]
    (data / FILE).write_bytes(croissant_json(about, _TABLES, files))
