"""The WARCs in what the user gives: a WARC file itself, or those of a bundle (WACZ)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from isal import isal_zlib

from archive.bundle.reader import Bundle
from archive.bundle.source import FileSource
from archive.digests import sha256_file
from archive.errors import DamageError, InputError
from archive.warc.foreign import is_warc
from archive.warc.reader import BAD_GZIP

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_HEAD = 1 << 16
_MAX_RATIO = 200

Problem = Callable[[str], None]


class ForeignWarc(NamedTuple):
    """``name`` is what records will say that they came from."""

    name: str
    path: Path
    sha256: str


def warcs_in(file: Path, folder: Path, damaged: Problem) -> Iterator[ForeignWarc]:
    """Told by content, not by name. Those of a bundle are unpacked into ``folder``, one at a time. Raises `InputError`."""
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error
    if head.startswith(_ZIP):
        yield from _of_bundle(file, folder, damaged)
    elif is_warc(_unpacked(head)):
        yield ForeignWarc(file.name, file, sha256_file(file))
    else:
        raise InputError(f"{file}: neither a WARC nor a WACZ")


def _unpacked(head: bytes) -> bytes:
    if not head.startswith(_GZIP):
        return head
    try:
        return bytes(isal_zlib.decompressobj(31).decompress(head, 64))
    except BAD_GZIP:
        return b""


def _of_bundle(file: Path, folder: Path, damaged: Problem) -> Iterator[ForeignWarc]:
    bundle = Bundle(FileSource(file))
    for fault in bundle.directory.faults:
        damaged(f"{file.name}: {fault.name[:200]}: {fault.detail}")
    for name in bundle.names("archive/"):
        entry = bundle.entries[name]
        if not entry.data or (entry.method and entry.size > entry.packed * _MAX_RATIO):
            damaged(f"{file.name}: {name[:200]}: cannot be unpacked")
            continue
        path = folder / "unpacked.warc"
        try:
            with bundle.open_range(name) as stream, path.open("wb") as out:
                shutil.copyfileobj(stream, out, 1 << 20)
            yield ForeignWarc(f"{file.name}/{name.rpartition('/')[2]}", path, sha256_file(path))
        except DamageError as error:
            damaged(f"{file.name}: {name[:200]}: {error}")
        finally:
            path.unlink(missing_ok=True)
