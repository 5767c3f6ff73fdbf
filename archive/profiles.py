"""Site profiles in a store: kept once under a name that their content gives them, and chosen by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from archive import layout
from archive.errors import DamageError, InputError, KeyExists, KeyMissing, NotFound
from archive.model import SiteProfile
from archive.profile_json import decode, encode
from archive.store.base import Store
from archive.store.keys import is_segment

LATEST = "latest"

_VERSION = re.compile(r"[0-9]{14}-[0-9a-f]{12}")
_KEY = re.compile(rf"{layout.PROFILES}([^/]+)/({_VERSION.pattern})\.json")


def can_name(host: str) -> bool:
    """Whether profiles of this host can be kept: an address of IPv6, say, makes no key."""
    return is_segment(host)


def load(store: Store, host: str, version: str) -> SiteProfile:
    """Raises `NotFound`, and `DamageError` naming the key."""
    key = layout.profile(host, version)
    try:
        profile = decode(store.get(key))
    except KeyMissing as error:
        raise NotFound(f"no profile {host}/{version} in {store.uri}; warcite learn makes profiles") from error
    except DamageError as error:
        raise DamageError(f"{key}: {error}") from error
    if (profile.host, profile.version) != (host, version):
        raise DamageError(f"{key}: the profile is {profile.host[:80]}/{profile.version[:40]}")
    return profile


def keep(store: Store, profile: SiteProfile) -> bool:
    """Write a profile once; False when it was there. Raises `StoreError`, and `DamageError` when what was there is not it."""
    try:
        store.put_if_absent(layout.profile(profile.host, profile.version), encode(profile))
    except KeyExists:
        load(store, profile.host, profile.version)  # its version is its content's: what reads back under that name is this profile
        return False
    return True


def stored(store: Store, host: str = "") -> Iterator[tuple[str, str]]:
    """Host and version of every profile, or of every one of a host; files that are named otherwise are none."""
    for stat in store.list(f"{layout.PROFILES}{host}/" if host else layout.PROFILES):
        if found := _KEY.fullmatch(stat.key):
            yield found[1], found[2]


def latest(store: Store, host: str = "") -> dict[str, str]:
    """Of each host the version that was learned from the newest pages, of such the one from most pages. Raises `DamageError`."""
    newest: dict[str, list[str]] = {}
    for name, version in stored(store, host):
        known = newest.setdefault(name, [version])
        if version[:14] > known[0][:14]:
            newest[name] = [version]
        elif version not in known and version[:14] == known[0][:14]:
            known.append(version)
    return {name: versions[0] if len(versions) == 1 else _richest(store, name, versions) for name, versions in newest.items()}


def _richest(store: Store, host: str, versions: Iterable[str]) -> str:
    return max(versions, key=lambda version: (load(store, host, version).pages, version))


def choose(store: Store, names: Iterable[str]) -> dict[str, str]:
    """Host -> version of what was asked for: ``latest`` (of every host), ``HOST`` (its latest) or ``HOST/VERSION``; later names win.

    From here on nothing is "latest": what documents say, and what a rebuild asks for, are these versions. Raises `InputError`, `NotFound`.
    """
    chosen: dict[str, str] = {}
    for name in names:
        host, slash, version = name.partition("/")
        if name == LATEST:
            chosen |= latest(store)
        elif not can_name(host) or (slash and not _VERSION.fullmatch(version)):
            raise InputError(f"not the name of a profile: {name[:120]!r}; write latest, HOST or HOST/VERSION")
        elif slash:
            chosen[host] = load(store, host, version).version
        elif found := latest(store, host):
            chosen |= found
        else:
            raise NotFound(f"no profile of {host} in {store.uri}; warcite learn --host {host} makes one")
    return chosen


def as_versions(chosen: Mapping[str, str]) -> dict[str, str]:
    """How a manifest's ``versions`` name the profiles that its documents were made with."""
    return {f"{layout.PROFILES}{host}": version for host, version in sorted(chosen.items())}


def from_versions(versions: Mapping[str, str]) -> dict[str, str]:
    """Host -> version, as `as_versions` wrote it."""
    return {name.removeprefix(layout.PROFILES): version for name, version in versions.items() if name.startswith(layout.PROFILES)}
