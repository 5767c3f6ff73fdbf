"""The bytes of a bundle wherever it lies: a file, or an object of a store, read by range."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Protocol

from archive.errors import InputError, NotFound
from archive.store import Store, open_store
from archive.store.local import LocalStore

BUNDLES = "bundles/"
"""Where bundles lie in a store."""


class Source(Protocol):
    """``name`` is for people; ``size`` in bytes."""

    name: str
    size: int

    def open_range(self, offset: int, length: int) -> BinaryIO:
        """The caller closes it. Raises `StoreError`, `KeyMissing`."""


class ObjectSource:
    """An object of a store. Raises `KeyMissing`, `StoreError`."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key
        self.name = key.rpartition("/")[2]
        self.size = store.stat(key).size

    def open_range(self, offset: int, length: int) -> BinaryIO:
        return self._store.open_range(self._key, offset, length)

    def beside(self, name: str) -> ObjectSource:
        """Another object of the same folder."""
        return ObjectSource(self._store, self._key.removesuffix(self.name) + name)


class FileSource:
    """A file. Raises `InputError` when there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = path.name
        try:
            self.size = path.stat().st_size
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error

    def open_range(self, offset: int, length: int) -> BinaryIO:
        """Any file name will do, which a store's keys do not allow: only the folder is opened as one."""
        del length
        stream = self._path.open("rb", buffering=1 << 20)
        stream.seek(offset)
        return stream

    def beside(self, name: str) -> FileSource:
        return FileSource(self._path.with_name(name))


def open_source(place: str, store: Store | None = None) -> FileSource | ObjectSource:
    """A path, ``s3://bucket/prefix/NAME``, an address of a store's object, or the name of a bundle in ``store``. Raises `NotFound`."""
    if place.startswith(("s3://", "file://")):
        folder, _, name = place.rpartition("/")
        return ObjectSource(open_store(folder), name)
    path = Path(place)
    if path.is_file():
        return FileSource(path)
    if store is not None and "/" not in place:
        if isinstance(store, LocalStore) and not (store.root / BUNDLES / place).is_file():
            raise NotFound(f"no file {place}, and no bundle of that name in {store.uri}")
        return ObjectSource(store, BUNDLES + place)
    raise NotFound(f"no file {place}")
