"""Archives of documents and events alone, as the catalog reads them: no WARC stands behind them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from isal import igzip_lib

from archive import layout, manifests
from archive.compression import LEVEL
from archive.digests import sha256_hex
from archive.model import DocumentContext, Manifest, OutcomeWord, Reason, StoredObject, TargetOutcome, TextOutcome
from archive.store.base import Store
from archive.urls import surt
from pipelines.document import empty_document

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
    outcomes = tuple(_outcome(row) for row in rows) if more.get("supersedes") is None else ()
    counts = {word.value: sum(o.outcome is word for o in outcomes) for word in OutcomeWord}
    at = f"2016-02-{more.pop('at', 1):02}T00:00:00.000000Z"
    facts = {"run": "run-1", "job": "sources"} | more
    manifest = Manifest(manifests.SCHEMA, segment, created_at=at, objects=objects, outcomes=outcomes, counts=counts, versions={}, **facts)
    store.put_if_absent(layout.manifest(segment), manifests.encode(manifest))
    return manifest


def put_rows(store: Store, kind: str, rows: list[Row]) -> StoredObject:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    data = bytes(igzip_lib.compress(lines, LEVEL, igzip_lib.COMP_GZIP))
    stored = StoredObject(kind, layout.data(kind, sha256_hex(data)), len(data), sha256_hex(data), len(rows))  # type: ignore[arg-type]
    store.put(stored.key, data, stored.sha256)
    return stored


def _outcome(row: Row) -> TargetOutcome:
    return TargetOutcome(
        *(row["url"], surt(row["url"]), OutcomeWord(row["outcome"]), Reason.OK, 1, 200, row["captured_at"], TextOutcome.OK),
        *("live", row["final_url"], row["warc_record_id"], "archived"),
    )
