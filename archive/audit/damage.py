"""What an audit found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

DamageKind = Literal[
    "manifest",  # cannot be read, or its counts do not fit its outcomes
    "missing-object",
    "object-changed",  # other size, SHA-256 or number of rows than the manifest says
    "gzip",  # a member that is cut, broken or not a record of its own
    "record",  # a WARC record whose headers are not what they should be
    "digest",
    "duplicate-id",
    "reference",  # a record points at one that is not there
    "index",
    "document",
    "event",
    "outcome",
]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something stored is not what it should be: where, and whose page is concerned."""

    kind: DamageKind
    object: str  # key in the store
    record_id: str | None
    url: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """``checked`` counts what was looked at: manifests, objects, records, index lines, documents, events, outcomes."""

    checked: dict[str, int]
    damages: list[Damage]
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        """``warcite.verify/1``."""
        damages = [asdict(damage) for damage in self.damages]
        return {"schema": "warcite.verify/1", "checked": self.checked, "damages": damages, "notes": self.notes}
