"""Site profiles: what a document was made with has to be there, whole, when it is to be made again."""

from __future__ import annotations

from archive import layout, profiles
from archive.audit.objects import Findings
from archive.errors import DamageError, NotFound


def check_profiles(found: Findings) -> None:
    for host, version in profiles.stored(found.store):
        key = layout.profile(host, version)
        try:
            profiles.load(found.store, host, version)
        except (DamageError, NotFound) as error:
            found.damage("profile", key, str(error).removeprefix(f"{key}: "))
        else:
            found.count(key, "profiles")
