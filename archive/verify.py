"""Re-read and re-hash a whole archive: manifests, every record, the index, every document, every reference between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from archive import layout, manifests, strict_json
from archive.audit.commits import outcome_faults
from archive.audit.damage import Damage, VerifyReport
from archive.audit.depth import FULL, Depth
from archive.audit.documents import document_fault
from archive.audit.evidence import Evidence, Reference
from archive.audit.ledgers import committed_segments, ended_nowhere, is_blank, lost_with
from archive.audit.objects import Findings
from archive.audit.profiles import check_profiles
from archive.audit.segment import Plan, SegmentReport
from archive.audit.tombstones import taken_down
from archive.audit.workers import Auditors
from archive.errors import DamageError, KeyMissing
from archive.model import StoredObject
from archive.store.base import Store

__all__ = ["Damage", "Depth", "VerifyReport", "verify_archive"]

Progress = Callable[[int, int, str], None]
"""Told the bytes done, the bytes there are, and the manifest that was finished; at the beginning too, with none."""

_DATA = ("warc/", "cdxj/", "documents/", "events/")
_MARKER = {"schema": "warcite.archive/1", "version": 1}
_WORTH_A_PROCESS = 16 << 20  # bytes


def verify_archive(
    store: Store, depth: Depth = FULL, *, ledger: Path | None = None, jobs: int = 1, progress: Progress | None = None
) -> VerifyReport:
    """Check everything that manifests vouch for, and against the ``ledger`` when there is one at that path.

    Each segment is read once, by one of ``jobs`` processes; what it says of other segments is asked when all are read. Memory is that of
    one segment's records (a process), whatever the size of the archive. Raises `StoreError` when the store does not answer.
    """
    return _Audit(store, depth).run(ledger, jobs, progress or (lambda *_: None))


class _Audit:
    def __init__(self, store: Store, depth: Depth) -> None:
        self._store = store
        self._depth = depth
        self._found = Findings(store)
        self._built_on: dict[str, list[str]] = {}  # segment -> who says that it must be there
        self._sizes: dict[str, int] = {}  # of what lies in the store, by key
        self._held: Counter[str] = Counter()
        self._named: set[str] = set()
        self._segments: dict[str, str] = {}  # of WARCs, by key

    def run(self, ledger: Path | None, jobs: int, progress: Progress) -> VerifyReport:
        books = self._read_books(ledger) if ledger is not None and ledger.exists() else None
        keys = [stat.key for stat in self._store.list(layout.MANIFESTS)]
        self._sizes = {stat.key: stat.size for prefix in _DATA for stat in self._store.list(prefix)}
        total = sum(self._sizes.values())
        plan = Plan(self._depth, ledger if books is not None else None, taken_down(self._found))
        done = 0
        with Evidence() as evidence:
            reports = []
            jobs = min(jobs, len(keys)) if total >= _WORTH_A_PROCESS and self._depth.mode == "full" else 1
            with Auditors(self._store, plan, jobs) as auditors:
                progress(0, total, "")
                for report in auditors.audit(keys):
                    done += self._take(report, evidence)
                    progress(done, total, report.key)
                    if report.references or report.outcomes or report.documents:
                        reports.append(replace(report, records=[]))
            evidence.complete()
            self._answer(reports, evidence)
        check_profiles(self._found)
        self._check_marker(bool(keys))
        self._miss_manifests(set(keys), ledger, books or {})
        return self._report()

    def _read_books(self, ledger: Path) -> dict[str, int] | None:
        """Read before the store is listed: a crawl commits first and books then."""
        if is_blank(ledger) and next(iter(self._store.list(layout.MANIFESTS)), None) is None:
            return None  # the first crawl died before its ledger had tables
        try:
            books = committed_segments(ledger)
            self._found.damages += ended_nowhere(ledger)
        except DamageError as error:
            self._found.damage("ledger", str(ledger), str(error))
            return None
        return books

    def _take(self, report: SegmentReport, evidence: Evidence) -> int:
        """Take in what one manifest came to; returns the bytes of its objects."""
        evidence.add(report.records)
        self._found.damages += report.damages
        for object_key, counts in report.counts.items():
            self._found.counts.setdefault(object_key, counts)
        for segment in report.built_on:
            self._built_on.setdefault(segment, []).append(report.key)
        for stored in report.objects:
            if stored.key in self._named:
                continue
            self._named.add(stored.key)
            if stored.kind == "warc":
                self._segments[stored.key] = manifests.segment_of(report.key)
            self._held.update({"objects": 1, "bytes": stored.size, "records": stored.rows if stored.kind == "warc" else 0})
            if self._depth.mode != "full":
                self._check_presence(stored)
        return sum(stored.size for stored in report.objects)

    def _check_presence(self, stored: StoredObject) -> None:
        size = self._sizes.get(stored.key)
        if size is None:
            self._found.missing(stored)
        else:
            self._found.count(stored.key, "object sizes")
            self._found.compare_size(stored, size)

    def _answer(self, reports: Iterable[SegmentReport], evidence: Evidence) -> None:
        """Record ids are unique in the whole archive, and what segments say of each other's records is true."""
        self._find_repeated(evidence)
        for report in reports:
            for reference in report.references:
                if fault := self._reference_fault(reference, evidence, report):
                    source = reference.source
                    detail = f"at offset {source.offset}: {reference.header} points at {reference.target[:60]}, {fault}"
                    self._found.damage("reference", source.file, detail, record_id=source.record_id, url=source.url)
            for outcome in report.outcomes:
                place = evidence.by_id(outcome.record_id or "")
                for detail in outcome_faults(outcome, place) if place else ["the record it names is not in the archive"]:
                    self._found.damage("outcome", report.key, detail, record_id=outcome.record_id, url=outcome.url)
            for claim in report.documents:
                place = evidence.by_id(claim.record_id)
                fault = document_fault(claim, place) if place else "its record is not in the archive"
                if fault:
                    self._found.damage("document", claim.object, f"line {claim.number}: {fault}", record_id=claim.record_id, url=claim.url)

    def _reference_fault(self, reference: Reference, evidence: Evidence, report: SegmentReport) -> str | None:
        """What is wrong with a reference to another segment: revisits have them, each to a response with the payload they say."""
        place = evidence.by_id(reference.target)
        if place is None:
            return "which is not in the archive"
        if reference.header != "WARC-Refers-To" or place.file not in self._segments:
            return None
        if place.type != "response" or place.digest != reference.source.digest:
            return f"a {place.type} with the payload {place.digest}, not the original of this one"
        segment = self._segments[place.file]
        return None if segment in report.built_on else f"in segment {segment}, on which its manifest does not say to depend"

    def _find_repeated(self, evidence: Evidence) -> None:
        previous = ""
        for place in evidence.repeated():
            if place.record_id == previous:
                detail = f"at offset {place.offset}: another record has this id too"
                self._found.damage("duplicate-id", place.file, detail, record_id=place.record_id, url=place.url)
            previous = place.record_id

    def _check_marker(self, required: bool) -> None:
        """``archive.json`` says what lies here."""
        try:
            marker = strict_json.loads(self._store.get(layout.ARCHIVE))
        except KeyMissing:
            if required:
                self._found.damage("archive", layout.ARCHIVE, "it is missing")
        except ValueError as error:
            self._found.damage("archive", layout.ARCHIVE, f"not JSON: {error}")
        else:
            if marker != _MARKER:
                self._found.damage("archive", layout.ARCHIVE, f"it should say {_MARKER}")

    def _miss_manifests(self, keys: set[str], ledger: Path | None, books: dict[str, int]) -> None:
        """A manifest that another one, or the ledger, knows of and that is not there: all that it vouched for is lost with it."""
        for segment in sorted(self._built_on.keys() | books.keys()):
            key = layout.manifest(segment)
            if key in keys or self._is_there(key):
                continue
            said = [f"{naming} builds on it" for naming in self._built_on.get(segment, [])[:3]]
            said += [f"{books[segment]} targets ended in it, says the ledger"] if segment in books else []
            self._found.damage("manifest", key, f"it is missing: {'; '.join(said)}")
            if ledger is not None and segment in books:
                self._found.damages += lost_with(ledger, segment)

    def _is_there(self, key: str) -> bool:
        """A manifest may have been committed while the store was listed."""
        try:
            self._store.stat(key)
        except KeyMissing:
            return False
        return True

    def _report(self) -> VerifyReport:
        checked: Counter[str] = Counter()
        for counts in self._found.counts.values():
            checked.update(counts)
        notes = [f"{key} ({size} bytes) is named by no manifest" for key, size in self._sizes.items() if key not in self._named]
        return VerifyReport(dict(checked), list(dict.fromkeys(self._found.damages)), notes, self._depth, dict(self._held))
