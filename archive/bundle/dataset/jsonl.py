"""Lines of JSON, gzipped: documents as they are stored, events, sources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.bundle.dataset import columns
from archive.bundle.dataset.rows import Rows
from archive.bundle.dataset.table import Table
from archive.compression import gzip_stream

MEDIA_TYPE = "application/jsonlines"


def write_tables(rows: Rows, folder: Path) -> list[Table]:
    """Documents are ``warcite.document/1``, events ``warcite.event/1``."""
    _write(folder / "documents.jsonl.gz", (document.line for document in rows.documents()))
    documents = Table("documents", "documents.jsonl.gz", MEDIA_TYPE, columns.DOCUMENTS)
    return [documents, *write_events_and_sources(rows, folder)]


def write_events_and_sources(rows: Rows, folder: Path) -> list[Table]:
    _write(folder / "events.jsonl.gz", rows.events())
    _write(folder / "sources.jsonl.gz", rows.sources())
    return [
        Table("events", "events.jsonl.gz", MEDIA_TYPE, columns.EVENTS),
        Table("sources", "sources.jsonl.gz", MEDIA_TYPE, columns.SOURCES),
    ]


def _write(path: Path, lines: Iterable[bytes]) -> None:
    with gzip_stream(path) as out:
        for line in lines:
            out.write(line)
