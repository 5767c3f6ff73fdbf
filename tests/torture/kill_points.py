"""M5: SIGKILL at every named point of the commit protocol, then once more inside the recovery, then a clean run: nothing is lost."""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.keeper import GROUP_CAPTURES
from tests.support.warcite import Done
from tests.torture import victims
from tests.torture.broken import BROKEN
from tests.torture.nothing_lost import Crawl, broken_promises
from tests.torture.result import Result, Size
from tests.torture.small_site import SmallSite
from tests.torture.trace import strace
from tests.torture.victims import Watch

logger = logging.getLogger(__name__)

CONCURRENCY = 8
REFETCHES = CONCURRENCY + GROUP_CAPTURES - 1
"""A kill may cost the requests under way, and the captures that wait for their group's fsync."""


@dataclass(frozen=True)
class Case:
    """Die at ``point`` the first of ``nths`` times (before a release: each), then, in the next start, the first time at ``then``."""

    point: str
    then: str
    nths: tuple[int, ...] = (1, 3)


_ONCE = (1,)
_OFTEN = (5, 30)
_CUTTING, _CUT, _RENAMED = "a segment is about to be cut", "a segment is cut, not synced", "a cut segment is renamed"
_LEASES, _RECOVERED, _RUN = "leases are given back, not committed", "the spool is recovered", "the run has its row"
_LEARNING, _LEARNED = "a manifest is learned, not committed", "a manifest is learned, its spool file still there"
_LEFT_OVER = "the manifest is committed"

CASES = (
    Case("inputs are entered, not committed", _LEASES, _ONCE),
    Case("targets are leased", _RECOVERED),
    Case("a segment file exists that the ledger does not know", _LEASES, (2, 1)),
    Case("an answer is received, nothing of it written", _CUTTING, _OFTEN),
    Case("half of a capture is written", _CUT, _OFTEN),
    Case("a capture is written, not synced", _RENAMED, _OFTEN),
    Case("captures are synced, the ledger does not say so", _LEASES, (2, 5)),
    Case("the ledger's rows say captured, not committed", _LEASES, (2, 6)),
    Case("captures are acknowledged, not extracted", _CUTTING, (1, 5)),
    Case("a page is extracted", _RECOVERED, _OFTEN),
    Case("a full segment is about to be renamed", _CUTTING),
    Case("a segment is renamed, its folder not synced", _LEASES),
    Case("a segment is sealed, the ledger does not know", _RUN),
    Case("a segment's seal is booked, not committed", _LEFT_OVER),
    Case("the events file is written", "the WARC is in the store"),
    Case("the WARC is a temporary file in the store", "the index is in the store"),
    Case("the documents are in the store", "the manifest is a temporary file in the store"),
    Case("the manifest is committed", _LEARNING),
    Case("final states are written, not committed", _LEARNED),
    Case("the ledger is final, the spool file still there", _LEASES),
)
MORE = (
    Case("the run has its row", "inputs are entered, not committed", _ONCE),
    Case("the WARC is in the store", "the documents are in the store"),
    Case("the index is in the store", _LEFT_OVER),
    Case("the manifest is a temporary file in the store", "a page is extracted"),
    Case("the commit is answered, the ledger does not know", _LEARNED),
    Case("the spool file is gone", "targets are leased"),
    Case("all is done but the run's own row", "the run has its row", _ONCE),
)
"""What a release adds."""


LEDGER_WRITES = (20, 1, 2, 3, 5, 8, 13, 34, 55, *range(80, 240, 40))
"""Writes of the ledger's log at which to die: the first make its tables, a crawl has about 300."""


@contextmanager
def crawl_of(work: Path, targets: int = 96, paragraphs: int = 4) -> Iterator[tuple[Crawl, SmallSite, Watch]]:
    """A crawl of many small segments, its site, and who watches both."""
    with SmallSite(targets, paragraphs=paragraphs) as site:
        arguments: list[str | Path] = [site.list_in(work), *site.options, "--concurrency", str(CONCURRENCY)]
        crawl = Crawl(work, arguments, site.expected, victims.settings(segment_captures=30))
        yield crawl, site, Watch(site, work / "warcite-archive.spool")


def try_case(case: Case, nth: int, work: Path) -> list[str]:
    """The promises that were broken. Raises `AssertionError` when a point was not reached: then it is stale."""
    with crawl_of(work) as (crawl, site, watch):
        for point, times in ((case.point, nth), (case.then, 1)):
            done = victims.run(crawl, point, times)
            assert victims.killed(done), f"{point!r} was not reached: exit {done.code}, {done.err[-2000:]}"
            watch.death()
        return list(_after(crawl, site, watch, victims.run(crawl)))


def _after(crawl: Crawl, site: SmallSite, watch: Watch, clean: Done) -> Iterator[str]:
    if clean.code not in {0, 3}:
        yield f"the clean run: exit {clean.code}, {clean.err[-600:]}"
    yield from watch.fetched_again()
    yield from watch.too_many(REFETCHES)
    yield from broken_promises(crawl, site.requests)


def try_ledger_write(number: int, work: Path) -> list[str]:
    """Die at one write of the ledger's log, wherever in SQLite that is."""
    with crawl_of(work) as (crawl, site, watch):
        log = work / "warcite-archive.spool" / "ledger.sqlite-wal"
        death = ["-e", "trace=pwrite64", "-e", f"inject=pwrite64:signal=KILL:when={number}"]
        done = victims.run(crawl, before=[strace(), "-f", "-qq", "-o", os.devnull, "-P", str(log), *death])
        assert victims.killed(done), f"write {number} was not reached: exit {done.code}, {done.err[-2000:]}"
        watch.death()
        return list(_after(crawl, site, watch, victims.run(crawl)))


def try_variant(name: str, work: Path) -> list[str]:
    """What a crawler that breaks one rule is caught at."""
    variant = BROKEN[name]
    with crawl_of(work) as (crawl, site, watch):
        if variant.point != "-":
            done = victims.run(crawl, variant.point, variant.nth, name)
            assert victims.killed(done), f"{variant.point!r} was not reached: exit {done.code}, {done.err[-2000:]}"
            watch.death()
        return list(_after(crawl, site, watch, victims.run(crawl, "-", 1, name)))


def killed_at_random(work: Path, deaths: int, dice: random.Random, result: Result) -> None:
    """Kill one crawl again and again, each time after a while that dice choose, then let it finish."""
    with crawl_of(work) as (crawl, site, watch):
        for _ in range(deaths):
            process = victims.start(crawl)
            time.sleep(dice.uniform(0.2, 3.0))
            process.kill()
            if victims.killed(victims.finish(process)):
                watch.death()
        result.counts.update({"random kills": watch.deaths, "refetches": site.refetched()})
        result.failures += [f"random kills: {line}" for line in _after(crawl, site, watch, victims.run(crawl))]


def run(size: Size, work: Path) -> Result:
    result = Result("M5", "kill -9 at named points of the commit protocol, and in the recovery")
    cases, most = (CASES, 1) if size == "ci" else ((*CASES, *MORE), None)
    kills = [(case, nth) for case in cases for nth in case.nths[:most]]
    result.counts["points"] = len({case.point for case, _ in kills} | {case.then for case, _ in kills})
    for number, (case, nth) in enumerate(kills):
        logger.info("M5: %d of %d: %s (%d)", number + 1, len(kills), case.point, nth)
        result.failures += [f"{case.point} ({nth}): {line}" for line in _tried(case, nth, _empty(work / f"case-{number}"))]
        result.counts["kills"] += 2
    if size == "release":
        _kill_in_the_ledger(work, result)
        _break(work, result)
        _kill_at_random(work, 12, result)
    return result


def _tried(case: Case, nth: int, work: Path) -> list[str]:
    try:
        return try_case(case, nth, work)
    except AssertionError as stale:
        return [str(stale)]


def _kill_in_the_ledger(work: Path, result: Result) -> None:
    for number in LEDGER_WRITES:
        logger.info("M5: the ledger's write %d", number)
        result.failures += [f"write {number} of the ledger: {line}" for line in try_ledger_write(number, _empty(work / f"write-{number}"))]
        result.counts["kills"] += 1


def _break(work: Path, result: Result) -> None:
    for number, name in enumerate(BROKEN):
        logger.info("M5: a crawler with %s", name)
        result.counts["broken variants"] += 1
        if not try_variant(name, _empty(work / f"broken-{number}")):
            result.failures.append(f"nothing noticed: {name}")


def _kill_at_random(work: Path, crawls: int, result: Result) -> None:
    dice = random.Random(2016)
    for number in range(crawls):
        logger.info("M5: random kills, crawl %d of %d", number + 1, crawls)
        killed_at_random(_empty(work / f"random-{number}"), 5, dice, result)


def _empty(directory: Path) -> Path:
    directory.mkdir()
    return directory
