"""What repeats across the pages of a site becomes its profile. Pure: the same pages in any order make the same profile.

A block is the site's, and no text that articles share, when it stands on at least three pages, each with a story of its own, and on most
pages of its era; a long one must stand on nearly all of them. So a quote in two articles is none, however few pages there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.model import ProfileBlock, SiteProfile
from archive.profile_json import SCHEMA, versioned
from pipelines.learn.eras import Eras
from pipelines.learn.fingerprint import METHOD
from pipelines.learn.pages import PageBlocks, SitePages, Story

FEWEST_PAGES = 3
"""From so many pages on a host can have a profile, whatever is asked for."""

_LONG = 25
"""Words of a block from which on it may be a paragraph that articles share."""
_SHARE, _LONG_SHARE = 0.6, 0.75
_LONG_PAGES = 4  # or all pages there are
_MAX_KEPT = 5000  # blocks, those on most pages first


@dataclass(frozen=True, slots=True)
class Learned:
    """``profile`` is None where there were too few pages."""

    profile: SiteProfile | None
    pages: int  # with a story of their own
    copies: int  # left out: the story of another page


def learn_profile(host: str, pages: Iterable[PageBlocks], min_pages: int = FEWEST_PAGES) -> Learned:
    """The profile of a host, from at least ``min_pages`` pages, never fewer than three."""
    site = SitePages()
    for page in pages:
        site.add(page)
    stories, copies = site.stories()
    if len(stories) < max(FEWEST_PAGES, min_pages):
        return Learned(None, len(stories), copies)
    profile = SiteProfile(
        schema=SCHEMA,
        host=host,
        version="",
        method=METHOD,
        pages=len(stories),
        copies=copies,
        since=stories[0].captured_at,
        until=stories[-1].captured_at,
        captures=tuple(sorted(story.record_id for story in stories)),
        blocks=_repeated(site, stories),
    )
    return Learned(versioned(profile), len(stories), copies)


def _repeated(site: SitePages, stories: list[Story]) -> tuple[ProfileBlock, ...]:
    holders: dict[int, int] = {}
    for number, story in enumerate(stories):
        for value in story.blocks:
            holders[value] = holders.get(value, 0) | 1 << number
    often = {value: held for value, held in holders.items() if held.bit_count() >= FEWEST_PAGES}
    eras = Eras(stories, site, often)
    of: dict[int, int] = {}  # a site's furniture comes in sets: the same pages are asked for again and again
    found: list[ProfileBlock] = []
    for value, held in often.items():
        if held not in of:
            of[held] = eras.era(held).bit_count()
        sample = site.sample(value)
        if _is_repeated(held.bit_count(), of[held], sample.words):
            found.append(ProfileBlock(f"{value:016x}", held.bit_count(), of[held], sample.words, sample.text))
    found = sorted(found, key=lambda b: (-b.pages, b.hash))[:_MAX_KEPT]
    return tuple(sorted(found, key=lambda b: b.hash))


def _is_repeated(pages: int, era: int, words: int) -> bool:
    if words > _LONG:
        return pages >= min(_LONG_PAGES, era) and pages >= _LONG_SHARE * era
    return pages >= _SHARE * era
