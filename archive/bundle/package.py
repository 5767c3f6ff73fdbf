"""``datapackage.json`` and ``datapackage-digest.json`` of a bundle (WACZ 1.1.1 sections 5.2.1 and 5.2.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.bundle.sign import Signer
from archive.digests import sha256_hex

PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
WACZ_VERSION = "1.1.1"
MULTI = "multi-wacz-package"
"""The profile of a manifest of several bundles."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the bundle, and what else is said of it."""

    path: str
    sha256: str
    size: int
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What a bundle says of itself. ``created`` is RFC 3339 to the second: of the archive's state, not of the clock."""

    title: str
    description: str
    created: str
    software: str
    main_page: tuple[str, str] | None  # address and time of a page
    contents: Mapping[str, Any]  # the key "warcite"


def package_json(about: About, resources: Iterable[Resource]) -> bytes:
    """Each resource is of type ``file``: validators would read it as a table else. Players show ``metadata``, not ``title``."""
    names: dict[str, int] = {}
    package: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": about.title,
        "description": about.description,
        "created": about.created,
        "software": about.software,
        "metadata": {"title": about.title, "desc": about.description},
    }
    if about.main_page is not None:
        package |= {"mainPageUrl": about.main_page[0], "mainPageDate": about.main_page[1]}
    package["warcite"] = dict(about.contents)
    package["resources"] = [
        {"name": _name(r.path, names), "path": r.path, "type": "file", "hash": f"sha256:{r.sha256}", "bytes": r.size, **r.more}
        for r in resources
    ]
    return json.dumps(package, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def digest_json(package: bytes, about: About, signer: Signer | None) -> bytes:
    package_hash = f"sha256:{sha256_hex(package)}"
    digest: dict[str, Any] = {"path": PACKAGE, "hash": package_hash}
    if signer is not None:
        digest["signedData"] = signer.signed_data(package_hash, about.created, about.software)
    return json.dumps(digest, indent=1).encode("ascii") + b"\n"


def _name(path: str, taken: dict[str, int]) -> str:
    """Unique, of a-z 0-9 - _ and . as the Data Package specification asks."""
    name = path.replace("/", "-").lower()
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}-{taken[name]}"
