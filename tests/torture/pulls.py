"""M15: `pull` is killed at random bytes, again and again: a bundle has its own name whole or not at all, and in the end it has it."""

from __future__ import annotations

import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.destination import FolderDestination
from archive.store import open_store
from crawler.pull.part import BLOCK
from tests.support.bundle_server import BundleServer, Served
from tests.support.bundles import make_pages
from tests.support.warcite import start
from tests.torture.result import Result, Size

_DEADLINE = 300.0  # seconds for what takes one or two
_BEHIND = 2  # kills of one download after all bytes have come: the others strike before
_LATER = 0.3  # seconds from the last byte to a kill, at most: while it is checked and named


def run(size: Size, work: Path) -> Result:
    result = Result("M15", "bundles pulled, killed at random bytes")
    whole = _bundle(work, size)
    people, kills = (1, 5) if size == "ci" else (4, 50)
    with ThreadPoolExecutor(people) as pool:
        for found in pool.map(lambda number: _kill_often(work / str(number), whole, kills), range(people)):
            result.counts += found.counts
            result.failures += found.failures
    return result


def _kill_often(work: Path, whole: bytes, kills: int) -> Result:
    """Downloads, one after another, until so many kills have struck."""
    result = Result("M15", work.name)
    chance = random.Random(work.name)
    work.mkdir()
    while (left := kills - result.counts["kills"]) > 0 and result.counts["downloads"] < kills:
        _Download(work / str(result.counts["downloads"]), whole, chance, result).run(min(left, 20))
    if left:
        result.failures.append(f"{work}: only {result.counts['kills']} of {kills} kills struck")
    return result


def _bundle(work: Path, size: Size) -> bytes:
    """At the size of a release it is fetched over several connections."""
    store = open_store(str(work / "store"))
    make_pages(store, segments=2, pages=12 if size == "ci" else 340, size=400_000 if size == "ci" else 300_000)
    make_bundles(store, BundleOptions(), FolderDestination(work), "pages")
    return (work / "pages.wacz").read_bytes()


class _Turnstile:
    """Counts the bytes that a server sends, and tells who waits for a number of them; nothing more is sent then until `open`."""

    def __init__(self) -> None:
        self.passed = 0
        self._changed = threading.Condition()
        self._limit: int | None = None
        self._holds = False

    def shut(self, after: int, *, holds: bool) -> None:
        with self._changed:
            self._limit, self._holds = self.passed + after, holds

    def open(self) -> None:
        with self._changed:
            self._limit = None
            self._changed.notify_all()

    def let_pass(self, count: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not (self._holds and self._is_shut()), _DEADLINE)
            self.passed += count
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Whether it is shut, within so long."""
        with self._changed:
            return self._changed.wait_for(self._is_shut, seconds)

    def _is_shut(self) -> bool:
        return self._limit is not None and self.passed >= self._limit


@dataclass
class _Download:
    """Of one bundle into one folder, in as many lives as it takes."""

    folder: Path
    whole: bytes
    chance: random.Random
    result: Result
    behind: int = 0  # kills after all bytes had come
    ended: bool = False

    def run(self, kills: int) -> None:
        self.folder.mkdir()
        turnstile = _Turnstile()
        with BundleServer(self._files(), passing=turnstile.let_pass) as server:
            for _ in range(kills):
                if self.behind == _BEHIND or self._life(server, turnstile):
                    break
            if not self.ended:
                turnstile.open()
                self._life(server, None)
        self.result.counts["downloads"] += 1
        self.result.counts["MB fetched twice"] += max(0, turnstile.passed - len(self.whole)) // 1_000_000

    def _files(self) -> dict[str, Served]:
        served = Served(self.whole, piece=self.chance.randrange(1 << 14, 1 << 17))
        served.ranges = self.chance.random() < 0.8  # else every life begins anew
        served.etag = self.chance.choice(['"one"', None])
        line = f"{sha256(self.whole).hexdigest()}  pages.wacz\n".encode()
        return {"/pages.wacz": served} | ({"/pages.wacz.sha256": Served(line)} if self.chance.random() < 0.5 else {})

    def _life(self, server: BundleServer, turnstile: _Turnstile | None) -> bool:
        """Whether it came to its end."""
        if turnstile is not None:
            turnstile.shut(self._bytes(), holds=self.chance.random() < 0.5)
        running = start("pull", server.url("/pages.wacz"), "--no-progress", cwd=self.folder)
        while turnstile is not None and running.poll() is None and not turnstile.wait(0.05):
            if self._all_came():
                threading.Event().wait(self.chance.uniform(0, _LATER))
                break
        if turnstile is not None and running.poll() is None:
            running.send_signal(signal.SIGKILL)
        _, said = running.communicate(timeout=_DEADLINE)
        if turnstile is not None:
            turnstile.open()
        return self._judge(running.returncode, said)

    def _bytes(self) -> int:
        """Until the next kill: a few, some blocks, or all of them."""
        some = self.chance.randrange(len(self.whole) // 3)
        return self.chance.choice([self.chance.randrange(1 << 16), some, some, len(self.whole) * 2])

    def _all_came(self) -> bool:
        """By the journal, which has a line for each block, behind its head."""
        journal = self.folder / ".pages.wacz.journal"
        lines = journal.read_bytes().splitlines()[1:] if journal.exists() else []
        return len({line.partition(b" ")[0] for line in lines if line}) * BLOCK >= len(self.whole)

    def _judge(self, code: int, said: str) -> bool:
        final = self.folder / "pages.wacz"
        if final.exists() and final.read_bytes() != self.whole:
            self.result.failures.append(f"{final}: has its own name and is not whole")
        if code == -signal.SIGKILL:
            self.result.counts["kills"] += 1
            if self._all_came() or final.exists():
                self.behind += 1
                self.result.counts["kills behind the last byte"] += 1
            return False
        left = {path.name for path in self.folder.iterdir()} - {"pages.wacz.sha256"}
        if code or left != {"pages.wacz"}:
            self.result.failures.append(f"{self.folder}: exit code {code}, {sorted(left)} there: {said.strip()[-300:]}")
        self.ended = True
        return True
