"""What an audit found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from archive.audit.depth import FULL, Depth

DamageKind = Literal[
    "archive",  # archive.json is missing or not what it must be
    "manifest",  # missing, cannot be read, or its counts do not fit its outcomes
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
    "profile",
    "tombstone",
    "ledger",  # the ledger beside the archive says something else, or cannot be read
    "zip",  # a bundle's container: headers, sizes, checksums, names
    "package",  # a bundle's datapackage.json and its digest, and what they list
    "page",  # a bundle's list of pages
    "source",  # a bundle's table of sources
    "signature",
]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something stored is not what it should be: where, and whose page is concerned."""

    kind: DamageKind
    object: str  # key in the store; for the ledger its path
    record_id: str | None
    url: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """``checked`` counts what was looked at: manifests, objects, records, index lines, documents, events, outcomes, ledger rows."""

    checked: dict[str, int]
    damages: list[Damage]
    notes: list[str]
    depth: Depth = FULL
    held: dict[str, int] = field(default_factory=dict)  # objects, records and bytes that the manifests speak of

    def as_json(self) -> dict[str, Any]:
        """``warcite.verify/1``."""
        damages = [asdict(damage) for damage in self.damages]
        sample = {"share": self.depth.share, "seed": self.depth.seed} if self.depth.mode == "sample" else None
        return {
            "schema": "warcite.verify/1",
            "mode": self.depth.mode,
            "sample": sample,
            "checked": self.checked,
            "held": self.held,
            "damages": damages,
            "notes": self.notes,
        }

    def shown(self) -> list[str]:
        """For people: every damage, then what was checked."""
        lines = [f"{d.kind}  {d.object}  {d.record_id or ''}  {d.url or ''}  {d.detail}" for d in self.damages]
        parts = [
            f"{count} of {self.held[what]} {what}" if self._partly(what) else f"{count} {what}" for what, count in self.checked.items()
        ]
        sample = f"sample of {100 * self.depth.share:g} % with --seed {self.depth.seed}: " if self.depth.mode == "sample" else ""
        return [*lines, f"{sample}{', '.join(parts)}, {len(self.damages)} damages"]

    def _partly(self, what: str) -> bool:
        return what in self.held and self.checked[what] != self.held[what]
