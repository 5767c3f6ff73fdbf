"""The object store as the archive sees it: seven verbs, and two for housekeeping, the same on every backend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class ObjectStat:
    key: str
    size: int  # bytes
    sha256: str | None  # hex, where the store keeps one
    modified: datetime  # UTC, by the store's clock: when these bytes were put there


class Store(Protocol):
    """Where an archive lives. Every verb raises `StoreError` (unreachable, refused) besides what it names."""

    uri: str
    create_only: bool | None
    """Whether the store itself refuses a second create-only write; None while unknown. Where it does not, `put_if_absent` looks before
    it writes: enough for a manifest, which has one writer."""

    def put(self, key: str, source: Path | bytes, sha256: str) -> None:
        """Write an object, replacing what is there. ``sha256`` (hex) is checked by the store or by us. Twice is harmless."""

    def put_stream(self, key: str, chunks: Iterable[bytes], size: int) -> str:
        """Write an object of ``size`` bytes that is too large to hold, replacing what is there; returns its SHA-256 in hex.

        Nothing is seen of it before it is whole. Raises `StoreError` also when other than ``size`` bytes came.
        """

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

    def delete(self, key: str) -> None:
        """Remove one object; a missing one is no error. Housekeeping: only the sweep and take-down may use it."""

    def debris(self, before: datetime, *, remove: bool) -> tuple[str, ...]:
        """Names, for people, of what writes left behind that never ended; with ``remove`` they are gone now.

        Housekeeping, for the sweep. Only what was begun before ``before`` (aware, by the store's clock) counts: a younger write may
        still be under way.
        """

    def probe(self) -> str:
        """Try create-only writes and say how that went, for people; ``create_only`` is known afterwards."""
