"""M10: a long crawl with kills and store faults: nothing is lost, and memory, descriptors, threads and the ledger do not grow."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from archive.spool.directory import find_spool
from tests.support.s3_faults import Choose, FaultyS3, drop, lose_answer, refuse
from tests.support.seaweed import running
from tests.support.waiting import until
from tests.support.warcite import Done
from tests.torture import victims
from tests.torture.kill_points import REFETCHES
from tests.torture.lives import Life, sampled
from tests.torture.nothing_lost import Crawl, broken_promises
from tests.torture.result import Result, Size
from tests.torture.small_site import SmallSite
from tests.torture.victims import Watch

logger = logging.getLogger(__name__)

FAULTS = 0.02  # share of the requests to the store
_STARTS = 10  # of the crawl after the last kill: each may be stopped by the store's faults


@dataclass(frozen=True)
class Soak:
    """``until`` is the share of the pages in which the kills are: one process does the rest, so that it can be followed.

    ``growth`` is what the RSS at the end may be of that after a tenth; a short crawl's has hardly levelled off by then.
    """

    pages: int
    kills: int
    growth: float
    until: float = 0.3


SOAKS: dict[Size, Soak] = {"ci": Soak(1_000, 5, 1.25), "release": Soak(10_000, 10, 1.1)}


@dataclass(frozen=True)
class Scene:
    crawl: Crawl
    site: SmallSite
    store: FaultyS3
    spool: Path


@contextmanager
def faulty_crawl(work: Path, pages: int) -> Iterator[Scene]:
    """A crawl of many hosts into a real S3 server that fails now and then."""
    (work / "server").mkdir()
    with SmallSite(pages, hosts=40) as site, running(work / "server") as server, FaultyS3(server.endpoint) as store:
        uri = f"s3://{server.new_bucket()}/soak"
        environment = {
            **server.environment,
            "AWS_ENDPOINT_URL_S3": store.endpoint,
            "WARCITE_STORE": uri,
            "XDG_STATE_HOME": str(work / "state"),
            **victims.settings(segment_captures=30),
        }
        arguments: list[str | Path] = [site.list_in(work), *site.options, "--concurrency", "8"]
        crawl = Crawl(work, arguments, site.expected, environment, place=uri)
        yield Scene(crawl, site, store, find_spool(uri, None, environment))


def sometimes(dice: random.Random) -> Choose:
    """A fault for every fiftieth request, as S3 has them."""
    faults = (refuse(500, "InternalError"), refuse(503, "SlowDown"), drop, lose_answer)
    number = count(1)
    return lambda _: dice.choice(faults) if next(number) % round(1 / FAULTS) == 0 else None


def run(size: Size, work: Path) -> Result:
    result = Result("M10", "soak: a long crawl with kills and store faults")
    soak = SOAKS[size]
    with faulty_crawl(work, soak.pages) as scene:
        scene.store.choose = sometimes(random.Random(2016))
        watch = Watch(scene.site, scene.spool)
        for number in range(soak.kills):
            _kill_at(scene, soak.pages * soak.until * (number + 1) / soak.kills)
            watch.death()
        last, done = _go_on(scene, watch)
        if done.code != 3:
            result.failures.append(f"it ended with {done.code}: {done.err[-600:]}")
        scene.store.choose = lambda _: None
        result.failures += [*watch.fetched_again(), *watch.too_many(REFETCHES)]
        result.failures += broken_promises(scene.crawl, scene.site.requests)
        result.failures += grown(last, soak.growth)
        result.counts.update({"pages": soak.pages, "kills": soak.kills, "store faults": scene.store.spoiled})
        result.counts.update({"refetches": scene.site.refetched(), **figures(last)})
    return result


def _kill_at(scene: Scene, requests: float) -> None:
    """Start the crawl and kill it once the site was asked so often."""
    logger.info("M10: kill at %d requests", requests)
    process = victims.start(scene.crawl)
    until(lambda: scene.site.requests() >= requests, process, seconds=3 * 3600)
    process.kill()
    victims.finish(process)


def _go_on(scene: Scene, watch: Watch) -> tuple[Life, Done]:
    """Start the crawl until it ends well; the life of the process that did most."""
    lives = []
    for _ in range(_STARTS):
        process = victims.start(scene.crawl)
        with sampled(process.pid, scene.site, scene.spool / "ledger.sqlite") as life:
            done = victims.finish(process, seconds=3 * 3600)
        lives.append(life)
        if done.code != 6:
            break
        watch.death()
    return max((life for life in lives if life.samples), key=lambda life: life.samples[-1].requests - life.samples[0].requests), done


def figures(life: Life) -> dict[str, int]:
    """What is published; speed is not tested, since machines are busy with other things."""
    early, late = life.at(0.1), life.at(1.0)
    return {
        "RSS at 10 %, MiB": early.rss >> 10,
        "RSS at the end, MiB": late.rss >> 10,
        "open files at 10 %": early.files,
        "open files at the end": late.files,
        "threads at 10 %": early.threads,
        "threads at the end": late.threads,
        "ledger at the end, KiB": late.ledger >> 10,
        "pages/s, first tenth": round(life.speed(0, 0.1)),
        "pages/s, last tenth": round(life.speed(0.9, 1)),
    }


def grown(life: Life, growth: float) -> Iterator[str]:
    """What the process has more of in the second half of its work than before."""
    early, late = life.at(0.1), life.at(1.0)
    if late.rss > growth * early.rss:
        yield f"RSS grew from {early.rss} KiB to {late.rss} KiB"
    for what, slack in (("threads", 2), ("files", 8)):
        before, after = life.most(what, 0, 0.5), life.most(what, 0.5, 1)
        if after > before + slack:
            yield f"{what} grew from {before} to {after}"
    if late.ledger > _LEDGER_LOG + 3_000 * late.requests:
        yield f"the ledger has {late.ledger} bytes for {late.requests} pages"


_LEDGER_LOG = 40 << 20  # bytes the write-ahead log may take before SQLite folds it in
