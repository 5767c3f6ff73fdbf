"""The archives that a crawl asks, from its configuration, and where all crawls of a machine keep what they know of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.options import Archive, CrawlOptions
from archive.urls import host_of
from crawler.rescue.cdx import CdxSource
from crawler.rescue.commoncrawl import CommonCrawlSource
from crawler.rescue.memento import MementoSource
from crawler.rescue.source import ArchiveSource


def sources_of(archives: Sequence[Archive]) -> list[ArchiveSource]:
    return [_source(archive) for archive in archives]


def _source(archive: Archive) -> ArchiveSource:
    match archive.kind:
        case "cdx":
            return CdxSource(archive.name, archive.index, archive.playback)
        case "memento":
            return MementoSource(archive.name, archive.timemap, archive.timegate)
        case "commoncrawl":
            return CommonCrawlSource(archive.name, archive.index, archive.data.rstrip("/") + "/")


def hosts_of(archives: Sequence[Archive]) -> frozenset[str]:
    """The hosts that the configuration names: programs are meant to ask them."""
    return frozenset(
        host_of(a) for archive in archives for a in (archive.index, archive.playback, archive.timemap, archive.timegate, archive.data) if a
    )


def state_directory(options: CrawlOptions, environ: Mapping[str, str]) -> Path:
    """What the crawls of a machine share: how often archives were asked, and what they said."""
    if options.rescue_state:
        return Path(options.rescue_state)
    state = Path(environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "warcite" / "archives"
