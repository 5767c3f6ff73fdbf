"""Where bundles lie beside one another: behind an address, in a store, in a folder. What was asked for is found on one of these."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit

from archive.bundle.latest import NAME as LATEST
from archive.bundle.latest import SCHEMA as LATEST_SCHEMA
from archive.bundle.package import MULTI
from archive.bundle.source import BUNDLES
from archive.digests import sha256_hex
from archive.errors import DamageError, InputError, NotFound, WarciteError
from archive.store import Store, open_store
from archive.store.keys import is_key
from crawler.pull.origin import FileSource, HttpSource, ObjectSource, Source
from crawler.pull.web import Web

MAX_SMALL = 64 << 20
"""Bytes of a manifest of bundles."""
_SHA256_LINE = re.compile(rb"\s*([0-9a-fA-F]{64})(?:\s|$)")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Shelf(Protocol):
    def source(self, name: str) -> Source:
        """Of what is called so here. Raises `InputError` for what cannot be a name."""


class WebShelf:
    """The folder of an address. The name that was asked for keeps its query; others have none."""

    def __init__(self, base: str, new_web: Callable[[], Web], asked: tuple[str, str] | None = None) -> None:
        self._base, self._new_web, self._asked = base, new_web, asked

    def source(self, name: str) -> Source:
        if self._asked is not None and name == self._asked[0]:
            return HttpSource(self._asked[1], self._new_web)
        return HttpSource(urljoin(self._base, quote(name)), self._new_web)


class StoreShelf:
    def __init__(self, store: Store, prefix: str = "") -> None:
        self._store, self._prefix = store, prefix

    def source(self, name: str) -> Source:
        if not is_key(self._prefix + name):
            raise InputError(f"{name[:200]}: not the name of an object")
        return ObjectSource(self._store, self._prefix + name)


class FolderShelf:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def source(self, name: str) -> Source:
        if "/" in name or name in {"", ".", ".."}:
            raise InputError(f"{name[:200]}: not beside the manifest")
        return FileSource(self._folder / name)


class Wanted(NamedTuple):
    """One bundle to pull: what it is called there, what it will be called here, and what is known of it beforehand."""

    name: str
    saved_as: str
    sha256: str | None = None


class Order(NamedTuple):
    """All that was asked for; ``manifest`` is kept beside several bundles, its name and bytes."""

    shelf: Shelf
    bundles: tuple[Wanted, ...]
    manifest: tuple[str, bytes] | None = None


def is_address(what: str) -> bool:
    return re.match(r"https?://", what, re.IGNORECASE) is not None


def find_shelf(what: str, store_uri: str, new_web: Callable[[], Web]) -> tuple[Shelf, str]:
    """Where it is, and its name there. Raises `InputError`."""
    if is_address(what):
        parts = urlsplit(what)
        bare = parts._replace(query="", fragment="").geturl()
        name = unquote(parts.path.rpartition("/")[2]) or "latest"
        return WebShelf(bare if parts.path else f"{bare}/", new_web, (name, what) if name != "latest" else None), name
    if what.startswith(("s3://", "file://")):
        folder, _, name = what.rpartition("/")
        return StoreShelf(open_store(folder)), name or "latest"
    if what != "latest" and Path(what).is_file():
        return FolderShelf(Path(what).parent), Path(what).name
    if "/" in what:
        raise NotFound(f"no file {what}")
    return StoreShelf(open_store(store_uri), BUNDLES), what


def order(shelf: Shelf, name: str, sha256: str | None) -> Order:
    """What the name stands for: a bundle, the latest, or all of several. Raises `NotFound`, `DamageError`, `StoreError`."""
    if name in {"latest", LATEST}:
        name, sha256 = _latest(shelf, sha256)
    if not name.endswith(".json"):
        return Order(shelf, (Wanted(name, saved_name(name), sha256 or _beside(shelf, name)),))
    data = _small(shelf.source(name))
    if sha256 is not None and sha256_hex(data) != sha256:
        raise DamageError(f"{name}: its SHA-256 is {sha256_hex(data)}, not {sha256}")
    return Order(shelf, _parts(name, data), (saved_name(name), data))


def _latest(shelf: Shelf, sha256: str | None) -> tuple[str, str | None]:
    """A folder's own, or that of the store which the folder is."""
    try:
        data, below = _small(shelf.source(LATEST)), ""
    except NotFound:
        data, below = _small(shelf.source(f"{BUNDLES}{LATEST}")), BUNDLES
    said = _object(data, LATEST)
    name = said.get("name")
    if said.get("schema") != LATEST_SCHEMA or not isinstance(name, str) or name != saved_name(name):
        raise DamageError(f"{LATEST}: not a {LATEST_SCHEMA}")
    known = said.get("sha256")
    return below + name, sha256 or (known if isinstance(known, str) and _SHA256.fullmatch(known) else None)


def _parts(name: str, data: bytes) -> tuple[Wanted, ...]:
    manifest = _object(data, name)
    if manifest.get("profile") != MULTI:
        raise DamageError(f"{name}: not the manifest of several bundles ({MULTI})")
    found: list[Wanted] = []
    folder = name.rpartition("/")[0]
    for resource in manifest.get("resources") or ():
        path, said = str(resource.get("path", "")), str(resource.get("hash", ""))
        if path != saved_name(path) or path in {part.saved_as for part in found}:
            raise DamageError(f"{name}: {path[:200]!r} is not the name of a bundle beside it")
        known = said.removeprefix("sha256:")
        found.append(Wanted(f"{folder}/{path}" if folder else path, path, known if _SHA256.fullmatch(known) else None))
    return tuple(found)


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DamageError(f"{name}: not JSON ({str(error)[:100]})") from error
    if not isinstance(found, dict) or not all(isinstance(r, dict) for r in (found.get("resources") or ())):
        raise DamageError(f"{name}: not what it should be")
    return found


def _beside(shelf: Shelf, name: str) -> str | None:
    """The digest that lies beside a bundle, if one does."""
    try:
        found = _SHA256_LINE.match(_small(shelf.source(f"{name}.sha256"), 4096))
    except WarciteError:
        return None
    return found[1].decode("ascii").lower() if found else None


def _small(source: Source, limit: int = MAX_SMALL) -> bytes:
    source.facts()
    data = bytearray()
    buffer = memoryview(bytearray(1 << 16))
    with closing(source.open(0, None)) as body:
        while count := body.readinto(buffer):
            data += buffer[:count]
            if len(data) > limit:
                raise DamageError(f"{source.where}: more than {limit} bytes")
    return bytes(data)


def saved_name(name: str) -> str:
    """A file name that leads nowhere else and is no option, hidden or too long."""
    plain = _UNSAFE.sub("-", name.rpartition("/")[2]).lstrip(".-")[-180:].lstrip(".-") or "bundle"
    return plain if plain.endswith((".wacz", ".json")) else f"{plain}.wacz"
