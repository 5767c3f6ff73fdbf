"""What the processes of a crawl have while they live: memory, descriptors, threads, the size of the ledger."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.small_site import SmallSite

_EVERY = 0.2  # seconds between samples


@dataclass(frozen=True)
class Sample:
    """What a process had when the site had been asked so often."""

    at: float  # seconds, monotonic
    requests: int
    rss: int  # KiB
    files: int
    threads: int
    ledger: int  # bytes, with its write-ahead log


@dataclass
class Life:
    """One process of the crawl."""

    samples: list[Sample] = field(default_factory=list)

    def at(self, share: float) -> Sample:
        """The first sample when it had made this share of all its requests."""
        first, last = self.samples[0].requests, self.samples[-1].requests
        return next(s for s in self.samples if s.requests >= first + share * (last - first))

    def most(self, what: str, start: float, end: float) -> int:
        """The highest value of a field between two shares."""
        first, last = self.at(start).at, self.at(end).at
        return max(int(getattr(s, what)) for s in self.samples if first <= s.at <= last)

    def speed(self, start: float, end: float) -> float:
        """Requests a second between two shares."""
        a, b = self.at(start), self.at(end)
        return (b.requests - a.requests) / max(b.at - a.at, 0.001)


@contextmanager
def sampled(pid: int, site: SmallSite, ledger: Path) -> Iterator[Life]:
    """Follow a process until it ends or the block does."""
    life, ended = Life(), threading.Event()

    def follow() -> None:
        while not ended.wait(_EVERY):
            try:
                life.samples.append(_sample(Path(f"/proc/{pid}"), site, ledger))
            except (OSError, KeyError):  # it is gone
                return

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield life
    finally:
        ended.set()
        thread.join()


def _sample(process: Path, site: SmallSite, ledger: Path) -> Sample:
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    rss, threads = (int(status[name].split()[0]) for name in ("VmRSS", "Threads"))
    files = len(list((process / "fd").iterdir()))
    size = sum(file.stat().st_size for file in (ledger, ledger.with_name(f"{ledger.name}-wal")) if file.exists())
    return Sample(time.monotonic(), site.requests(), rss, files, threads, size)
