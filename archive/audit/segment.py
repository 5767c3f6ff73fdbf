"""The audit of one manifest and all it names. What it says of other segments' records is left open, for the whole archive to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive import manifests
from archive.audit.commits import check_key, check_manifest, outcome_faults, read_manifest
from archive.audit.damage import Damage
from archive.audit.depth import FULL, Depth
from archive.audit.documents import DocumentClaim, check_events, document_fault, read_documents
from archive.audit.evidence import Reference, row_of
from archive.audit.indexes import Line, check_index, gather_index
from archive.audit.ledgers import compare_ledger
from archive.audit.objects import Findings
from archive.audit.warcs import read_warc, sample_warc
from archive.model import Manifest, StoredObject, TargetOutcome
from archive.store.base import Store
from archive.warc.verify import Place


@dataclass(frozen=True, slots=True)
class Plan:
    """What every audit of a manifest must know."""

    depth: Depth = FULL
    ledger: Path | None = None
    removed: frozenset[str] = frozenset()  # ids of records that were taken down: they are missed by nobody


@dataclass(slots=True)
class SegmentReport:
    """What one manifest came to. Small enough to travel between processes."""

    key: str
    damages: list[Damage]
    counts: dict[str, Counter[str]]  # by object
    objects: tuple[StoredObject, ...] = ()
    built_on: tuple[str, ...] = ()  # segments that must be committed too
    records: list[tuple[object, ...]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    outcomes: list[TargetOutcome] = field(default_factory=list)  # whose record is in no WARC of this manifest
    documents: list[DocumentClaim] = field(default_factory=list)  # likewise


def audit_segment(store: Store, key: str, plan: Plan) -> SegmentReport:
    """Memory is that of one segment's records, without their blocks. Raises `StoreError` when the store does not answer."""
    found = Findings(store)
    manifest = read_manifest(found, key)
    if manifest is None:
        return SegmentReport(key, found.damages, found.counts)
    return _SegmentAudit(found, key, manifest, plan).run()


class _SegmentAudit:
    def __init__(self, found: Findings, key: str, manifest: Manifest, plan: Plan) -> None:
        self._found = found
        self._manifest = manifest
        self._plan = plan
        self._by_id: dict[str, Place] = {}
        self._report = SegmentReport(key, found.damages, found.counts, manifest.objects, manifests.built_on(manifest))

    def run(self) -> SegmentReport:
        found, report, plan = self._found, self._report, self._plan
        found.count(report.key, "manifests")
        found.count(report.key, "outcomes", len(self._manifest.outcomes))
        check_manifest(found, report.key, self._manifest)
        places = self._read_records() if plan.depth.mode != "quick" else []
        self._by_id = {place.record_id: place for place in reversed(places)}
        self._check_outcomes()
        if plan.depth.mode == "full":
            report.references = [r for r in _references(places) if r.target not in self._by_id and r.target not in plan.removed]
            self._miss_documents(self._check_documents() | plan.removed)
            for stored in self._objects("events"):
                check_events(found, stored)
        if plan.ledger is not None:
            compare_ledger(found, report.key, self._manifest, plan.ledger)
        report.records = [row_of(place) for place in places]
        return report

    def _objects(self, kind: str) -> list[StoredObject]:
        return [stored for stored in self._manifest.objects if stored.kind == kind]

    def _read_records(self) -> list[Place]:
        """Indexes before WARCs: they know whose page a broken record was."""
        found, depth = self._found, self._plan.depth
        lines: list[Line] = [line for stored in self._objects("cdxj") for line in gather_index(found, stored)]
        places: list[Place] = []
        compared = lines if depth.mode == "full" else []
        for stored in self._objects("warc"):
            if depth.mode == "full":
                places += read_warc(found, stored, lines)
            else:
                sampled, theirs = sample_warc(found, stored, lines, depth)
                places += sampled
                compared += theirs
        check_index(found, self._manifest, compared, places)
        return places

    def _check_outcomes(self) -> None:
        for outcome in self._manifest.outcomes:
            place = self._by_id.get(outcome.record_id or "")
            check_key(self._found, self._report.key, outcome, place)
            if place is not None:
                for detail in outcome_faults(outcome, place):
                    self._found.damage("outcome", self._report.key, detail, record_id=outcome.record_id, url=outcome.url)
            elif self._plan.depth.mode == "full" and outcome.record_id is not None and outcome.record_id not in self._plan.removed:
                self._report.outcomes.append(outcome)

    def _check_documents(self) -> set[str]:
        """Compare every document with its record; returns the ids of the records that have one."""
        replacing = self._manifest.supersedes is not None
        outcomes = None if replacing else {o.record_id: o for o in self._manifest.outcomes if o.record_id is not None}
        seen: set[str] = set()
        for stored in self._objects("documents"):
            for claim in read_documents(self._found, stored, outcomes):
                record_id = claim if isinstance(claim, str) else claim.record_id
                if isinstance(claim, DocumentClaim) and record_id not in self._plan.removed:
                    if record_id in seen:
                        self._say_of(claim, "another document is of this record too")
                    self._check_document(claim, replacing=replacing)
                seen.add(record_id)
        return seen

    def _check_document(self, claim: DocumentClaim, *, replacing: bool) -> None:
        place = self._by_id.get(claim.record_id)
        if place is not None:
            if fault := document_fault(claim, place):
                self._say_of(claim, fault)
        elif replacing:
            self._report.documents.append(claim)
        else:
            self._say_of(claim, "its record is not in the WARC of its segment")

    def _say_of(self, claim: DocumentClaim, fault: str) -> None:
        self._found.damage("document", claim.object, f"line {claim.number}: {fault}", record_id=claim.record_id, url=claim.url)

    def _miss_documents(self, seen: set[str]) -> None:
        """Every page that was read has its document."""
        where = next((stored.key for stored in self._objects("documents")), self._report.key)
        for outcome in self._manifest.outcomes:
            place = self._by_id.get(outcome.record_id or "")
            if outcome.text_outcome is not None and place is not None and place.type == "response" and place.record_id not in seen:
                self._found.damage("document", where, "there is none of this page", record_id=outcome.record_id, url=outcome.url)


def _references(places: list[Place]) -> Iterator[Reference]:
    for place in places:
        for header, target in place.references:
            yield Reference(place, header, target)
