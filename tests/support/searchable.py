"""Archives of documents and events alone, as the catalog reads them: no WARC stands behind them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from archive.digests import sha256_hex
from archive.model import DocumentContext, Manifest, OutcomeWord, Reason, TargetOutcome, TextOutcome
from archive.store.base import Store
from archive.urls import surt
from pipelines.document import empty_document
from tests.support.small_archive import commit_manifest, put_rows

Row = dict[str, Any]


def document(number: int, text: str, url: str | None = None, outcome: OutcomeWord = OutcomeWord.CAPTURED, **more: Any) -> Row:
    """Captured on the ``number``-th day of 2016."""
    url = url or f"http://news-{number}.example/story"
    at = f"2016-01-{number:02}T10:00:00.000000Z"
    final_url = more.pop("final_url", url)
    context = DocumentContext(url, final_url, at, outcome, 200, record(number), None, 0, 100, "unused")
    return json.loads(json.dumps(asdict(empty_document(context)) | {"text": text, "words": len(text.split())} | more))


def record(number: int) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"


def event(name: str, date: str | None, *urls: str, **more: Any) -> Row:
    row = {
        "id": name,
        "date": date,
        "title": f"Event {name}",
        "digest_file": f"digests/{name}.md",
        "digest_sha256": sha256_hex(name.encode()),
    }
    return row | {"citations": [{"url": url} for url in urls]} | more


def commit(store: Store, segment: str, rows: Iterable[Row], events: Iterable[Row] = (), **more: Any) -> Manifest:
    """A segment whose targets are the documents. ``at`` is its day in 2016, ``run``, ``job`` and ``supersedes`` are of its manifest."""
    rows = list(rows)
    objects = tuple(put_rows(store, kind, made) for kind, made in (("documents", rows), ("events", list(events))) if made)
    outcomes = (_outcome(row) for row in rows) if more.get("supersedes") is None else ()
    at = f"2016-02-{more.pop('at', 1):02}T00:00:00.000000Z"
    return commit_manifest(store, segment, objects, outcomes, **{"job": "sources", "created_at": at} | more)


def _outcome(row: Row) -> TargetOutcome:
    return TargetOutcome(
        *(row["url"], surt(row["url"]), OutcomeWord(row["outcome"]), Reason.OK, 1, 200, row["captured_at"], TextOutcome.OK),
        *("live", row["final_url"], row["warc_record_id"], "archived"),
    )
