"""The profiles that an extraction was told to use: chosen by name once, at its start, and read when the first page of a host comes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from archive import layout, profiles
from archive.errors import DamageError, NotFound
from archive.store import Store
from archive.urls import host_of
from pipelines.document import registrable_host
from pipelines.learn.apply import SiteFilter, site_filter

_HELD = 256  # hosts


class ChosenProfiles:
    """``chosen`` is what `archive.profiles.choose` or, for a rebuild, `archive.profiles.from_versions` gave: host -> version."""

    def __init__(self, store: Store, chosen: Mapping[str, str]) -> None:
        self._store = store
        self._chosen = dict(chosen)
        self._held: OrderedDict[str, SiteFilter] = OrderedDict()

    def of(self, final_url: str) -> SiteFilter | None:
        """The profile for a page, None where its host has none among the chosen. Raises `DamageError` when it is lost, `StoreError`."""
        host = registrable_host(host_of(final_url))
        version = self._chosen.get(host)
        if version is None:
            return None
        if host not in self._held:
            self._held[host] = self._load(host, version)
        self._held.move_to_end(host)
        if len(self._held) > _HELD:
            self._held.popitem(last=False)
        return self._held[host]

    def _load(self, host: str, version: str) -> SiteFilter:
        try:
            return site_filter(profiles.load(self._store, host, version))
        except NotFound as error:
            raise DamageError(f"{layout.profile(host, version)} is missing, and it was chosen by name") from error
