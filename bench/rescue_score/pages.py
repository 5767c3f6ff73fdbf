"""Annotated pages as documents, made by the very code that extraction runs."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from archive.model import DocumentContext, OutcomeWord, Reason
from pipelines.extract import document_json, examine

_CAPTURED = "2026-11-21T00:00:00Z"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page of the corpus: what people wrote down of it, and its document."""

    id: str
    url: str
    host: str
    title: str
    date: str | None
    kind: str  # article, listing, collection, service, product, forum, documentation
    gold: str
    document: dict[str, Any]
    reason: Reason


def read_pages(folder: Path, jobs: int = 2, every: int = 1) -> list[SavedPage]:
    """Every so many-th page of a folder with ``pages.jsonl`` that has an address."""
    rows = [json.loads(line) for line in (folder / "pages.jsonl").read_text(encoding="utf-8").split("\n") if line]
    wanted = [(folder, row) for row in rows if "://" in (row["url"] or "") and row["host"]][::every]
    with Pool(jobs) as pool:
        return pool.map(_read, wanted, chunksize=16)


def read_page(body: bytes, url: str) -> tuple[dict[str, Any], Reason]:
    """The document of a saved page, as of no particular day."""
    context = DocumentContext(url, url, _CAPTURED, OutcomeWord.CAPTURED, 200, "<urn:uuid:1>", None, 0, 1, "run")
    read = examine(body, "text/html", context)
    return json.loads(document_json(read.document)), read.reason


def _read(job: tuple[Path, dict[str, Any]]) -> SavedPage:
    folder, row = job
    document, reason = read_page(gzip.decompress((folder / row["html"]).read_bytes()), row["url"])
    return SavedPage(
        row["id"],
        row["url"],
        row["host"],
        row["title"] or document["title"] or "",
        row["date"] if isinstance(row["date"], str) else document["date_published"],
        row["page_type"] or "article",
        row["gold_text"] or "",
        document,
        reason,
    )
