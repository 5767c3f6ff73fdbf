"""Steps 5 and 6 of the commit protocol: data objects first, then one create-only manifest. The manifest is the commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive import layout, manifests
from archive.digests import sha256_file
from archive.errors import CommitConflict, KeyExists, KeyMissing, StoreError
from archive.model import Manifest, StoredObject
from archive.store import Store


@dataclass(frozen=True, slots=True)
class Part:
    """A file that becomes a data object, named by its content."""

    kind: Literal["warc", "cdxj", "documents", "events"]
    path: Path
    rows: int


def upload(store: Store, parts: Iterable[Part]) -> tuple[StoredObject, ...]:
    """Write each part under its content's name and check what the store then has. Twice is harmless."""
    return tuple(_upload(store, part) for part in parts)


def _upload(store: Store, part: Part) -> StoredObject:
    digest, size = sha256_file(part.path), part.path.stat().st_size
    key = layout.data(part.kind, digest)
    store.put(key, part.path, digest)
    there = store.stat(key)
    if there.size != size or there.sha256 not in {None, digest}:
        raise StoreError(
            f"{store.uri}: {key} was written, and now has {there.size} bytes of SHA-256 {there.sha256 or 'unknown'} instead of {size};"
            " the segment stays in the spool"
        )
    return StoredObject(part.kind, key, size, digest, part.rows)


def commit(store: Store, manifest: Manifest) -> None:
    """Create the manifest. A failed or doubtful write is read back: our bytes mean that it succeeded.

    Raises `CommitConflict` when a manifest of this name holds other bytes, `StoreError` when nothing was written.
    """
    key, data = layout.manifest(manifest.segment), manifests.encode(manifest)
    try:
        store.put_if_absent(key, data)
    except StoreError as error:
        # botocore repeats a PUT by itself, so even "it exists" may answer our own write.
        if not _holds(store, key, data, isinstance(error, KeyExists)):
            raise


def _holds(store: Store, key: str, data: bytes, exists: bool) -> bool:
    try:
        there = store.get(key)
    except KeyMissing:
        return False
    if there == data:
        return True
    if exists:
        raise CommitConflict(f"{store.uri}: {key} is already committed with other content; the segment stays in the spool")
    return False
