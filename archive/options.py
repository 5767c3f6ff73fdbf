"""What a crawl can be told: one typed value, made from command line, environment and configuration file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


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
    extract_deadline: float = 20.0  # seconds a page's extraction may take
    extract_memory: int = field(default=1 << 30)  # bytes
