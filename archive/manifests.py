"""Manifests as bytes: the commits of an archive, written canonically and read back without mercy."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from pydantic import TypeAdapter, ValidationError

from archive import layout, strict_json
from archive.digests import sha256_hex
from archive.errors import DamageError
from archive.model import Manifest
from archive.store.base import Store

SCHEMA = "warcite.manifest/1"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_ADAPTER = TypeAdapter(Manifest)


def encode(manifest: Manifest) -> bytes:
    """``warcite.manifest/1``: canonical JSON, so that a repeated commit writes the same bytes. Fills in its own SHA-256."""
    document = _ADAPTER.dump_python(manifest) | {"sha256": ""}
    return strict_json.dumps(document | {"sha256": sha256_hex(strict_json.dumps(document))})


def decode(data: bytes) -> Manifest:
    """Raises `DamageError` on anything that `encode` would not have written: other types, keys, order, blanks."""
    try:
        manifest = _ADAPTER.validate_json(data, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise DamageError(f"not a manifest: {'.'.join(map(str, first['loc'])) or 'document'}: {first['msg']}") from error
    if manifest.schema != SCHEMA:
        raise DamageError(f"not a manifest: its schema is {manifest.schema[:80]!r}")
    _check_names(manifest)
    if encode(manifest) != data:
        raise DamageError("not a manifest as warcite writes it: it was edited, or has keys this version does not know")
    return manifest


def _check_names(manifest: Manifest) -> None:
    """Raises `DamageError` unless all names are what we make: a manifest leads its readers to nothing else, and to no other folder."""
    for stored in manifest.objects:
        if not _SHA256.fullmatch(stored.sha256) or stored.key != layout.data(stored.kind, stored.sha256):
            raise DamageError(f"not a manifest: an object in it is not named by its kind and SHA-256: {stored.key[:120]!r}")
    for segment in (manifest.segment, *built_on(manifest)):
        if not _SEGMENT.fullmatch(segment):
            raise DamageError(f"not a manifest: it names the segment {segment[:120]!r}")


def built_on(manifest: Manifest) -> tuple[str, ...]:
    """The segments whose manifests must be in the archive when this one is."""
    return (*manifest.depends_on, *filter(None, (manifest.supersedes, manifest.previous)))


def segment_of(key: str) -> str:
    """The segment a manifest's key names."""
    return key.removeprefix(layout.MANIFESTS).removesuffix(".json")


def load(store: Store, key: str) -> Manifest:
    """Raises `KeyMissing`, and `DamageError` naming the key."""
    return _decode_as(key, store.get(key))


def _decode_as(key: str, data: bytes) -> Manifest:
    try:
        manifest = decode(data)
    except DamageError as error:
        raise DamageError(f"{key}: {error}") from error
    if manifest.segment != segment_of(key):
        raise DamageError(f"{key}: the manifest is of segment {manifest.segment[:80]!r}")
    return manifest


def load_all(store: Store) -> Iterator[tuple[str, Manifest]]:
    """Every manifest with its key, in order of keys, one in memory at a time. Raises `DamageError`."""
    for stat in store.list(layout.MANIFESTS):
        yield stat.key, load(store, stat.key)


def load_naming(store: Store, name: str) -> Iterator[Manifest]:
    """As `load_all`, but only those that have ``name`` (a SURT key, a record id, an object's key) in them; the others are not
    decoded, which takes ten times as long as reading them, so their damage is not noticed.
    """
    wanted = json.dumps(name, ensure_ascii=False).encode("utf-8", "replace")
    for stat in store.list(layout.MANIFESTS):
        if wanted in (data := store.get(stat.key)):
            yield _decode_as(stat.key, data)


def load_readable(store: Store, damaged: Callable[[str, DamageError], None] = lambda *_: None) -> Iterator[tuple[str, Manifest]]:
    """As `load_all`, but one that is damaged is told to ``damaged``, with its key, and passed over."""
    for stat in store.list(layout.MANIFESTS):
        try:
            manifest = load(store, stat.key)
        except DamageError as error:
            damaged(stat.key, error)
            continue
        yield stat.key, manifest
