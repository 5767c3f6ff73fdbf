"""What became of a source, as a row of bundles and datasets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.model import Manifest, TargetOutcome

SOURCE_COLUMNS = (
    "url",
    "outcome",
    "reason",
    "http_status",
    "captured_at",
    "text_outcome",
    "via",
    "final_url",
    "title",
    "language",
    "words",
    "events",
    "record_id",
    "run",
    "attempts",
    "key",
)


def source_row(manifest: Manifest, outcome: TargetOutcome, document: Mapping[str, Any], events: Sequence[str]) -> dict[str, Any]:
    """``document`` is empty where there is none; ``events`` are the ids of those that cite the source."""
    return {
        "url": outcome.url,
        "outcome": outcome.outcome.value,
        "reason": outcome.reason.value,
        "http_status": outcome.http_status,
        "captured_at": outcome.captured_at,
        "text_outcome": outcome.text_outcome,
        "via": outcome.via,
        "final_url": outcome.final_url,
        "title": document.get("title"),
        "language": document.get("language"),
        "words": document.get("words"),
        "events": list(events),
        "record_id": outcome.record_id,
        "run": manifest.run,
        "attempts": outcome.attempts,
        "key": outcome.key,
    }
