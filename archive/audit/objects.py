"""Data objects read once: what is in them, and whether they are what their manifest says."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from isal import igzip

from archive.audit.damage import Damage, DamageKind
from archive.errors import KeyMissing
from archive.model import StoredObject
from archive.store.base import Store
from archive.warc.reader import BAD_GZIP

MAX_LINE = 64 << 20
"""Bytes of a row: the largest page makes a document of a few MB, and a bomb in its place shall not fill our memory."""


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

    def readinto(self, buffer: bytearray) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def finish(self) -> str:
        while self.read(1 << 20):
            pass
        return self._sha256.hexdigest()


class Findings:
    """What the audit of one manifest has come to so far. ``counts`` is by object: one that two manifests name counts once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.damages: list[Damage] = []
        self.counts: dict[str, Counter[str]] = {}

    def damage(self, kind: DamageKind, object_key: str, detail: str, *, record_id: str | None = None, url: str | None = None) -> None:
        self.damages.append(Damage(kind, object_key, record_id, url, detail))

    def count(self, object_key: str, what: str, number: int = 1) -> None:
        self.counts.setdefault(object_key, Counter())[what] += number

    def open(self, stored: StoredObject, start: int = 0, length: int | None = None) -> BinaryIO | None:
        """The object, or a part of it, as a stream; None, with a damage, when it is missing."""
        try:
            return self.store.open_range(stored.key, start, length)
        except KeyMissing:
            self.missing(stored)
            return None

    def missing(self, stored: StoredObject) -> None:
        self.damage(
            "missing-object", stored.key, f"the manifest names it, with {stored.size} bytes and {stored.rows} rows; it is not there"
        )

    def compare(self, stored: StoredObject, stream: Hashing, rows: int) -> None:
        """Whether size, SHA-256 and number of rows are those of the manifest."""
        sha256 = stream.finish()
        self.compare_size(stored, stream.size)
        if stream.size == stored.size and sha256 != stored.sha256:
            self.damage("object-changed", stored.key, f"SHA-256 is {sha256}, not {stored.sha256}")
        if rows != stored.rows:
            self.damage("object-changed", stored.key, f"{rows} rows, not {stored.rows}")
        self.count(stored.key, "objects")

    def compare_size(self, stored: StoredObject, size: int) -> None:
        if size != stored.size:
            self.damage("object-changed", stored.key, f"{size} bytes, not {stored.size}")

    def lines(self, stored: StoredObject, kind: DamageKind, what: str) -> Iterator[tuple[int, bytes]]:
        """The numbered lines of a gzipped object, line ends included; then the comparison with the manifest."""
        raw = self.open(stored)
        if raw is None:
            return
        number = 0
        with raw:
            stream = Hashing(raw)
            try:
                for number, text in enumerate(_lines_of(stream), 1):
                    if not text.endswith(b"\n"):
                        self.damage(kind, stored.key, f"line {number} is cut")
                    yield number, text
            except (OSError, EOFError, BAD_GZIP) as error:
                self.damage(kind, stored.key, f"cannot be read after line {number} ({error})")
            self.compare(stored, stream, number)
        self.count(stored.key, what, number)


def _lines_of(stream: Hashing) -> Iterator[bytes]:
    with igzip.IGzipFile(fileobj=stream, mode="rb") as unpacked:  # type: ignore[no-untyped-call]
        while text := unpacked.readline(MAX_LINE):  # type: ignore[no-untyped-call]
            if len(text) == MAX_LINE:
                raise EOFError(f"a line of more than {MAX_LINE} bytes")
            yield text
