"""Two versions of a page compared: their documents found in the store, made comparable, and what became of the page between them."""

from __future__ import annotations

from typing import Any

from archive import layout, manifests
from archive.errors import DamageError, NotFound
from archive.rows import rows_of
from archive.store import Store
from pipelines.compare import compare
from pipelines.history.endings import Ended
from pipelines.history.published import Compared
from pipelines.history.remake import Stored, comparable
from pipelines.history.versions import Version
from pipelines.workers import WorkerPool

Row = dict[str, Any]


def compare_versions(store: Store, before: Version, after: Version, pool: WorkerPool) -> Compared:
    """Raises `NotFound` where there is no text to compare, `DamageError` where it cannot be read."""
    if after.is_gone:
        return Compared(before, after, "same" if before.is_gone else "gone", None)
    old, new = before.document, after.document
    if new is None:
        raise NotFound(f"{after.ended.url}: the capture that {after.ended.record_id} stands for is not in {store.uri}")
    if old is None:
        row = _document(store, new)
        return Compared(before, after, "back", compare(None, row))
    if old == new:
        row = _document(store, new)
        return Compared(before, after, "back" if before.is_gone else "same", compare(row, row))
    stored = Stored(_document(store, old), _document(store, new), old.via, new.via)
    pair = next(iter(comparable(store, [stored], pool)))
    if pair.problem:
        raise DamageError(f"{after.ended.url}: made by different versions of warcite, and {pair.problem}")
    comparison = compare(pair.before, pair.after)
    return Compared(before, after, "back" if before.is_gone else comparison.kind, comparison, pair.remade)


def _document(store: Store, ended: Ended) -> Row:
    """Raises `DamageError`, `KeyMissing`."""
    manifest = manifests.load(store, layout.manifest(ended.segment))
    for row in rows_of(store, manifest, "documents"):
        if isinstance(row, dict) and row.get("warc_record_id") == ended.record_id:  # type: ignore[redundant-expr]  # says who wrote it
            return row
    raise DamageError(f"segment {ended.segment} has no document of {ended.record_id}; run warcite rebuild")
