"""One bundle while it is put together: first which members, with what their revisits refer to, then the rows of whole segments."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from archive import layout, manifests
from archive.bundle.contents import Contents
from archive.bundle.events import EventBook
from archive.bundle.members import Group, SegmentRecords, read_records
from archive.bundle.tables import Place, Tables
from archive.errors import DamageError, KeyMissing
from archive.generations import SegmentFact, newest_generations
from archive.model import Manifest, StoredObject, TargetOutcome
from archive.selection.documents import SegmentDocuments
from archive.store.base import Store


class Archive(NamedTuple):
    """What all parts share."""

    store: Store
    events: EventBook
    hidden: AbstractSet[str]  # ids of records that were taken down
    facts: tuple[SegmentFact, ...]


class Unit(NamedTuple):
    """A target's outcome and its exchanges in one WARC of its segment."""

    outcome: TargetOutcome
    groups: list[Group]

    @property
    def bytes(self) -> int:
        return sum(span.length for group in self.groups for span in group.spans)


class Part:
    """Use as a context manager. When all is added: `complete` it, then, while its WARCs are copied, `write_tables`."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._generations = newest_generations(archive.facts)
        self._folder = tempfile.TemporaryDirectory(prefix="warcite-bundle-")
        self.folder = Path(self._folder.name) / "files"
        self.folder.mkdir()
        self.contents = Contents(Path(self._folder.name) / "contents.sqlite")
        self.tables = Tables(self.folder, archive.events)
        self._whole: list[str] = []  # segments whose rows are to be written, and records of other segments
        self._originals: list[tuple[str, dict[str, Place]]] = []
        self.created = ""  # when the newest manifest in it was committed
        self.runs: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.tables.__exit__(kind, error, trace)
        self.contents.__exit__(kind, error, trace)
        self._folder.cleanup()

    def add_whole(self, manifest: Manifest) -> None:
        """A segment as it is."""
        self._note(manifest)
        self._whole.append(manifest.segment)
        for warc in warcs_of(manifest):
            self.contents.add_whole(manifest, warc)
        if manifest.depends_on:
            self.contents.note_relying(manifest.segment)

    def add_units(
        self, manifest: Manifest, warc: StoredObject, records: SegmentRecords, units: Sequence[Unit], documents: SegmentDocuments
    ) -> None:
        """Some targets of a segment, with all that was exchanged for them."""
        self._note(manifest)
        groups = [group for unit in units for group in unit.groups]
        places = self._add_groups(manifest, warc, records, groups)
        originals = [o for o in records.originals() if any(o.record_id == group.refers_to for group in groups)]
        self.contents.note_originals(originals, manifest.depends_on)
        for unit in units:
            place = places.get(unit.outcome.record_id or "")
            self.tables.add(manifest, unit.outcome, documents.line_of(unit.outcome.record_id), place)

    def complete(self) -> None:
        """Add what revisits refer to and what is not in yet. Raises `DamageError` when the archive does not have it."""
        for segment in self.contents.relying():
            self._note_originals_of(segment)
        wanted = dict(self.contents.missing_originals())
        found: set[str] = set()
        for segment, ids in wanted.items():
            found |= self._add_originals(segment, set(ids) - found - self._archive.hidden)
        for record in sorted({record for ids in wanted.values() for record in ids} - found - self._archive.hidden):
            if not self.contents.may_be_whole(record):
                raise DamageError(f"a revisit refers to {record}, which is not in the archive; run warcite verify")
        self.contents.finish()

    def write_tables(self, told: Callable[[], None]) -> None:
        """``told`` is called now and then."""
        for segment in self._whole:
            self._write_rows(manifests.load(self._archive.store, layout.manifest(segment)))
            told()
        for segment, places in self._originals:
            self._write_originals(manifests.load(self._archive.store, layout.manifest(segment)), places)
            told()
        self.tables.complete()

    def _note(self, manifest: Manifest) -> None:
        self.created = max(self.created, manifest.created_at)
        self.runs.add(manifest.run)

    def _add_groups(self, manifest: Manifest, warc: StoredObject, records: SegmentRecords, groups: Iterable[Group]) -> dict[str, Place]:
        """Where each record is in the bundle."""
        groups = list(groups)
        spans = {span for group in groups for span in group.spans}
        if not spans:
            return {}
        file, places = self.contents.add_part(manifest, warc, [*records.infos, *spans])
        known: dict[str, Place] = {}
        for group in groups:
            for record_id, span in zip(group.record_ids, group.spans, strict=True):
                known[record_id] = Place(file.path, places[span.offset], span.length)
        self.contents.note_records(manifest.segment, known)
        return known

    def _note_originals_of(self, segment: str) -> None:
        manifest = manifests.load(self._archive.store, layout.manifest(segment))
        if all(self.contents.has_whole(other) for other in manifest.depends_on):
            return
        for warc in warcs_of(manifest):
            self.contents.note_originals(read_records(self._archive.store, warc).originals(), manifest.depends_on)

    def _add_originals(self, segment: str, wanted: set[str]) -> set[str]:
        if not wanted:
            return set()
        try:
            manifest = manifests.load(self._archive.store, layout.manifest(segment))
        except KeyMissing:
            return set()
        found: dict[str, Place] = {}
        for warc in warcs_of(manifest):
            records = read_records(self._archive.store, warc)
            groups = {main: records.groups[main] for main in sorted(wanted & records.groups.keys())}
            places = self._add_groups(manifest, warc, records, groups.values())
            found |= {main: places[main] for main in groups if main in places}
        self._originals.append((segment, found))
        return set(found)

    def _write_rows(self, manifest: Manifest) -> None:
        with self._documents_of(manifest, {o.record_id for o in manifest.outcomes if o.record_id is not None}) as documents:
            for outcome in sorted(manifest.outcomes, key=lambda o: o.key):
                self.tables.add(manifest, outcome, documents.line_of(outcome.record_id), None)

    def _write_originals(self, manifest: Manifest, places: Mapping[str, Place]) -> None:
        outcomes = {o.record_id: o for o in manifest.outcomes}
        with self._documents_of(manifest, places.keys()) as documents:
            for record in sorted(places.keys() & outcomes.keys()):
                self.tables.add_original(outcomes[record], documents.line_of(record), places[record])

    def _documents_of(self, manifest: Manifest, wanted: AbstractSet[str]) -> SegmentDocuments:
        """As the newest extraction has them."""
        newest = self._generations.get(manifest.segment)
        source = manifest if newest is None else manifests.load(self._archive.store, newest)
        return SegmentDocuments(self._archive.store, source, wanted)


def warcs_of(manifest: Manifest) -> list[StoredObject]:
    return [stored for stored in manifest.objects if stored.kind == "warc"]


def units_of(records: SegmentRecords, outcomes: Sequence[TargetOutcome], hidden: AbstractSet[str]) -> list[Unit]:
    """In the order of the outcomes; one whose record is in another WARC of the segment is left out."""
    found = records.groups_of(outcomes, hidden)
    return [Unit(o, groups) for o, groups in zip(outcomes, found, strict=True) if o.record_id is None or o.record_id in records.groups]
