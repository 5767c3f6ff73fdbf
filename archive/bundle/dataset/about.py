"""What a dataset says of itself, beside its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class About:
    """``created``: RFC 3339, of the archive's state and not of the clock."""

    name: str
    title: str
    description: str
    created: str
    software: str
    contact: str | None  # who takes texts down; mail or web address
    selection: Mapping[str, Any]
    chosen: str  # the selection as options
    robots: tuple[str, ...]  # how the crawls treated robots.txt, as their warcinfo records say
    taken_down: int  # records of the whole archive

    @property
    def version(self) -> str:
        """MAJOR.MINOR.PATCH made of the day, as Croissant asks."""
        return ".".join(str(int(part)) for part in self.created[:10].split("-"))

    @property
    def rights(self) -> str:
        return "Texts belong to their publishers; this dataset grants no licence to them. What pages state is in the column license."

    @property
    def cite_as(self) -> str:
        return f"{self.title}. Clean text of sources that news digests cite, made by {self.software}, {self.created[:10]}."
