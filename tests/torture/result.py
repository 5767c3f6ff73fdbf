"""What one row of the test matrix came to, at whatever size it was run."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Size = Literal["ci", "release"]


@dataclass(slots=True)
class Result:
    """``counts`` says what was done to the crawler (cases, kills, faults ...); every line of ``failures`` is a promise broken."""

    row: str  # "M5"
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "counts": dict(self.counts)}
