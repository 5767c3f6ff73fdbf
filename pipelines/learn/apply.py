"""A profile at work on a page: which of its blocks repeat on its site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.model import SiteProfile
from pipelines.clean.quality import count_words
from pipelines.learn.fingerprint import Headline, fingerprint, is_wordless
from pipelines.learn.pages import SHORT


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """The fingerprints of a profile's blocks; small, and travels to the extraction processes with the page."""

    name: str  # <host>/<version>: what a document says of it
    known: frozenset[int]


def site_filter(profile: SiteProfile) -> SiteFilter:
    return SiteFilter(f"{profile.host}/{profile.version}", frozenset(int(block.hash, 16) for block in profile.blocks))


def repeated(site: SiteFilter, text: str, *, title: str = "", description: str = "") -> bool:
    """Whether a block, by itself, is the site's and not the page's. Never its own title or summary, never one of a few words only."""
    return fingerprint(text) in site.known and count_words(text) >= SHORT and not Headline(title, description).has(text)


def repeated_blocks(site: SiteFilter, texts: Sequence[str], *, title: str = "", description: str = "") -> list[bool]:
    """As `repeated`, for all blocks of a page in document order: short ones too, where blocks that repeat stand in a row, as in a menu."""
    headline = Headline(title, description)
    marked = [False] * len(texts)
    row: list[int] = []
    words = 0
    for number, text in enumerate(texts):
        if is_wordless(text):
            continue
        if fingerprint(text) in site.known and not headline.has(text):
            row.append(number)
            words += count_words(text)
            continue
        _mark(marked, row, words)
        row, words = [], 0
    _mark(marked, row, words)
    return marked


def _mark(marked: list[bool], row: list[int], words: int) -> None:
    if words >= SHORT:
        for number in row:
            marked[number] = True
