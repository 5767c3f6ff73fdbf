"""The WARCs in what the user gives: a WARC file itself, or those of a bundle (WACZ)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from isal import isal_zlib

from archive.bundle.reader import Bundle
from archive.bundle.source import FileSource
from archive.digests import sha256_file
from archive.errors import DamageError, InputError, KeyMissing
from archive.spool.directory import spool_failure
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
    """Told by content, not by name. Those of a bundle are unpacked into ``folder``, one at a time.

    Raises `InputError` for a file that is neither WARC nor bundle, `DamageError` for a bundle that cannot be opened, `LimitReached`.
    """
    head = first_bytes(file)
    if head.startswith(_ZIP):
        yield from _of_bundle(file, folder, damaged)
    elif is_warc(_unpacked(head)):
        yield ForeignWarc(file.name, file, sha256_file(file))
    else:
        raise InputError(f"{file}: {_what_else(_unpacked(head))}")


def first_bytes(file: Path) -> bytes:
    """Raises `InputError` for what is no file, or cannot be read."""
    try:
        if not file.is_file():
            raise InputError(f"{file}: {'not a file' if file.exists() else 'no such file'}")
        with file.open("rb") as stream:
            return stream.read(_HEAD)
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', error)}") from error


def _what_else(head: bytes) -> str:
    if not head:
        return "empty"
    if head.startswith(b"filedesc://"):
        return "an ARC file, which came before WARC; make a WARC of it: warcio recompress FILE.arc.gz FILE.warc.gz"
    return "neither a WARC nor a WACZ"


def _unpacked(head: bytes) -> bytes:
    if not head.startswith(_GZIP):
        return head
    try:
        return bytes(isal_zlib.decompressobj(31).decompress(head, 64))
    except BAD_GZIP:
        return b""


def _of_bundle(file: Path, folder: Path, damaged: Problem) -> Iterator[ForeignWarc]:
    bundle = Bundle(FileSource(file))
    names, said = [name for name in bundle.names("archive/") if not name.endswith("/")], _digests(bundle)
    if not names and not said:
        raise InputError(f"{file}: a ZIP file, but no WACZ: it has no WARC in archive/")
    for fault in bundle.directory.faults:
        damaged(f"{file.name}: {fault.name[:200]}: {fault.detail}")
    for name in said.keys() - set(names):
        damaged(f"{file.name}: {name[:200]}: not in it, though its datapackage.json lists it")
    for name in names:
        path = folder / "unpacked.warc"
        try:
            _unpack(bundle, name, path)
            warc = ForeignWarc(f"{file.name}/{name.rpartition('/')[2]}", path, sha256_file(path))
            if said.get(name, warc.sha256) != warc.sha256:
                damaged(f"{file.name}: {name[:200]}: its SHA-256 is not the one in datapackage.json; it was taken over as it is")
            yield warc
        except DamageError as error:
            damaged(f"{file.name}: {name[:200]}: {error}")
        finally:
            path.unlink(missing_ok=True)


def _digests(bundle: Bundle) -> dict[str, str]:
    """SHA-256 in hex of each WARC, as far as ``datapackage.json`` says it."""
    found = {}
    with suppress(DamageError, KeyMissing):
        for resource in bundle.resources():
            algorithm, _, value = str(resource.get("hash")).partition(":")
            if resource["path"].startswith("archive/") and algorithm == "sha256":
                found[resource["path"]] = value.lower()
    return found


def _unpack(bundle: Bundle, name: str, path: Path) -> None:
    """Raises `DamageError` for what is no WARC, or more than a WARC can be packed to."""
    entry = bundle.entries[name]
    if not entry.data or (entry.method and entry.size > entry.packed * _MAX_RATIO):
        raise DamageError("it cannot be unpacked")
    try:
        with bundle.open_range(name) as stream, path.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
        head = _unpacked(first_bytes(path))
    except OSError as error:
        raise spool_failure(error, f"unpack {name[:200]}") from error
    if not is_warc(head):
        raise DamageError(_what_else(head))
