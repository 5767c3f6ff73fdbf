"""A bundle whose parts are ready, written as WACZ 1.1.1: straight from the store, entry by entry, in constant memory.

A local header has the CRC-32 of what follows it. Where the output can seek, it is put in afterwards; else the store is read twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from isal import isal_zlib

from archive.bundle import index
from archive.bundle.contents import Contents, WarcFile
from archive.bundle.copy import FileCopy
from archive.bundle.package import DIGEST, PACKAGE, About, Resource, digest_json, package_json
from archive.bundle.sign import Signer
from archive.bundle.zip import CRC_AT, Entry, central_directory, header_size, local_header
from archive.errors import DamageError
from archive.store.base import Store

_CHUNK = 1 << 20

Told = Callable[[int], None]
"""Told how many bytes were copied since it was told last."""


class Seekable(Protocol):
    def write(self, data: bytes, /) -> object: ...
    def seek(self, offset: int, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Wacz:
    """``folder`` holds ``data/`` and ``pages/``, complete; ``indexes/`` is made in it. ``contents`` and store must stay as they are."""

    store: Store
    contents: Contents
    folder: Path
    about: About
    signer: Signer | None = None

    def write(self, out: Seekable, told: Told = lambda _: None) -> int:
        """Into an empty file that is opened for writing; returns its size. The store is read once."""
        return _Layout(self, out, told).run().size

    def measured(self, told: Told = lambda _: None) -> Measured:
        """All but the writing: what is needed to give the bundle to a stream, whose reader may want to know its length first."""
        return _Layout(self, None, told).run()


@dataclass(frozen=True, slots=True)
class Measured:
    """A bundle that is laid out to the last byte. ``size`` is that of all of it."""

    wacz: Wacz
    entries: tuple[Entry, ...]
    texts: dict[str, bytes]
    size: int

    def chunks(self) -> Iterator[bytes]:
        """The bundle, the same each time. Raises `DamageError` when the store gives other bytes than before."""
        files = {file.path: file for file in self.wacz.contents.files()}
        for entry in self.entries:
            yield local_header(entry)
            if entry.name in files:
                copy = FileCopy(self.wacz.store, self.wacz.contents, files[entry.name])
                yield from copy
                if copy.crc != entry.crc:
                    raise DamageError(f"{files[entry.name].warc} has other bytes than a moment ago; run warcite verify")
            else:
                yield from _own_chunks(self.wacz.folder / entry.name, self.texts.get(entry.name))
        yield central_directory(self.entries, self.entries[-1].end)


class _Layout:
    """Goes through the bundle once; with ``out``, writes it too."""

    def __init__(self, wacz: Wacz, out: Seekable | None, told: Told) -> None:
        self._wacz, self._out, self._told = wacz, out, told
        self._entries: list[Entry] = []
        self._resources: list[Resource] = []
        self._texts: dict[str, bytes] = {}
        self._position = 0

    def run(self) -> Measured:
        """Entries in order of their names: archive, data, datapackage, indexes, pages."""
        folder = self._wacz.folder
        with index.BundleIndex() as lines:
            for file in self._wacz.contents.files():
                self._copy(file, lines)
            (folder / "indexes").mkdir()
            lines.write(folder / "indexes")
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        facts = {name: _facts(folder / name) for name in names}
        self._resources += [Resource(name, sha256, size) for name, (size, _, sha256) in facts.items()]
        package = package_json(self._wacz.about, self._resources)
        self._texts = {PACKAGE: package, DIGEST: digest_json(package, self._wacz.about, self._wacz.signer)}
        for name in sorted([*names, *self._texts]):
            data = self._texts.get(name)
            size, crc = (facts[name][0], facts[name][1]) if data is None else (len(data), isal_zlib.crc32(data))
            self._begin(Entry(name, size, crc, self._position))
            if self._out is not None:
                for chunk in _own_chunks(folder / name, data):
                    self._out.write(chunk)
        tail = central_directory(self._entries, self._position)
        if self._out is not None:
            self._out.write(tail)
        return Measured(self._wacz, tuple(self._entries), self._texts, self._position + len(tail))

    def _copy(self, file: WarcFile, lines: index.BundleIndex) -> None:
        entry = Entry(file.path, file.size, 0, self._position)
        self._begin(entry)
        copy = FileCopy(self._wacz.store, self._wacz.contents, file, lines)
        for chunk in copy:
            if self._out is not None:
                self._out.write(chunk)
            self._told(len(chunk))
        if self._out is not None:
            self._out.seek(entry.offset + CRC_AT)
            self._out.write(copy.crc.to_bytes(4, "little"))
            self._out.seek(entry.end)
        self._entries[-1] = replace(entry, crc=copy.crc)
        more = {"segment": file.segment, "source": file.warc, "whole": file.whole}
        self._resources.append(Resource(file.path, copy.sha256, file.size, more))

    def _begin(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._position = entry.offset + header_size(entry.name, entry.size) + entry.size
        if self._out is not None:
            self._out.write(local_header(entry))


def _facts(path: Path) -> tuple[int, int, str]:
    """Size, CRC-32 and SHA-256 of a file."""
    size, crc, digest = 0, 0, hashlib.sha256()
    for chunk in _own_chunks(path, None):
        size += len(chunk)
        crc = isal_zlib.crc32(chunk, crc)
        digest.update(chunk)
    return size, crc, digest.hexdigest()


def _own_chunks(path: Path, data: bytes | None) -> Iterator[bytes]:
    if data is not None:
        yield data
        return
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
