"""What a dataset says of itself, beside its rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """What its description for machines tells. ``created``: RFC 3339, of the archive's state and not of the clock."""

    name: str
    title: str
    description: str
    created: str
    software: str
    contact: str | None  # who takes texts down; mail or web address

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


@dataclass(frozen=True, slots=True)
class CardAbout(About):
    """What its card for people tells besides."""

    chosen: str  # the selection as options
    robots: tuple[str, ...]  # how the crawls treated robots.txt, as their warcinfo records say
    taken_down: int  # records of the whole archive
