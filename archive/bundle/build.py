"""From a selection of an archive to bundles: one, or as many as ``max_size`` asks for and a manifest that makes them one again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

from archive.bundle.dataset.about import About as DatasetAbout
from archive.bundle.description import describe
from archive.bundle.destination import Destination, Written
from archive.bundle.events import EventBook
from archive.bundle.naming import created_at, default_name, default_title
from archive.bundle.package import MULTI, About
from archive.bundle.part import Archive, Part
from archive.bundle.profiles import put_profiles
from archive.bundle.readme import readme
from archive.bundle.sign import Signer
from archive.bundle.split import Splitter
from archive.bundle.wacz import Wacz
from archive.errors import NotFound
from archive.generations import read_facts
from archive.selection.select import Selection
from archive.store.base import Store
from archive.takedown import taken_down

SCHEMA = "warcite.bundle/1"

Told = Callable[[int, int, str], None]
"""Told the bytes copied, the bytes to copy, and which bundle it is."""


@dataclass(frozen=True, slots=True)
class BundleOptions:
    """``created`` is SOURCE_DATE_EPOCH; by default it is when the newest segment in the bundle was committed."""

    selection: Selection = field(default_factory=Selection)
    title: str | None = None
    description: str | None = None
    max_size: int | None = None  # bytes of one bundle
    signer: Signer | None = None
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: bundles, and with several of them the manifest that names them. ``name`` is without ``.wacz``."""

    name: str
    title: str
    created: str
    bundles: tuple[Written, ...]
    manifest: Written | None
    counts: dict[str, Any]  # summed over the bundles

    @property
    def main(self) -> Written:
        """What a player or `pull` is given."""
        return self.manifest or self.bundles[0]

    def as_json(self) -> dict[str, Any]:
        """``warcite.bundle/1``."""
        manifest = None if self.manifest is None else asdict(self.manifest)
        bundles = [asdict(bundle) for bundle in self.bundles]
        about = {"schema": SCHEMA, "name": self.name, "title": self.title, "created": self.created}
        return {**about, "bundles": bundles, "manifest": manifest, "counts": self.counts}


def make_bundles(
    store: Store, options: BundleOptions, destination: Destination, name: str | None = None, told: Told = lambda *_: None
) -> Made:
    """Write everything that is chosen; ``name`` is the bundle's without ``.wacz``, by default made of date and selection.

    The same selection of the same archive gives the same bytes, on every machine. Raises `NotFound` when nothing is chosen,
    `DamageError`, `StoreError`, `LimitReached` (disk full).
    """
    with EventBook(store) as events:
        archive = Archive(store, events, frozenset(taken_down(store)), read_facts(store, events.learn))
        return _Maker(archive, options, destination, name, told).run()


class _Maker:
    def __init__(self, archive: Archive, options: BundleOptions, destination: Destination, name: str | None, told: Told) -> None:
        self._archive, self._options, self._destination, self._name, self._told = archive, options, destination, name, told
        self._bundles: list[Written] = []
        self._created = ""
        self._counts: dict[str, Any] = {}

    def run(self) -> Made:
        splitter = Splitter(self._archive, self._options.selection, self._options.max_size)
        for part, last in splitter.parts():
            self._write(part, alone=last and not self._bundles)
        if not self._bundles:
            chosen = self._options.selection or "a bundle"
            raise NotFound(f"nothing in {self._archive.store.uri} for {chosen}; warcite status --targets lists what there is")
        title, name = self._title(), self._name or ""
        manifest = self._write_manifest(name, title) if len(self._bundles) > 1 else None
        return Made(name, title, self._created, tuple(self._bundles), manifest, self._counts)

    def _write(self, part: Part, *, alone: bool) -> None:
        created = created_at(part.created, self._options.created)
        self._created = max(self._created, created)
        self._name = self._name or self._default_name()
        number = len(self._bundles) + 1
        name = f"{self._name}.wacz" if alone else f"{self._name}-{number:05d}.wacz"
        done, total = 0, part.contents.size

        def told(count: int) -> None:
            nonlocal done
            done += count
            self._told(done, total, name)

        def prepare(look: Callable[[], None]) -> About:
            part.write_tables(look)
            about = self._about(part, created, "" if alone else f" ({number})")
            self._describe(part, about, self._default_name() + ("" if alone else f"-{number}"))
            return about

        wacz = Wacz(self._archive.store, part.contents, part.folder, prepare, self._options.signer)
        self._bundles.append(self._destination.bundle(name, wacz, told))
        self._counts = _summed(self._counts, part.tables.counts.as_json())

    def _describe(self, part: Part, about: About, name: str) -> None:
        """For people, for machines, and for whoever makes the texts again."""
        data = part.folder / "data"
        (data / "readme.md").write_text(readme(about, part.tables.counts), encoding="utf-8", errors="replace")
        describe(data, DatasetAbout(name, about.title, about.description, about.created, about.software, contact=None))
        put_profiles(self._archive.store, part.tables.profiles, part.folder)

    def _about(self, part: Part, created: str, number: str) -> About:
        selection = self._options.selection
        chosen = f"chosen by {selection}" if selection else "all of an archive"
        return About(
            title=self._title() + number,
            description=self._options.description or f"Sources that news digests cite, {chosen}.",
            created=created,
            software=f"warcite {version('warcite')}",
            main_page=part.tables.counts.first_page,
            contents={
                "schema": SCHEMA,
                "selection": selection.as_json(),
                "counts": part.tables.counts.as_json(),
                "runs": sorted(part.runs),
            },
        )

    def _title(self) -> str:
        return self._options.title or default_title(self._options.selection, self._archive.events)

    def _default_name(self) -> str:
        return default_name(self._created, self._options.selection)

    def _write_manifest(self, name: str, title: str) -> Written:
        """What players take for one archive (``multi-wacz-package``)."""
        resources = [{"name": b.name, "path": b.name, "bytes": b.size, **_hash(b)} for b in self._bundles]
        package = {"profile": MULTI, "title": title, "created": self._created, "resources": resources}
        return self._destination.small(f"{name}.json", json.dumps(package, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")


def _hash(bundle: Written) -> dict[str, str]:
    return {} if bundle.sha256 is None else {"hash": f"sha256:{bundle.sha256}"}


def _summed(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Counts of two bundles."""
    added = {
        name: _summed(first.get(name, {}), value) if isinstance(value, dict) else first.get(name, 0) + value
        for name, value in second.items()
    }
    return first | added
