"""An archive to trace in: what its manifests name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from archive import layout, manifests, profiles
from archive.errors import NotFound
from archive.generations import newest_generations, read_facts
from archive.index.lookup import captures_of
from archive.jobs import is_inputs
from archive.model import Manifest, SiteProfile, TargetOutcome, Tombstone
from archive.rows import rows_of
from archive.selection.documents import SegmentDocuments
from archive.store import Store
from archive.takedown import taken_down
from pipelines.trace.origin import Ended, Place, Row, WarcObject


class InArchive:
    """An `Origin`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.name = store.uri
        self.hidden: Mapping[str, Tombstone] = taken_down(store)
        self._newest = newest_generations(read_facts(store))  # segment -> manifest that has its documents now

    def ended(self, *, key: str | None = None, record_id: str | None = None) -> list[Ended]:
        found = [
            _ended(o, manifest)
            for manifest in manifests.load_naming(self._store, key or record_id or "")
            if not is_inputs(manifest.job)
            for o in manifest.outcomes
            if (key is not None and o.key == key) or (record_id is not None and o.record_id == record_id)
        ]
        return sorted(found, key=lambda e: e.captured_at or "")

    def document(self, record_id: str) -> Row | None:
        for ended in self.ended(record_id=record_id):
            manifest = manifests.load(self._store, self._newest.get(ended.segment or "", layout.manifest(ended.segment or "")))
            with SegmentDocuments(self._store, manifest, {record_id}) as documents:
                if (row := documents.of(record_id)) is not None:
                    return row
        return None

    def document_named(self, document_id: str) -> Row | None:
        """Reads documents until it is found: their ids are hashes, and no index has them."""
        for _, manifest in manifests.load_all(self._store):
            for row in rows_of(self._store, manifest, "documents"):
                if row.get("id") == document_id:
                    return self.document(row["warc_record_id"]) or row
        return None

    def captures(self, url: str) -> Iterator[Place]:
        for found in captures_of(self._store, url):
            yield Place(found.warc_key, found.line.offset, found.line.length)

    def events(self) -> Iterator[Row]:
        for _, manifest in manifests.load_all(self._store):
            yield from rows_of(self._store, manifest, "events")

    def warc(self, file: str) -> WarcObject:
        for manifest in manifests.load_naming(self._store, file):
            for stored in manifest.objects:
                if stored.key == file:
                    return WarcObject(stored.size, stored.sha256, manifest.segment)
        return WarcObject()

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        return self._store.open_range(key, offset, length)

    def profile(self, host: str, version: str) -> SiteProfile | None:
        try:
            return profiles.load(self._store, host, version)
        except NotFound:
            return None


def _ended(o: TargetOutcome, manifest: Manifest) -> Ended:
    return Ended(
        url=o.url,
        key=o.key,
        outcome=o.outcome,
        reason=o.reason,
        http_status=o.http_status,
        captured_at=o.captured_at,
        via=o.via,
        final_url=o.final_url or o.url,
        record_id=o.record_id,
        run=manifest.run,
        segment=manifest.segment,
        detail=o.detail,
    )
