"""Whether what arrived is a bundle, whole and as it was packed: container, every file's digest, the digest of those, and the signature."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isal import isal_zlib

from archive.bundle.directory import ZipEntry
from archive.bundle.package import DIGEST, PACKAGE
from archive.bundle.reader import Bundle
from archive.bundle.sign import check_signature
from archive.bundle.source import FileSource
from archive.digests import sha256_hex
from archive.errors import DamageError, KeyMissing
from crawler.pull.arriving import Digests, Stretch

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_CHUNK = 1 << 20
_MAX_RATIO = 200
"""What may be unpacked, against what is packed: lists of pages come to a tenth of that."""
_SMALL = 16 << 20  # bytes unpacked that harm nobody
_NAMED = 3  # faults that a message names


@dataclass(frozen=True, slots=True)
class Checked:
    """``signed_by`` is a fingerprint."""

    files: int
    signed_by: str | None


def check_bundle(path: Path, name: str, arrived: Digests, trusted: Ed25519PublicKey | None, *, full: bool) -> Checked:
    """With ``full``, every record, index line, page and document too, as `warcite verify` does. Raises `DamageError`."""
    source = FileSource(path)
    source.name = name
    try:
        checked = _check(Bundle(source), arrived, trusted)
        if full:
            from archive.bundle.verify import verify_bundle  # noqa: PLC0415 - a fifth of a start, and seldom asked for

            _refuse([f"{damage.object}: {damage.detail}" for damage in verify_bundle(source, trusted).damages])
    except (DamageError, KeyMissing) as error:
        raise DamageError(f"{name} is damaged: {error}") from error
    return checked


def _check(bundle: Bundle, arrived: Digests, trusted: Ed25519PublicKey | None) -> Checked:
    entries = bundle.directory.entries
    _refuse([f"{fault.name[:200]}: {fault.detail}" if fault.name else fault.detail for fault in bundle.directory.faults])
    _refuse([f"{e.name}: it says that {e.packed} bytes unpack to {e.size}: a bomb" for e in entries if _is_bomb(e)])
    digests = {entry.name: _digest_of(bundle, entry, arrived) for entry in entries}
    _refuse([f"{e.name}: its CRC-32 is {digests[e.name][0]:08x}, not {e.crc:08x}" for e in entries if digests[e.name][0] != e.crc])
    signer = _check_package(bundle, trusted)
    _refuse(list(_resource_faults(bundle, {file: sha256 for file, (_, sha256) in digests.items()})))
    return Checked(len(bundle.entries), signer)


def _is_bomb(entry: ZipEntry) -> bool:
    return entry.method != 0 and entry.size > max(_SMALL, entry.packed * _MAX_RATIO)


def _digest_of(bundle: Bundle, entry: ZipEntry, arrived: Digests) -> tuple[int, str]:
    """From its arrival, if it was followed: only a file that its directory puts there, of that size. Else it is read now."""
    known = arrived.files.get(Stretch(entry.data, entry.size)) if entry.method == 0 else None
    if known is not None:
        return known
    crc, digest = 0, hashlib.sha256()
    with bundle.open_range(entry.name) as stream:
        while chunk := stream.read(_CHUNK):
            crc = isal_zlib.crc32(chunk, crc)
            digest.update(chunk)
    return crc, digest.hexdigest()


def _check_package(bundle: Bundle, trusted: Ed25519PublicKey | None) -> str | None:
    """Who signed it."""
    package = bundle.text(PACKAGE)
    if DIGEST not in bundle.entries:
        if trusted is not None:
            raise DamageError("it is not signed")
        return None
    digest = bundle.digest()
    if digest.get("hash") != f"sha256:{sha256_hex(package)}":
        raise DamageError(f"{DIGEST} is not that of {PACKAGE}")
    return check_signature(digest, trusted)


def _resource_faults(bundle: Bundle, digests: dict[str, str]) -> Iterator[str]:
    """What is listed is there, with its size and hash; and what is there is listed."""
    listed = {PACKAGE, DIGEST}
    for resource in bundle.resources():
        path = resource["path"]
        listed.add(path)
        entry = bundle.entries.get(path)
        if entry is None:
            yield f"{path[:200]}: {PACKAGE} lists it, and it is not there"
        elif fault := _resource_fault(resource, entry, digests[path]):
            yield f"{path}: {fault}"
    for path, entry in bundle.entries.items():
        if path not in listed and entry.size:
            yield f"{path}: {PACKAGE} does not list it"


def _resource_fault(resource: dict[str, Any], entry: ZipEntry, sha256: str) -> str:
    if resource.get("bytes") != entry.size:
        return f"it has {entry.size} bytes, not {str(resource.get('bytes'))[:40]}"
    said = str(resource.get("hash"))
    if not said.startswith("sha256:"):
        return f"{PACKAGE} has no SHA-256 of it"
    return "" if said == f"sha256:{sha256}" else f"its SHA-256 is {sha256}, not {said[7:80]}"


def _refuse(faults: list[str]) -> None:
    if faults:
        more = f", and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
        raise DamageError(f"{'; '.join(faults[:_NAMED])}{more}")
