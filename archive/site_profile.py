"""The values of a site profile; `archive.model` has them with all the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProfileBlock:
    """A text that repeats across the pages of a site."""

    hash: str  # 16 hex digits, see pipelines.learn.fingerprint
    pages: int  # that have it
    of: int  # pages of its era, these among them
    words: int
    text: str  # shortened, for people: one of its spellings


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """``warcite.profile/1``: what repeats on a site and is no part of its articles. What is learned anew is another version."""

    schema: str
    host: str  # as registered: news.bbc.co.uk is bbc.co.uk
    version: str  # <until as YYYYMMDDhhmmss>-<12 hex digits>, of the content alone: the same pages give the same version
    method: str  # how texts are compared and what counts as repeated
    pages: int  # that each tell a story of their own
    copies: int  # pages left out: the story of one of these again
    since: str  # when the oldest of the pages was captured, RFC 3339 UTC
    until: str  # and the newest
    captures: tuple[str, ...]  # record ids of the pages
    blocks: tuple[ProfileBlock, ...]  # in the order of their hashes
