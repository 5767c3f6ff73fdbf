"""A manifest by itself, and what its outcomes say about records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archive import layout
from archive.audit.objects import Findings
from archive.errors import KeyMissing
from archive.model import Manifest, OutcomeWord, TargetOutcome
from archive.urls import surt


def check_manifest(found: Findings, key: str, manifest: Manifest) -> None:
    """Counts are those of the outcomes, and the segments it builds on are committed."""
    counted = Counter(outcome.outcome.value for outcome in manifest.outcomes)
    if manifest.counts != {word.value: counted[word.value] for word in OutcomeWord}:
        found.damage("manifest", key, f"its counts are not those of its {len(manifest.outcomes)} outcomes")
    for segment in (*manifest.depends_on, *([manifest.supersedes] if manifest.supersedes else [])):
        try:
            found.store.stat(layout.manifest(segment))
        except KeyMissing:
            found.damage("manifest", key, f"it builds on segment {segment}, which is not committed")


def check_outcomes(found: Findings, key: str, manifest: Manifest) -> None:
    """Every target ends once, and what an outcome says of its record is true."""
    seen: set[str] = set()
    for outcome in manifest.outcomes:
        found.checked["outcomes"] += 1
        faults = list(_faults(found, outcome))
        if outcome.key in seen:
            faults.append("the target has two outcomes")
        seen.add(outcome.key)
        for detail in faults:
            found.damage("outcome", key, detail, record_id=outcome.record_id, url=outcome.url)


def _faults(found: Findings, outcome: TargetOutcome) -> Iterator[str]:
    if outcome.key != surt(outcome.url):
        yield f"its key is {outcome.key[:200]!r}, not that of its address"
    if outcome.record_id is None:
        return
    record = found.evidence.by_id(outcome.record_id)
    if record is None:
        yield "the record it names is not in the archive"
        return
    if outcome.captured_at is not None and outcome.captured_at != record.date:
        yield f"captured_at is {outcome.captured_at!r}, its record says {record.date!r}"
    final = outcome.final_url or outcome.url
    addresses = {surt(final)} if record.line is not None else {surt(final), surt(outcome.url)}  # a failure may be filed under either
    if outcome.via == "live" and record.url is not None and surt(record.url) not in addresses:
        yield f"its record is of {record.url!r}"
