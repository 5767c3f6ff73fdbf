"""The files of a bundle, as objects of a store that can only be read."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.bundle.directory import Directory, ZipEntry, read_directory
from archive.bundle.package import DIGEST, PACKAGE
from archive.bundle.source import Source
from archive.errors import DamageError, KeyMissing

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MAX_TEXT = 64 << 20
"""Bytes of a datapackage.json: a hundred thousand WARCs have one smaller than that."""


class Bundle:
    """A WACZ file; raises `DamageError` when it is none. ``directory`` has what is wrong with its container."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.directory: Directory = read_directory(source)
        self.entries: dict[str, ZipEntry] = {}
        for entry in self.directory.entries:
            self.entries.setdefault(entry.name, entry)

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in self.entries if name.startswith(folder))

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        """As `Store.open_range`; of a file that is deflated, only from its beginning. Raises `KeyMissing`, `DamageError` while reading."""
        entry = self.entries.get(key)
        if entry is None or not entry.data:
            raise KeyMissing(f"{key} is not in {self.source.name}")
        if entry.method == 0:
            left = max(entry.size - offset, 0)
            taken = left if length is None else min(length, left)
            return io.BufferedReader(_Limited(self.source.open_range(entry.data + offset, taken), taken), 1 << 20)
        if offset:
            raise DamageError(f"{key} is deflated: it cannot be read from {offset} on")
        inflating = _Inflating(self.source.open_range(entry.data, entry.packed), entry)
        return io.BufferedReader(_Limited(inflating, entry.size if length is None else min(length, entry.size)), 1 << 20)

    def json(self, key: str) -> Any:
        """Raises `KeyMissing`, and `DamageError` when it is no JSON."""
        try:
            return json.loads(self.text(key))
        except (ValueError, RecursionError) as error:
            raise DamageError(f"{key}: not JSON ({error})") from error

    def text(self, key: str) -> bytes:
        entry = self.entries.get(key)
        if entry is not None and entry.size > _MAX_TEXT:
            raise DamageError(f"{key}: {entry.size} bytes are too many")
        with self.open_range(key) as stream:
            return stream.read()

    def package(self) -> dict[str, Any]:
        """``datapackage.json``. Raises `DamageError`, `KeyMissing`."""
        return _object(self.json(PACKAGE), PACKAGE)

    def digest(self) -> dict[str, Any]:
        """``datapackage-digest.json``. Raises `DamageError`, `KeyMissing`."""
        return _object(self.json(DIGEST), DIGEST)

    def resources(self) -> Iterator[dict[str, Any]]:
        """What datapackage.json lists, as far as it can be read."""
        listed = self.package().get("resources")
        yield from (r for r in (listed if isinstance(listed, list) else []) if isinstance(r, dict) and isinstance(r.get("path"), str))


def _object(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DamageError(f"{key}: not a JSON object")
    return value


class _Limited(io.RawIOBase):
    """At most ``length`` bytes of a stream."""

    def __init__(self, stream: BinaryIO | io.RawIOBase, length: int) -> None:
        self._stream, self._left = stream, length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(min(self._left, len(view))) or b""
        view[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Inflating(io.RawIOBase):
    """Unpacks as it is read, a chunk at a time, never more than is asked for. Raises `DamageError`."""

    def __init__(self, stream: BinaryIO, entry: ZipEntry) -> None:
        self._stream, self._entry = stream, entry
        self._left = entry.packed
        self._zlib = zlib.decompressobj(-15)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._zlib.eof:
            chunk = self._zlib.unconsumed_tail
            if not chunk and self._left:
                chunk = self._stream.read(min(self._left, 1 << 16))
                self._left -= len(chunk)
            try:
                data = self._zlib.decompress(chunk, len(view))
            except zlib.error as error:
                raise DamageError(f"{self._entry.name}: cannot be unpacked ({error})") from error
            if data:
                view[: len(data)] = data
                return len(data)
            if not chunk:
                raise DamageError(f"{self._entry.name}: it is cut")
        return 0

    def close(self) -> None:
        self._stream.close()
        super().close()
