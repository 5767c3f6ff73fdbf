"""What a crawl can be told: one typed value, made from command line, environment and configuration file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Archive:
    """A web archive that dead sources are looked up in.

    ``cdx``: a CDX server (``index``) and raw playback (``playback``, with ``{timestamp}`` and ``{url}``). ``memento``: a TimeMap, or else
    a TimeGate, with ``{url}``. ``commoncrawl``: the list of indexes (``index``) and the folder of its WARC files (``data``).
    """

    name: str
    kind: Literal["cdx", "memento", "commoncrawl"]
    index: str = ""
    playback: str = ""
    timemap: str = ""
    timegate: str = ""
    data: str = ""

    def __post_init__(self) -> None:
        """Raises `ValueError` naming what is missing."""
        for part, holes in self._needed().items():
            value = str(getattr(self, part))
            if not value.startswith(("http://", "https://")) or not all(hole in value for hole in holes):
                raise ValueError(f"{self.name}: {part} must be an address{' with ' if holes else ''}{' and '.join(holes)}, not {value!r}")

    def _needed(self) -> dict[str, tuple[str, ...]]:
        """Addresses that this kind has to have, and what must be in them."""
        match self.kind:
            case "cdx":
                return {"index": (), "playback": ("{timestamp}", "{url}")}
            case "memento":
                return {name: ("{url}",) for name in ("timemap", "timegate") if getattr(self, name)} or {"timemap": ("{url}",)}
            case "commoncrawl":
                return {"index": (), "data": ()}


ARCHIVES = (
    Archive(
        "web.archive.org",
        "cdx",
        index="https://web.archive.org/cdx/search/cdx",
        playback="https://web.archive.org/web/{timestamp}id_/{url}",
    ),
    Archive("commoncrawl.org", "commoncrawl", index="https://index.commoncrawl.org/collinfo.json", data="https://data.commoncrawl.org/"),
)


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Defaults are polite and safe: one request per host at a time, a second apart, robots.txt obeyed, public addresses only."""

    store: str = "./warcite-archive"
    spool: str | None = None  # default: beside a file:// store, else under the user's state directory
    delay: float = 1.0  # seconds between requests to one host
    concurrency: int = 64  # requests under way, over all hosts
    timeout: float = 60.0  # seconds for one whole exchange
    retries: int = 2
    max_bytes: int = 32 << 20  # of one response as it comes over the wire
    contact: str | None = None  # mail or web address in the User-Agent
    robots: Literal["obey", "ignore"] = "obey"
    jobs: int = 0  # extraction processes; 0: one a core
    connect_to: tuple[str, ...] = ()
    allow_private: tuple[str, ...] = ()
    segment_captures: int = 1000
    segment_bytes: int = 64 << 20
    segment_seconds: float = 600.0
    extract_deadline: float = 20.0  # seconds of CPU a page's extraction may take
    extract_memory: int = field(default=1 << 30)  # bytes
    rescue: bool = False  # look for dead sources in web archives, in a second pass
    rescue_blocked: bool = False  # for blocked ones too
    rescue_threshold: float | None = None  # score from which a copy is taken; none: the calibrated one
    rescue_window: float = 30 * 86400.0  # seconds a copy may lie from the moment it was asked for
    rescue_remember: float = 7 * 86400.0  # seconds that an archive's answers are believed, "nothing" too
    rescue_state: str | None = None  # folder that the crawls of a machine share; default: under the user's state directory
    cdx_rate: float = 24.0  # look-ups a minute in one archive, of all crawls on this machine
    archives: tuple[Archive, ...] = ARCHIVES
