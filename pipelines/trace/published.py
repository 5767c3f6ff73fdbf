"""``warcite.trace/1``: where a text comes from, link by link. ``python -m pipelines.trace.published DIR`` writes its schema."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from archive.model import OutcomeWord, Rescue, TextOutcome
from archive.schema import published_schema

SCHEMA = "warcite.trace/1"

Verdict = Literal["equal", "differs", "damaged", "not-checked"]


@dataclass(frozen=True, slots=True)
class TracedDocument:
    id: str
    url: str
    final_url: str
    title: str | None
    captured_at: str
    run: str
    outcome: OutcomeWord
    text_outcome: TextOutcome
    chars: int
    text_sha256: str


@dataclass(frozen=True, slots=True)
class TracedParagraph:
    """``at`` counts the characters of ``text`` before it. ``equal``: whether the bytes give it again; None when that is unknown."""

    number: int
    of: int
    kind: str
    text: str
    at: int
    equal: bool | None


@dataclass(frozen=True, slots=True)
class TracedCitation:
    """``line`` is the digest's, from 1; None where the event itself is not at hand."""

    event_id: str
    event_date: str | None
    event_title: str
    event_url: str | None
    digest_file: str
    digest_sha256: str | None
    line: int | None
    position: int
    source_name: str
    url: str | None
    archive_url: str | None
    since_capture: bool  # the page was cited so after its document was made


@dataclass(frozen=True, slots=True)
class TracedCapture:
    """What the record itself says; ``via`` and ``detail`` are its ending's. In a bundle alone there is no detail."""

    record_id: str
    type: str
    url: str
    captured_at: str
    http_status: int | None
    content_type: str | None
    ip: str | None
    via: str | None
    detail: str
    truncated: str | None
    payload_digest: str | None
    block_digest: str | None


@dataclass(frozen=True, slots=True)
class TracedPlace:
    """``file_size`` and ``file_sha256`` are as the manifest or the bundle vouches for them; of the file only the member was read."""

    file: str
    file_size: int | None
    file_sha256: str | None
    segment: str | None
    offset: int
    length: int
    member_sha256: str | None


@dataclass(frozen=True, slots=True)
class TracedRevisit:
    """The newest answer, which said that the page is as it was in ``refers_to``."""

    record_id: str
    captured_at: str
    profile: str | None
    refers_to: str | None
    refers_to_date: str | None
    reason: str
    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class TracedEnding:
    outcome: OutcomeWord
    reason: str
    captured_at: str | None
    run: str


@dataclass(frozen=True, slots=True)
class TracedExtraction:
    extractor: str
    version: str
    settings: str
    profile: str | None
    here: str  # the version that made the text again


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Derived:
    """``explained``: the difference is one that another extractor version may make, and no damage. ``diff`` has blocks a line."""

    verdict: Verdict
    explained: bool
    why: str
    fields: dict[str, Any]
    diff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    schema: str
    archive: str
    asked: str
    document: TracedDocument
    paragraph: TracedParagraph | None
    citations: tuple[TracedCitation, ...]
    capture: TracedCapture | None
    place: TracedPlace
    revisit: TracedRevisit | None
    later: TracedEnding | None
    rescue: Rescue | None
    extraction: TracedExtraction
    checks: tuple[Check, ...]
    derived: Derived

    @property
    def exit_code(self) -> int:
        """0 equal, or different as another version may make it; 3 nothing to make the text again with; 5 different, or damaged."""
        if self.derived.verdict == "damaged" or not all(check.ok for check in self.checks):
            return 5
        if self.derived.verdict == "not-checked":
            return 3
        return 0 if self.derived.verdict == "equal" or self.derived.explained else 5


def write_schemas(directory: Path) -> list[Path]:
    """Write ``trace.schema.json``; raises `OSError`."""
    path = directory / "trace.schema.json"
    path.write_text(json.dumps(published_schema(Trace, SCHEMA), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [path]


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
