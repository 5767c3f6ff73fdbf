"""``pages/pages.jsonl`` (WACZ 1.1.1 section 5.2.3): what a player lists, and finds by its text.

Players take the first line for a header whatever it is; with ``hasText`` in it they search the first MiB only, so it is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from archive.model import OutcomeWord, TargetOutcome
from archive.urls import MAX_URI, target_uri

HEADER = b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'

_PAGES = frozenset({OutcomeWord.CAPTURED, OutcomeWord.RESCUED, OutcomeWord.UNCHANGED})


def page_line(outcome: TargetOutcome, document: Mapping[str, Any] | None, events: Sequence[str]) -> bytes | None:
    """The row of a page that was kept; None for any other outcome. ``url`` and ``ts`` are those of its record."""
    if outcome.outcome not in _PAGES or outcome.captured_at is None or outcome.record_id is None:
        return None
    url = target_uri(_recorded_address(outcome, document))
    if len(url) > MAX_URI:
        return None  # its record has a URN in its place, which no player opens
    known = document or {}
    row: dict[str, Any] = {
        "id": outcome.record_id.removeprefix("<urn:uuid:").removesuffix(">"),
        "url": url,
        "ts": second(outcome.captured_at),
    }
    row |= {name: known[name] for name in ("title", "text") if known.get(name)}
    row |= {"seed": True, "cited": outcome.url, "outcome": outcome.outcome.value, "events": list(events)}
    return to_json(row) + b"\n"


def second(time: str) -> str:
    """RFC 3339 to the second, as index lines have it."""
    return time[:19] + "Z"


def _recorded_address(outcome: TargetOutcome, document: Mapping[str, Any] | None) -> str:
    if document is not None and document.get("rescue"):
        return str(document["rescue"]["memento"])
    return outcome.final_url or outcome.url
