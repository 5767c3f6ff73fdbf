"""Site profiles as bytes: written canonically under a version that their content gives them, read back without mercy."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import UTC

from pydantic import TypeAdapter, ValidationError

from archive import strict_json
from archive.digests import sha256_hex
from archive.errors import DamageError
from archive.model import SiteProfile
from archive.times import parse_iso

SCHEMA = "warcite.profile/1"

_HASH = re.compile(r"[0-9a-f]{16}")
_ADAPTER = TypeAdapter(SiteProfile)


def versioned(profile: SiteProfile) -> SiteProfile:
    """The profile with the version that its content gives it. Raises `ValueError` when ``until`` is no time."""
    content = sha256_hex(strict_json.dumps(asdict(replace(profile, version=""))))
    return replace(profile, version=f"{parse_iso(profile.until).astimezone(UTC):%Y%m%d%H%M%S}-{content[:12]}")


def encode(profile: SiteProfile) -> bytes:
    """``warcite.profile/1``: canonical JSON."""
    return strict_json.dumps(asdict(profile))


def decode(data: bytes) -> SiteProfile:
    """Raises `DamageError` on anything that `encode` would not have written of a profile whose version is its content's."""
    try:
        profile = _ADAPTER.validate_json(data, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise DamageError(f"not a profile: {'.'.join(map(str, first['loc'])) or 'document'}: {first['msg']}") from error
    if profile.schema != SCHEMA:
        raise DamageError(f"not a profile: its schema is {profile.schema[:80]!r}")
    try:
        whole = versioned(profile) == profile and encode(profile) == data
    except (ValueError, OverflowError) as error:
        raise DamageError(f"not a profile: {str(error)[:120]}") from error
    if not whole:
        raise DamageError("not a profile as warcite writes it: it was edited, or has keys this version does not know")
    hashes = [block.hash for block in profile.blocks]
    if hashes != sorted(set(hashes)) or not all(map(_HASH.fullmatch, hashes)):
        raise DamageError("not a profile: its blocks are not in the order of their hashes")
    return profile
