"""M8: two crawlers, one archive: the union is complete, no record has another's name, no manifest is written twice, kills or not."""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.store import open_store
from archive.warc.reader import iterate_records
from tests.support.waiting import until
from tests.torture import victims
from tests.torture.nothing_lost import Crawl, broken_promises
from tests.torture.points import IN_THE_CRAWL
from tests.torture.result import Result, Size
from tests.torture.small_site import SmallSite

logger = logging.getLogger(__name__)

STORE = "warcite-archive"


@dataclass(frozen=True)
class Pair:
    """Two crawls that overlap. ``kills`` says where the first and the second die, if at all; afterwards both go on."""

    name: str
    shared: bool  # the same list, or halves of one
    kills: tuple[tuple[str, int] | None, tuple[str, int] | None] = (None, None)
    certain: bool = True  # that both come to where they die


PAIRS = (
    Pair("the same list", shared=True, kills=(("the documents are in the store", 1), None)),
    Pair(
        "disjoint lists",
        shared=False,
        kills=(("the manifest is a temporary file in the store", 1), ("a capture is written, not synced", 3)),
    ),
)


@contextmanager
def two_crawls(work: Path, shared: bool) -> Iterator[tuple[list[Crawl], SmallSite]]:
    """Both have spools of their own and one store; both ask the same site."""
    with SmallSite(96) as site:
        halves = [site.expected, site.expected] if shared else [dict(list(site.expected.items())[n::2]) for n in (0, 1)]
        crawls = []
        for name, half in zip("ab", halves, strict=True):
            file = work / f"urls-{name}.txt"
            file.write_text("".join(f"{url}\n" for url in half), encoding="utf-8")
            arguments: list[str | Path] = [file, *site.options, "--concurrency", "8", "--spool", work / f"spool-{name}", "--contact", name]
            crawls.append(Crawl(work, arguments, site.expected, victims.settings(segment_captures=30)))
        yield crawls, site


def try_pair(pair: Pair, work: Path) -> list[str]:
    """The promises that were broken. Raises `AssertionError` when a crawl did not die where it should."""
    failures: list[str] = []
    manifests = Manifests(work / STORE)
    with two_crawls(work, pair.shared) as (crawls, site):
        site.gate.clear()
        running = [victims.start(crawl, *(kill or ())) for crawl, kill in zip(crawls, pair.kills, strict=True)]
        until(lambda: len(site.askers) >= 2, seconds=600)  # now they overlap, however fast this machine is
        site.gate.set()
        ends = [victims.finish(process) for process in running]
        for crawl, kill, done in zip(crawls, pair.kills, ends, strict=True):
            died = victims.killed(done)
            assert died == bool(kill) or not pair.certain, f"{kill}: exit {done.code}, {done.err[-2000:]}"
            failures += manifests.changed()
            last = crawl.run() if died else done
            if last.code not in {0, 3}:
                failures.append(f"exit {last.code}: {last.err[-600:]}")
        failures += manifests.changed()
        for crawl in crawls:
            failures += broken_promises(crawl, site.requests)
        failures += manifests.changed()
    return failures + list(doubled(work / STORE))


def try_one_spool(work: Path) -> list[str]:
    """A second crawler on the first one's spool is refused, and does it no harm."""
    with two_crawls(work, shared=True) as ((crawl, _), site):
        site.gate.clear()
        first = victims.start(crawl)
        until(lambda: len(site.askers) >= 1, seconds=600)
        second = crawl.run()
        site.gate.set()
        done = victims.finish(first)
        failures = [] if second.code == 9 else [f"a second crawler on the same spool: exit {second.code}, {second.err[-600:]}"]
        if done.code != 3:
            failures.append(f"the first one: exit {done.code}, {done.err[-600:]}")
        return failures + list(broken_promises(crawl, site.requests))


class Manifests:
    """Which were there, and their bytes: none may change or go."""

    def __init__(self, store: Path) -> None:
        self._folder = store / "manifests"
        self._seen: dict[str, str] = {}

    def changed(self) -> Iterator[str]:
        now = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in self._folder.glob("[!.]*.json")}
        yield from (f"manifest {name} changed" for name, digest in self._seen.items() if now.get(name) != digest)
        self._seen |= now


def doubled(store: Path) -> Iterator[str]:
    """Record ids that more than one record of the archive has."""
    seen: set[str | None] = set()
    for stat in open_store(str(store)).list("warc/"):
        for record in iterate_records(store / stat.key):
            if record.record_id in seen:
                yield f"two records are {record.record_id}"
            seen.add(record.record_id)


def run(size: Size, work: Path) -> Result:
    result = Result("M8", "two crawlers, one archive")
    pairs = list(PAIRS) if size == "ci" else [*PAIRS, Pair("the same list, no kill", shared=True), *_random_pairs(9)]
    for number, pair in enumerate(pairs):
        logger.info("M8: %s %s", pair.name, pair.kills)
        directory = work / str(number)
        directory.mkdir()
        result.counts.update({"pairs": 1, "kills": len([k for k in pair.kills if k])})
        result.failures += [f"{pair.name} {pair.kills}: {line}" for line in try_pair(pair, directory)]
    (work / "one-spool").mkdir()
    result.counts["shared spools refused"] += 1
    result.failures += [f"one spool: {line}" for line in try_one_spool(work / "one-spool")]
    return result


def _random_pairs(count: int) -> Iterator[Pair]:
    """Kills at points that every crawler of a list comes to, whatever the other one does."""
    dice = random.Random(2016)
    names = [point.name for point in IN_THE_CRAWL if point.name not in _AT_THE_START]
    for number in range(count):
        yield Pair("random kills", shared=number % 2 == 0, kills=((dice.choice(names), 1), (dice.choice(names), 1)), certain=False)


_AT_THE_START = {"the run has its row", "inputs are entered, not committed", "targets are leased"}
"""A crawler killed there asks for nothing, so that the other would be waited for alone."""
