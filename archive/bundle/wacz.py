"""A bundle written as WACZ 1.1.1: straight from the store, entry by entry, in constant memory.

Into a file it is written while its tables are made. A stream needs to know beforehand what local headers say of what follows them:
for it the store is read twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from isal import isal_zlib

from archive.bundle.contents import Contents
from archive.bundle.copy import FileCopy
from archive.bundle.copying import Copied, Copying, Told, copy_warcs
from archive.bundle.package import DIGEST, PACKAGE, About, Resource, digest_json, package_json
from archive.bundle.sign import Signer
from archive.bundle.zip import Entry, central_directory, local_header
from archive.errors import DamageError
from archive.store.base import Store

_INDEXES = "indexes"
_CHUNK = 1 << 20

Prepare = Callable[[Callable[[], None]], About]
"""Completes the folder, and says what the bundle says of itself. What it is given it calls now and then, meanwhile."""


@dataclass(frozen=True, slots=True)
class Wacz:
    """``folder`` holds ``data/`` and ``pages/`` when ``prepare`` was called; ``indexes/`` is made in it.

    ``contents`` and store must stay as they are.
    """

    store: Store
    contents: Contents
    folder: Path
    prepare: Prepare
    signer: Signer | None = None

    def write(self, path: Path, told: Told) -> int:
        """Into a new file; returns its size. The store is read once, by a process of its own while the rest is prepared."""
        path.write_bytes(b"")
        with Copying(self.store, self.contents, self.folder / _INDEXES, path, told) as copying:
            about = self.prepare(copying.look)
            measured = self._laid_out(about, copying.result())
        with path.open("r+b") as out:
            out.seek(measured.own_at)
            for chunk in measured.own_chunks():
                out.write(chunk)
        return measured.size

    def measured(self, told: Told) -> Measured:
        """All but the writing: what is needed to give the bundle to a stream, whose reader may want to know its length first."""
        about = self.prepare(lambda: None)
        return self._laid_out(about, copy_warcs(self.store, self.contents, self.folder / _INDEXES, None, told))

    def _laid_out(self, about: About, copied: list[Copied]) -> Measured:
        """Entries in order of their names: archive, data, datapackage, indexes, pages."""
        facts = {path.relative_to(self.folder).as_posix(): _facts(path) for path in self.folder.rglob("*") if path.is_file()}
        own = [Resource(name, facts[name].sha256, facts[name].size) for name in sorted(facts)]
        package = package_json(about, [*(file.resource for file in copied), *own])
        texts = {PACKAGE: package, DIGEST: digest_json(package, about, self.signer)}
        entries = [file.entry for file in copied]
        for name in sorted([*facts, *texts]):
            size, crc = (len(texts[name]), isal_zlib.crc32(texts[name])) if name in texts else (facts[name].size, facts[name].crc)
            entries.append(Entry(name, size, crc, entries[-1].end if entries else 0))
        return Measured(self, tuple(entries), len(copied), texts)


@dataclass(frozen=True, slots=True)
class Measured:
    """A bundle that is laid out to the last byte; its first entries are the ``warcs``."""

    wacz: Wacz
    entries: tuple[Entry, ...]
    warcs: int
    texts: dict[str, bytes]

    @property
    def own_at(self) -> int:
        """Where the last WARC ends."""
        return self.entries[self.warcs].offset

    @property
    def size(self) -> int:
        end = self.entries[-1].end
        return end + len(central_directory(self.entries, end))

    def chunks(self) -> Iterator[bytes]:
        """The bundle, the same each time. Raises `DamageError` when the store gives other bytes than before."""
        for entry, file in zip(self.entries, self.wacz.contents.files(), strict=False):
            yield local_header(entry)
            copy = FileCopy(self.wacz.store, self.wacz.contents, file)
            yield from copy
            if copy.crc != entry.crc:
                raise DamageError(f"{file.warc} has other bytes than a moment ago; run warcite verify")
        yield from self.own_chunks()

    def own_chunks(self) -> Iterator[bytes]:
        """What is behind the WARCs."""
        for entry in self.entries[self.warcs :]:
            yield local_header(entry)
            if entry.name in self.texts:
                yield self.texts[entry.name]
            else:
                yield from _chunks(self.wacz.folder / entry.name)
        yield central_directory(self.entries, self.entries[-1].end)


class _Facts(NamedTuple):
    size: int
    crc: int
    sha256: str


def _facts(path: Path) -> _Facts:
    size, crc, digest = 0, 0, hashlib.sha256()
    for chunk in _chunks(path):
        size += len(chunk)
        crc = isal_zlib.crc32(chunk, crc)
        digest.update(chunk)
    return _Facts(size, crc, digest.hexdigest())


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
