"""Where bundles go: a file, the store itself or another one, or any stream."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archive.bundle.source import BUNDLES
from archive.digests import sha256_file
from archive.durable import sync_directory
from archive.errors import InputError, LimitReached, StoreError
from archive.store import Store

Told = Callable[[int], None]


class Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Chunked(Protocol):
    @property
    def size(self) -> int: ...
    def chunks(self) -> Iterator[bytes]: ...


class Packed(Protocol):
    """What can be written to a file, or measured first and then given to a stream piece by piece."""

    def write(self, path: Path, told: Told) -> int: ...
    def measured(self, told: Told) -> Chunked: ...


@dataclass(frozen=True, slots=True)
class Written:
    """``place`` is a path, an address, or ``-``; ``sha256`` (hex) is None where it would have taken reading the file once more."""

    name: str
    place: str
    size: int  # bytes
    sha256: str | None


class Destination(Protocol):
    def bundle(self, name: str, packed: Packed, told: Told) -> Written:
        """Write a bundle under a name that ends in ``.wacz``. Raises `StoreError`, `LimitReached`, and what reading the store raises."""

    def small(self, name: str, data: bytes) -> Written:
        """Write a small file beside the bundles."""


class FolderDestination:
    """Files in a folder. What is there is replaced when the new one is whole and fsynced; an interrupted one leaves nothing.

    With ``hashed`` each file is read once more for its SHA-256.
    """

    def __init__(self, folder: Path, *, hashed: bool = False) -> None:
        self._folder, self._hashed = folder, hashed

    def bundle(self, name: str, packed: Packed, told: Told) -> Written:
        path = self._folder / name
        with _unfinished(path) as hidden:
            size = packed.write(hidden, told)
        return Written(name, str(path), size, sha256_file(path) if self._hashed else None)

    def small(self, name: str, data: bytes) -> Written:
        path = self._folder / name
        with _unfinished(path) as hidden:
            hidden.write_bytes(data)
        return Written(name, str(path), len(data), hashlib.sha256(data).hexdigest())


class StoreDestination:
    """Objects below ``prefix`` of a store, which may be another one than that of the archive. The archive is read twice."""

    def __init__(self, store: Store, prefix: str = BUNDLES) -> None:
        self._store, self._prefix = store, prefix

    def bundle(self, name: str, packed: Packed, told: Told) -> Written:
        measured = packed.measured(told)
        digest = self._store.put_stream(self._prefix + name, measured.chunks(), measured.size)
        self.small(f"{name}.sha256", f"{digest}  {name}\n".encode("ascii"))
        return Written(name, self._address(name), measured.size, digest)

    def small(self, name: str, data: bytes) -> Written:
        digest = hashlib.sha256(data).hexdigest()
        self._store.put(self._prefix + name, data, digest)
        return Written(name, self._address(name), len(data), digest)

    def _address(self, name: str) -> str:
        return f"{self._store.uri}/{self._prefix}{name}"


class StreamDestination:
    """One stream that takes one bundle, such as standard output or the body of an HTTP answer."""

    def __init__(self, stream: Writable) -> None:
        self._stream = stream
        self._used = False

    def bundle(self, name: str, packed: Packed, told: Told) -> Written:
        if self._used:
            raise InputError("a stream takes one bundle: leave out --max-size, or write to a file")
        self._used = True
        measured = packed.measured(told)
        digest = hashlib.sha256()
        for chunk in measured.chunks():
            digest.update(chunk)
            self._stream.write(chunk)
        return Written(name, "-", measured.size, digest.hexdigest())

    def small(self, name: str, data: bytes) -> Written:
        raise InputError(f"a stream takes one bundle, and nothing beside it: not {name}, of {len(data)} bytes")


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A file to write that gets its name when it is whole and on the disk. Raises `StoreError`, `LimitReached`."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield hidden
        _sync(hidden)
        hidden.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise LimitReached(f"no space left to write {path}; free some, then run again") from error
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            hidden.unlink()


def _sync(path: Path) -> None:
    """fsync a file, whoever wrote it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
