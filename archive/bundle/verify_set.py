"""What `verify` is given: a bundle, or the manifest of several (``multi-wacz-package``), which are then all read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archive.audit.damage import Damage, VerifyReport
from archive.bundle.directory import read_exactly
from archive.bundle.package import MULTI
from archive.bundle.source import FileSource, ObjectSource, open_source
from archive.bundle.verify import Progress, verify_bundle
from archive.errors import DamageError, InputError, KeyMissing
from archive.store import Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_MAX_MANIFEST = 64 << 20


def verify_place(
    place: str, store: Store | None = None, trusted: Ed25519PublicKey | None = None, progress: Progress = lambda *_: None
) -> VerifyReport:
    """Of a path, an address, or the name of a bundle in ``store``. Raises `NotFound`, `InputError`, `StoreError`."""
    source = open_source(place, store)
    if not source.name.endswith(".json"):
        return verify_bundle(source, trusted, progress)
    return _verify_set(source, trusted, progress)


def _verify_set(source: FileSource | ObjectSource, trusted: Ed25519PublicKey | None, progress: Progress) -> VerifyReport:
    damages: list[Damage] = []
    notes: list[str] = []
    checked: Counter[str] = Counter()
    for name, size, digest in _parts(source):
        try:
            part = source.beside(name)
        except (InputError, KeyMissing):
            damages.append(Damage("missing-object", name, None, None, f"{source.name} lists it; it is not there"))
            continue
        report = verify_bundle(part, trusted, progress)
        checked.update(report.checked)
        checked["bundles"] += 1
        damages += [replace(damage, object=f"{name}/{damage.object}") for damage in report.damages]
        notes += [f"{name}: {note}" for note in report.notes]
        if size != part.size or digest not in {None, _sha256(part) if digest else None}:
            damages.append(Damage("object-changed", name, None, None, f"it has other bytes than {source.name} says"))
    return VerifyReport(dict(sorted(checked.items())), damages, notes)


def _parts(source: FileSource | ObjectSource) -> list[tuple[str, int, str | None]]:
    """Name, size and, where it is there, SHA-256 of each bundle. Raises `InputError` when the file is no such manifest."""
    try:
        manifest: dict[str, Any] = json.loads(read_exactly(source, 0, min(source.size, _MAX_MANIFEST)))
        if manifest["profile"] != MULTI:
            raise ValueError(f"its profile is not {MULTI}")
        found = [(str(r["path"]), int(r["bytes"]), _digest(r)) for r in manifest["resources"]]
    except (ValueError, KeyError, TypeError, DamageError, RecursionError) as error:
        raise InputError(f"{source.name}: not the manifest of several bundles ({error})") from error
    if bad := [name for name, _, _ in found if "/" in name or name.startswith(".")]:
        raise InputError(f"{source.name}: {bad[0][:200]!r} is not beside it")
    return found


def _digest(resource: dict[str, Any]) -> str | None:
    return str(resource["hash"]).removeprefix("sha256:") if "hash" in resource else None


def _sha256(source: FileSource | ObjectSource) -> str:
    digest = hashlib.sha256()
    with source.open_range(0, source.size) as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
