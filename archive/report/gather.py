"""From the store to the facts of a run."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from archive import layout, manifests
from archive.errors import DamageError, KeyMissing, NotFound
from archive.generations import SegmentFact, newest_generations, read_facts
from archive.index.lookup import lines_of
from archive.model import Manifest, StoredObject
from archive.report.exchanges import exchanges_of, warcinfo_of
from archive.report.facts import Facts
from archive.rows import rows_of
from archive.store.base import Store
from archive.takedown import taken_down
from archive.urls import host_of


@dataclass(slots=True)
class Gathered:
    """``missing``: why something is not among the facts, for people."""

    run: str
    store: str
    jobs: list[str] = field(default_factory=list)
    as_of: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    warcinfo: dict[str, str] = field(default_factory=dict)
    warcs: list[tuple[StoredObject, str]] = field(default_factory=list)  # with their segments
    timed: bool = False  # whether the WARCs were read for the times of requests
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What of all manifests must be known first: those of sources in the order of their commits, and who has which documents now."""

    uri: str
    manifests: tuple[SegmentFact, ...]
    newest: Mapping[str, str]  # segment -> key of the manifest with its documents, where a re-extraction replaced them

    def run_named(self, run: str) -> str:
        """The run itself; ``last`` is the newest. Raises `NotFound`."""
        runs = [fact.run for fact in self.manifests]
        if run == "last" and runs:
            return runs[-1]
        if run not in runs:
            raise NotFound(f"no run {run[:120]} in {self.uri}; warcite status --json lists the runs")
        return run


def known(store: Store) -> Known:
    """Raises `DamageError`, `StoreError`."""
    with_outcomes: set[str] = set()

    def each(key: str, manifest: Manifest) -> None:
        if manifest.outcomes:
            with_outcomes.add(key)

    facts = read_facts(store, each)
    sources = [f for f in facts if f.key in with_outcomes and f.has_sources]
    return Known(store.uri, tuple(sorted(sources, key=lambda f: (f.created_at, f.segment))), newest_generations(facts))


def gather(store: Store, known: Known, run: str, facts: Facts, *, read_warcs: bool) -> Gathered:
    """Fill ``facts``; with ``read_warcs`` the times of all requests too, for which the run's WARCs are read once.

    Raises `DamageError`, `StoreError`.
    """
    found = Gathered(run, store.uri)
    mine = [k for k in known.manifests if k.run == run]
    for k in mine:
        manifest = manifests.load(store, k.key)
        facts.add_targets(manifest)
        _note(found, manifest)
    _events(store, facts)
    facts.keep_citing_events()
    for k in known.manifests:
        if k.run != run and k.created_at < mine[0].created_at:
            facts.add_earlier(manifests.load(store, k.key))
    hidden = taken_down(store)
    for segment, wanted in sorted(facts.segments_with_texts().items()):
        for row in _documents(store, segment, known.newest, wanted - hidden.keys(), found):
            facts.add_document(row)
    for segment, wanted in sorted(facts.segments_with_earlier_texts().items()):
        for row in _documents(store, segment, known.newest, wanted - hidden.keys(), found):
            facts.add_earlier_document(row)
    facts.set_baseline()
    _wires(store, [k.key for k in mine], facts, found, read_warcs=read_warcs)
    return found


def _note(found: Gathered, manifest: Manifest) -> None:
    if manifest.job not in found.jobs:
        found.jobs.append(manifest.job)
    found.as_of = max(found.as_of, manifest.created_at)
    found.versions |= manifest.versions
    found.warcs += [(o, manifest.segment) for o in manifest.objects if o.kind == "warc"]


def _events(store: Store, facts: Facts) -> None:
    for key, manifest in manifests.load_all(store):
        try:
            for row in rows_of(store, manifest, "events"):
                facts.add_event(row)
        except (KeyError, TypeError, AttributeError) as error:
            raise DamageError(f"{key}: an events object has a row that is no event; run warcite verify") from error


def _documents(
    store: Store, segment: str, newest: Mapping[str, str], wanted: AbstractSet[str], found: Gathered
) -> Iterator[Mapping[str, Any]]:
    """Documents that cannot be read are left out, and said to be."""
    manifest = manifests.load(store, newest.get(segment, layout.manifest(segment)))
    for stored in manifest.objects:
        if stored.kind != "documents" or not wanted:
            continue
        try:
            with store.open_range(stored.key) as raw, gzip.open(raw, "rb") as lines:
                for line in lines:
                    row = from_json(line)
                    if row["warc_record_id"] in wanted:
                        yield row
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, KeyMissing) as error:
            found.missing.append(f"documents of segment {segment}: {stored.key} cannot be read ({error}); run warcite rebuild")


def _wires(store: Store, keys: list[str], facts: Facts, found: Gathered, *, read_warcs: bool) -> None:
    found.timed = read_warcs
    for key in keys:
        manifest = manifests.load(store, key)
        try:
            for stored in manifest.objects:
                if stored.kind == "cdxj":
                    facts.add_members((host_of(x.url), x.timestamp, x.length) for x in lines_of(store, stored.key))
                elif stored.kind == "warc" and not found.warcinfo:
                    found.warcinfo = warcinfo_of(store, stored)
            if read_warcs:
                facts.add_exchanges(exchanges_of(store, manifest))
        except (DamageError, KeyMissing) as error:
            found.missing.append(f"times and bytes of segment {manifest.segment}: {error}")
    if not read_warcs:
        found.missing.append("response times and pauses: the WARCs were not read (--quick)")
