"""What an archive has already: an address, a second and a payload are one capture, whoever wrote it down."""

from __future__ import annotations

import hashlib
from datetime import UTC

from archive import manifests
from archive.index.lookup import lines_of
from archive.model import Capture, Manifest
from archive.store import Store
from archive.urls import surt


class KnownCaptures:
    """Eight bytes for each index line of the archive. Raises `StoreError`, `DamageError` (an archive that is damaged is not added to)."""

    def __init__(self, store: Store) -> None:
        self._seen: set[bytes] = set()
        self.record_ids: set[str] = set()
        self.newest: Manifest | None = None
        for _, manifest in manifests.load_all(store):
            if self.newest is None or (manifest.created_at, manifest.segment) > (self.newest.created_at, self.newest.segment):
                self.newest = manifest
            self.record_ids.update(o.record_id for o in manifest.outcomes if o.record_id)
            for stored in manifest.objects:
                if stored.kind == "cdxj":
                    self._seen.update(_short(line.key, line.timestamp, line.digest) for line in lines_of(store, stored.key))

    def has(self, capture: Capture) -> bool:
        return _short_of(capture) in self._seen

    def add(self, capture: Capture) -> None:
        self._seen.add(_short_of(capture))
        self.record_ids.add(capture.record_id)


def _short_of(capture: Capture) -> bytes:
    timestamp = capture.captured_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return _short(surt(capture.url), timestamp, capture.payload_digest)


def _short(*parts: str | None) -> bytes:
    return hashlib.blake2b("\n".join(part or "" for part in parts).encode("utf-8", "replace"), digest_size=8).digest()
