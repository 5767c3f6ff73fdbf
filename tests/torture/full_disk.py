"""M7: no space left, at five places: the crawl stops with its own exit status, nothing is lost, and more room finishes it."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.support.warcite import Done
from tests.torture import victims
from tests.torture.kill_points import REFETCHES, crawl_of
from tests.torture.nothing_lost import Crawl, broken_promises
from tests.torture.result import Result, Size
from tests.torture.trace import strace

logger = logging.getLogger(__name__)

STORE, SPOOL = "warcite-archive", "warcite-archive.spool"

Full = AbstractContextManager[Callable[[], Done]]
"""Inside, the disk is full for whoever calls it; more room when it is left."""


@dataclass(frozen=True)
class Place:
    """``limits`` are where the room ends: one for every change, the others before a release. ``talks``: the crawl can say why it stops."""

    name: str
    full: Callable[[Crawl, int], Full]
    limits: tuple[int, ...]
    paragraphs: int = 60  # of a page
    targets: int = 96
    codes: frozenset[int] = frozenset({8})
    talks: bool = True


@contextmanager
def _small_disk(crawl: Crawl, folder: str, kilobytes: int) -> Iterator[Callable[[], Done]]:
    disk = crawl.directory / folder
    disk.mkdir()
    require_mounts()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)], check=True)
    try:
        yield lambda: victims.run(crawl)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    except BaseException:
        unmount(disk)
        raise


def unmount(disk: Path) -> None:
    subprocess.run(["umount", "--lazy", str(disk)], check=False, capture_output=True)


def require_mounts() -> None:
    """Skips the test where no tmpfs may be mounted."""
    if not _may_mount():
        pytest.skip("needs the right to mount a tmpfs: run it as root")


@cache
def _may_mount() -> bool:
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return os.geteuid() == 0 and subprocess.run(probe, capture_output=True, check=False).returncode == 0


@contextmanager
def _full_ledger(crawl: Crawl, writes: int) -> Iterator[Callable[[], Done]]:
    """The write-ahead log cannot grow after so many writes, and in a second run not at all."""
    log = crawl.directory / SPOOL / "ledger.sqlite-wal"
    left = [1, writes]

    def start() -> Done:
        fault = ["-e", "trace=pwrite64", "-e", f"inject=pwrite64:error=ENOSPC:when={left.pop()}+"]
        return victims.run(crawl, before=[strace(), "-f", "-qq", "-o", os.devnull, "-P", str(log), *fault])

    yield start


@contextmanager
def _full_log(crawl: Crawl, verbosity: int) -> Iterator[Callable[[], Done]]:
    with Path("/dev/full").open("w") as full:
        talkative = Crawl(crawl.directory, [*crawl.arguments, *["-v"] * verbosity], crawl.expected, crawl.environment)
        yield lambda: victims.run(talkative, log=full)


@contextmanager
def _small_files(crawl: Crawl, kilobytes: int) -> Iterator[Callable[[], Done]]:
    """No file may grow beyond this: of those in the spool, the clean text of a segment does so first."""
    yield lambda: victims.run(crawl, before=["prlimit", f"--fsize={kilobytes * 1024}"])


PLACES = (
    Place("the spool", lambda crawl, n: _small_disk(crawl, SPOOL, n), (700, 500, 900)),
    Place("the ledger", _full_ledger, (150, 3, 220), paragraphs=4),
    Place("the store", lambda crawl, n: _small_disk(crawl, STORE, n), (200, 100, 300)),
    Place("the log", _full_log, (0, 1, 2), codes=frozenset({0, 3, 8}), talks=False),
    Place("the documents file", _small_files, (1500, 1200, 1800), paragraphs=400, targets=24),
)


def try_place(place: Place, limit: int, work: Path, starts: int = 1) -> list[str]:
    """The promises that were broken; ``starts`` crawls find the disk full."""
    failures: list[str] = []
    with crawl_of(work, place.targets, place.paragraphs) as (crawl, site, watch):
        try:
            with place.full(crawl, limit) as run:
                for _ in range(starts):
                    failures += _stopped(place, run())
                    watch.death()
            done = crawl.run()
            if done.code not in {0, 3}:
                failures.append(f"with more room: exit {done.code}, {done.err[-600:]}")
            failures += watch.fetched_again()
            failures += watch.too_many(REFETCHES)
            failures += broken_promises(crawl, site.requests)
        finally:
            for folder in (SPOOL, STORE):
                unmount(work / folder)
    return failures


def _stopped(place: Place, done: Done) -> Iterator[str]:
    if done.code not in place.codes:
        yield f"exit {done.code} instead of {sorted(place.codes)}: {done.err[-1000:]}"
    if "Traceback" in done.err or (place.talks and "no space left" not in done.err):
        yield f"it said: {done.err[-1000:]}"


def run(size: Size, work: Path) -> Result:
    result = Result("M7", "disk full at five places")
    for place in PLACES:
        for limit in place.limits[: 1 if size == "ci" else None]:
            logger.info("M7: %s at %d", place.name, limit)
            directory = work / f"{place.name.replace(' ', '-')}-{limit}"
            directory.mkdir()
            starts = 1 if size == "ci" else 2
            result.counts.update({"cases": 1, "full disks": starts})
            result.failures += [f"{place.name} at {limit}: {line}" for line in try_place(place, limit, directory, starts)]
    return result
