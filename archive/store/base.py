"""The object store as the archive sees it: six verbs, the same on every backend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class ObjectStat:
    key: str
    size: int  # bytes
    sha256: str | None  # hex, where the store keeps one


class Store(Protocol):
    """Where an archive lives. Every verb raises `StoreError` (unreachable, refused) besides what it names."""

    uri: str

    def put(self, key: str, source: Path | bytes, sha256: str) -> None:
        """Write an object, replacing what is there. ``sha256`` (hex) is checked by the store or by us. Twice is harmless."""

    def put_if_absent(self, key: str, data: bytes) -> None:
        """Create-only write; raises `KeyExists`. After a time-out the caller must read back: it may have succeeded."""

    def get(self, key: str) -> bytes:
        """The whole object; raises `KeyMissing`."""

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        """A stream of ``length`` bytes from ``offset``; raises `KeyMissing`. The caller closes it."""

    def list(self, prefix: str) -> Iterator[ObjectStat]:
        """Objects whose key starts with ``prefix``, in byte order of their keys."""

    def stat(self, key: str) -> ObjectStat:
        """Raises `KeyMissing`."""

    def probe(self) -> str:
        """What was found when two create-only writes were tried; raises `StoreError` when the second is not refused."""
