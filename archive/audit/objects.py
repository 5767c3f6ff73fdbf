"""Data objects read once: what is in them, and whether they are what their manifest says."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from archive.audit.damage import Damage, DamageKind
from archive.audit.evidence import Evidence
from archive.errors import KeyMissing
from archive.model import StoredObject
from archive.store.base import Store


class Hashing:
    """A stream that knows size and SHA-256 of what it gave. The rest is read in `finish`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self._sha256.update(data)
        self.size += len(data)
        return data

    def finish(self) -> str:
        while self.read(1 << 20):
            pass
        return self._sha256.hexdigest()


class Findings:
    """What an audit has come to so far."""

    def __init__(self, store: Store, evidence: Evidence) -> None:
        self.store = store
        self.evidence = evidence
        self.checked: Counter[str] = Counter()
        self.damages: list[Damage] = []
        self.notes: list[str] = []

    def damage(self, kind: DamageKind, object_key: str, detail: str, *, record_id: str | None = None, url: str | None = None) -> None:
        self.damages.append(Damage(kind, object_key, record_id, url, detail))

    def open(self, stored: StoredObject) -> BinaryIO | None:
        """The object as a stream; None, with a damage, when it is missing."""
        try:
            return self.store.open_range(stored.key)
        except KeyMissing:
            self.damage(
                "missing-object", stored.key, f"the manifest names it, with {stored.size} bytes and {stored.rows} rows; it is not there"
            )
            return None

    def compare(self, stored: StoredObject, stream: Hashing, rows: int) -> None:
        """Whether size, SHA-256 and number of rows are those of the manifest."""
        sha256 = stream.finish()
        if stream.size != stored.size:
            self.damage("object-changed", stored.key, f"{stream.size} bytes, not {stored.size}")
        elif sha256 != stored.sha256:
            self.damage("object-changed", stored.key, f"SHA-256 is {sha256}, not {stored.sha256}")
        if rows != stored.rows:
            self.damage("object-changed", stored.key, f"{rows} rows, not {stored.rows}")

    def lines(self, stored: StoredObject, kind: DamageKind) -> Iterator[tuple[int, bytes]]:
        """The numbered lines of a gzipped object, line ends included; then the comparison with the manifest."""
        raw = self.open(stored)
        if raw is None:
            return
        number = 0
        with raw:
            stream = Hashing(raw)
            try:
                for number, text in enumerate(gzip.GzipFile(fileobj=stream, mode="rb"), 1):  # type: ignore[call-overload]  # it only reads
                    if not text.endswith(b"\n"):
                        self.damage(kind, stored.key, f"line {number} is cut")
                    yield number, text
            except (OSError, EOFError, zlib.error) as error:
                self.damage(kind, stored.key, f"cannot be read after line {number} ({error})")
            self.compare(stored, stream, number)
