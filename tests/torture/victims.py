"""Crawls that are killed, how they died, and what they had acknowledged by then."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.support.warcite import Done, environment
from tests.torture.nothing_lost import Crawl
from tests.torture.small_site import SmallSite

_LONG = 400.0  # seconds a crawl may take on an overloaded machine


def command(crawl: Crawl, point: str = "-", nth: int = 1, *variants: str) -> list[str]:
    return [sys.executable, "-m", "tests.torture.killing", point, str(nth), *variants, "--", "crawl", *map(str, crawl.arguments)]


def start(
    crawl: Crawl, point: str = "-", nth: int = 1, *variants: str, before: Sequence[str] = (), log: IO[str] | int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start the crawl, wired to die the ``nth`` time it reaches ``point``.

    ``before`` is a command that runs this one, ``log`` where standard error goes.
    """
    return subprocess.Popen(
        [*before, *command(crawl, point, nth, *variants)],
        cwd=crawl.directory,
        env=environment(**crawl.environment),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = _LONG) -> Done:
    """Wait until the crawl and its children are gone. Raises `subprocess.TimeoutExpired` once it has killed one that hangs."""
    try:
        out, err = process.communicate(timeout=seconds)  # children hold these pipes: an end of file says that they are gone
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    require_no_child_of(process.pid)
    return Done(process.returncode, out, err or "")


def run(
    crawl: Crawl, point: str = "-", nth: int = 1, *variants: str, before: Sequence[str] = (), log: IO[str] | int = subprocess.PIPE
) -> Done:
    return finish(start(crawl, point, nth, *variants, before=before, log=log))


def require_no_child_of(pid: int, seconds: float = 30) -> None:
    """Raises `AssertionError` when an extraction process of the dead crawler ``pid`` is still there after a while."""
    until = time.monotonic() + seconds
    while left := list(_children_of(pid)):
        assert time.monotonic() < until, f"extraction processes outlived the crawler: {left}"
        time.sleep(0.02)


def _children_of(pid: int) -> Iterator[int]:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"pipelines.worker" in arguments and str(pid).encode() in arguments:
            yield int(file.parent.name)


def acknowledged(spool: Path) -> set[str]:
    """The addresses whose captures a ledger vouches for, as a dead process left it. Reads a copy: opening a ledger recovers it."""
    if not (spool / "ledger.sqlite").exists():
        return set()
    with tempfile.TemporaryDirectory() as copy:
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            if (spool / name).exists():
                shutil.copy(spool / name, copy)
        with closing(sqlite3.connect(f"{copy}/ledger.sqlite")) as sql:
            if not sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'targets'").fetchone():
                return set()
            return {row[0] for row in sql.execute("SELECT url FROM targets WHERE state NOT IN ('queued', 'leased')")}


@dataclass
class Watch:
    """What a site was asked after each death, held against what had been acknowledged before."""

    site: SmallSite
    spool: Path
    deaths: int = 0
    _known: list[tuple[int, set[str]]] = field(default_factory=list)

    def death(self, known: set[str] | None = None) -> None:
        """``known`` is what had been acknowledged, where the spool no longer tells."""
        self.deaths += 1
        self._known.append((self.site.requests(), acknowledged(self.spool) if known is None else known))

    def fetched_again(self) -> Iterator[str]:
        """Acknowledged captures that were asked for once more."""
        asked = self.site.asked
        for number, (start, known) in enumerate(self._known, 1):
            for url in sorted(known.intersection(asked[start:])):
                yield f"{url} was acknowledged before death {number} and fetched again"

    def too_many(self, limit_per_death: int) -> Iterator[str]:
        if (again := self.site.refetched()) > (allowed := limit_per_death * self.deaths):
            yield f"{again} refetches after {self.deaths} deaths, {allowed} allowed"


def killed(done: Done) -> bool:
    return done.code == -signal.SIGKILL


def settings(**values: float) -> Mapping[str, str]:
    """``[crawl]`` settings as environment variables."""
    return {f"WARCITE_CRAWL_{name.upper()}": str(value) for name, value in values.items()}
