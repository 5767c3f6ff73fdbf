"""``profiles/<host>-<version>.json``: the site profiles that a bundle's documents were made with, so that `trace` can make them again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive import profile_json, profiles
from archive.errors import NotFound
from archive.store.base import Store

PROFILES = "profiles"


def profile_path(host: str, version: str) -> str:
    """In a bundle, where files lie one folder deep: validators look no deeper."""
    return f"{PROFILES}/{host}-{version}.json"


def put_profiles(store: Store, named: Iterable[tuple[str, str]], folder: Path) -> None:
    """Below ``folder``. One that the archive has no longer is left out. Raises `DamageError`, `StoreError`."""
    for host, version in sorted(named):
        try:
            profile = profiles.load(store, host, version)
        except NotFound:
            continue
        (folder / PROFILES).mkdir(exist_ok=True)
        (folder / profile_path(host, version)).write_bytes(profile_json.encode(profile))
