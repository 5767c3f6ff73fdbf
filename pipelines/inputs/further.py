"""What an input names besides its events: other inputs to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Further:
    """A sitemap that an index of sitemaps names. Nothing here fetches it."""

    file: str  # the index
    line: int
    url: str  # fetchable
    modified: str | None = None  # YYYY-MM-DD, as the index says
