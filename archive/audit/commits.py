"""A manifest by itself, and what its outcomes say about records."""

from __future__ import annotations

from collections import Counter

from archive import layout
from archive.audit.objects import Findings
from archive.errors import KeyMissing
from archive.model import Manifest, OutcomeWord


def check_manifest(found: Findings, key: str, manifest: Manifest) -> None:
    """Counts are those of the outcomes, objects are named by their content, the segments it builds on are committed."""
    counted = Counter(outcome.outcome.value for outcome in manifest.outcomes)
    if manifest.counts != {word.value: counted[word.value] for word in OutcomeWord}:
        found.damage("manifest", key, f"its counts are not those of its {len(manifest.outcomes)} outcomes")
    for stored in manifest.objects:
        if stored.key != layout.data(stored.kind, stored.sha256):
            found.damage("manifest", key, f"{stored.key} is not named by its SHA-256 {stored.sha256}")
    for segment in (*manifest.depends_on, *([manifest.supersedes] if manifest.supersedes else [])):
        try:
            found.store.stat(layout.manifest(segment))
        except KeyMissing:
            found.damage("manifest", key, f"it builds on segment {segment}, which is not committed")


def check_outcomes(found: Findings, key: str, manifest: Manifest) -> None:
    """Every target ends once, and the record an outcome names is in the archive."""
    seen: set[str] = set()
    for outcome in manifest.outcomes:
        found.checked["outcomes"] += 1
        if outcome.key in seen:
            found.damage("outcome", key, "the target has two outcomes", record_id=outcome.record_id, url=outcome.url)
        seen.add(outcome.key)
        if outcome.record_id is not None and found.evidence.by_id(outcome.record_id) is None:
            found.damage("outcome", key, "the record it names is not in the archive", record_id=outcome.record_id, url=outcome.url)
