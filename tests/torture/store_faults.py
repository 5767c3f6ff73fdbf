"""M6: a store that fails in 20 ways while a crawl runs into it. Afterwards, the store well again, nothing may be lost or doubled."""

from __future__ import annotations

import logging
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crawler.demo.press import DIGESTS
from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from tests.support.demo import demo_options
from tests.support.s3_faults import (
    Choose,
    Fault,
    FaultyS3,
    Reply,
    Request,
    corrupt,
    cut,
    drop,
    error_in_200,
    hang,
    hang_after,
    ignore_condition,
    lose_answer,
    refuse,
    reset,
    slow,
)
from tests.support.seaweed import Seaweed, running
from tests.support.warcite import Done, environment
from tests.torture.nothing_lost import Crawl, broken_promises
from tests.torture.result import Result, Size

logger = logging.getLogger(__name__)

_PATIENT, _IMPATIENT = 60.0, 3.0  # seconds without an answer
_WHOLE, _PARTS = 100 << 20, 0  # bytes over which a file goes up in parts
_NOTHING_LEFT, _THROUGH, _DAMAGED, _STOPPED = 0, 3, 5, 6  # exit codes; a crawl of the demo is never complete
_RATES, _SEEDS, _TRIES = (0.05, 0.2, 0.5), 3, 8


@dataclass(slots=True)
class Trial:
    """A crawl of the demo into a bucket of its own, with a proxy before it that spoils what it is told to."""

    site: DemoSite
    seaweed: Seaweed
    crawl: Crawl
    spool: Path
    failures: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def run(
        self, plan: Plan, codes: Sequence[int], says: str = "", seconds: float = _PATIENT, single_put: int = _WHOLE, **env: str
    ) -> tuple[int, int]:
        """Crawl with faults; returns the exit code and how many requests were spoiled.

        Notes a failure unless it ends with one of ``codes``, and in a message in which the pattern ``says`` is found.
        """
        arguments = [str(seconds), str(single_put), "crawl", *map(str, self.crawl.arguments)]
        with FaultyS3(self.seaweed.endpoint) as proxy, self.watched():
            proxy.choose = plan(self.seaweed, proxy)
            mine = {**self.crawl.environment, "AWS_ENDPOINT_URL_S3": proxy.endpoint, "AWS_MAX_ATTEMPTS": "2", **env}
            done = subprocess.run(
                [sys.executable, "-m", "tests.torture.impatient", *arguments],
                cwd=self.crawl.directory,
                env=environment(**mine),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=400,
                check=False,
            )
        self.counts["faults"] += proxy.spoiled
        self.judge(Done(done.returncode, done.stdout, done.stderr), codes, says)
        return done.returncode, proxy.spoiled

    def run_well(self, *arguments: str | Path) -> None:
        """Crawl without a fault, all or what ``arguments`` name."""
        crawl = Crawl(self.crawl.directory, [*(arguments or (DIGESTS,)), *self.crawl.arguments[1:]], {}, self.crawl.environment)
        with self.watched():
            done = crawl.run()
        self.judge(done, [_NOTHING_LEFT, _THROUGH], "")

    def judge(self, done: Done, codes: Sequence[int], says: str) -> None:
        self.counts["crawls"] += 1
        if done.code not in codes or "Traceback" in done.err:
            self.failures.append(f"exit {done.code}, not {codes}: {done.err[-2000:]}")
        elif not re.search(says, done.err):
            self.failures.append(f"did not say {says!r}: {done.err[-2000:]}")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """What was finished before must not be asked for again."""
        finished, asked = self.finished, len(self.site.requests)
        yield
        self.failures += [f"fetched again: {url}" for url in self.site.requests[asked:] if url in finished]

    @property
    def finished(self) -> set[str]:
        """Targets whose bytes are in the spool or in the store, as the ledger knows them."""
        if not (ledger := self.spool / "ledger.sqlite").exists():
            return set()
        with closing(sqlite3.connect(ledger)) as sql:
            return {row[0] for row in sql.execute("SELECT url FROM targets WHERE state NOT IN ('queued', 'leased')")}

    def segments(self) -> dict[str, int]:
        """Names and sizes of the segments that wait in the spool."""
        return {path.name: path.stat().st_size for path in self.spool.glob("*.warc.gz")}


Plan = Callable[[Seaweed, FaultyS3], Choose]
Where = Callable[[Request], bool]
Scenario = Callable[[Trial], None]


# --- which requests are spoiled -------------------------------------------------------------------


def any_request(_: Request) -> bool:
    return True


def is_manifest(request: Request) -> bool:
    return request.method == "PUT" and "/manifests/" in request.name


def is_warc(request: Request) -> bool:
    return request.method == "PUT" and "/warc/" in request.name


def is_part(request: Request) -> bool:
    return "uploadId" in request.query


def is_completion(request: Request) -> bool:
    return request.method == "POST" and is_part(request)


def is_read(request: Request) -> bool:
    return request.method == "GET" and bool(request.name)


def is_list(request: Request) -> bool:
    return "list-type" in request.query


def is_create(request: Request) -> bool:
    return request.create_only


def each(where: Where, fault: Fault) -> Plan:
    return lambda *_: lambda request: fault if where(request) else None


def first(where: Where, fault: Fault) -> Plan:
    def plan(*_: object) -> Choose:
        left = [fault]
        return lambda request: left.pop() if left and where(request) else None

    return plan


def since(where: Where, fault: Fault) -> Plan:
    """Every request from the first that ``where`` finds."""

    def plan(*_: object) -> Choose:
        begun: list[Request] = []

        def choose(request: Request) -> Fault | None:
            if not begun and where(request):
                begun.append(request)
            return fault if begun else None

        return choose

    return plan


def well(*_: object) -> Choose:
    return lambda _: None


def nobody_listens(_: Seaweed, proxy: FaultyS3) -> Choose:
    """From the first manifest on connections are refused."""

    def gone(request: Request) -> None:
        proxy.shut_door()
        request.reset()

    return lambda request: gone if is_manifest(request) else None


def conditions_ignored(seaweed: Seaweed, _: FaultyS3) -> Choose:
    fault = ignore_condition(seaweed.client)
    return lambda request: fault if is_create(request) else None


def stale(request: Request) -> Reply:
    """A listing that does not know the manifests yet."""
    reply = request.forward()
    body = re.sub(rb"<Contents>(?:(?!</Contents>).)*<Key>[^<]*/manifests/.*?</Contents>", b"", reply.body, flags=re.DOTALL)
    return Reply(reply.status, reply.headers, body)


# --- the 20 classes -------------------------------------------------------------------------------


def one(plan: Plan, *codes: int, says: str = "", seconds: float = _PATIENT, single_put: int = _WHOLE) -> Scenario:
    def scenario(trial: Trial) -> None:
        _, spoiled = trial.run(plan, codes, says, seconds, single_put)
        if not spoiled:
            trial.failures.append("no request was spoiled")

    return scenario


def while_learning(fault: Fault, *codes: int, says: str) -> Scenario:
    """A crawl that must learn from the store what is in it, with every read spoiled: part was crawled before, and the spool is lost."""

    def scenario(trial: Trial) -> None:
        trial.run_well(min(DIGESTS.iterdir()))
        finished, asked = trial.finished, len(trial.site.requests)
        for file in trial.spool.iterdir():
            file.unlink()
        trial.run(each(is_read, fault), codes, says)
        trial.failures += [f"fetched again: {url}" for url in trial.site.requests[asked:] if url in finished]

    return scenario


def wrong_place(trial: Trial) -> None:
    """Captures wait in the spool; then the bucket is wrong, then the secret: each crawl stops at once and leaves the spool as it is."""
    trial.run(each(is_manifest, refuse(503, "SlowDown")), [_STOPPED], "slow down")
    waiting, asked = trial.segments(), len(trial.site.requests)
    trial.run(each(any_request, refuse(404, "NoSuchBucket")), [_STOPPED], "bucket does not exist")
    trial.run(well, [_STOPPED], "credentials are refused", AWS_SECRET_ACCESS_KEY="wrong")
    if not waiting or trial.segments() != waiting:
        trial.failures.append(f"the spool changed: {waiting} became {trial.segments()}")
    if len(trial.site.requests) != asked:
        trial.failures.append("pages were fetched for a store that cannot be used")


def listed_late(trial: Trial) -> None:
    """A commit that nobody heard of, then two crawls whose listings show no manifest: not that one, and not those the ledger knows."""
    unheard = each(lambda r: "/manifests/" in r.name and (is_manifest(r) or is_read(r)), lose_answer)
    trial.run(unheard, [_STOPPED], "no answer")
    for _ in range(2):
        trial.run(each(is_list, stale), [_NOTHING_LEFT, _THROUGH])


CLASSES: Mapping[str, Scenario] = {
    "500": one(each(is_manifest, refuse(500, "InternalError")), _STOPPED, says="try later"),
    "503 SlowDown": one(each(is_warc, refuse(503, "SlowDown")), _STOPPED, says="slow down"),
    "connection refused": one(nobody_listens, _STOPPED, says="no answer"),
    "time-out before the write": one(each(is_warc, hang), _STOPPED, says="no answer", seconds=_IMPATIENT),
    "time-out after the write": one(first(is_manifest, hang_after), _THROUGH, _STOPPED, seconds=_IMPATIENT),
    "reset in the body": one(each(is_warc, reset), _STOPPED, says="no answer"),
    "reset in a part": one(each(is_part, reset), _STOPPED, says="no answer", single_put=_PARTS),
    "403 in the middle": one(since(is_warc, refuse(403, "AccessDenied")), _STOPPED, says="access denied"),
    "404 NoSuchUpload": one(each(is_completion, refuse(404, "NoSuchUpload")), _STOPPED, says="run again", single_put=_PARTS),
    "200 with an error": one(first(is_completion, error_in_200), _THROUGH, single_put=_PARTS),
    "412": one(each(is_manifest, refuse(412, "PreconditionFailed")), _STOPPED, says="already"),
    "409": one(each(is_manifest, refuse(409, "ConditionalRequestConflict")), _STOPPED, says="ConditionalRequestConflict"),
    "501 on If-None-Match": one(each(is_create, refuse(501, "NotImplemented")), _THROUGH),
    "If-None-Match ignored": one(conditions_ignored, _THROUGH),
    "corrupted GET": while_learning(corrupt, _DAMAGED, says="checksum"),
    "cut GET": while_learning(cut, _STOPPED, says="no answer"),
    "1 KB/s": one(first(is_manifest, slow), _THROUGH),
    "skewed clock": one(since(is_warc, refuse(403, "RequestTimeTooSkewed")), _STOPPED, says="clock"),
    "wrong bucket": wrong_place,
    "stale listing": listed_late,
}

CHAINS = (
    ("stale listing",),
    ("corrupted GET", "cut GET", "skewed clock", "time-out before the write", "1 KB/s"),
    ("wrong bucket", "500", "time-out after the write"),
    ("connection refused", "reset in the body", "503 SlowDown", "200 with an error"),
    ("reset in a part", "404 NoSuchUpload", "409", "If-None-Match ignored"),
    ("403 in the middle", "412", "501 on If-None-Match"),
)
"""All classes once: a chain is one crawl that meets one fault after another, until its last lets it through."""


# --- at random ------------------------------------------------------------------------------------

_ANYWHERE = (refuse(500, "InternalError"), refuse(503, "SlowDown"), drop, lose_answer, reset, hang, hang_after)
_ON_CREATE = (refuse(409, "ConditionalRequestConflict"), refuse(412, "PreconditionFailed"))


def at_random(rate: float, seed: int) -> Scenario:
    """Crawls until one goes through, in which each request is spoiled, in some way that it can be, with probability ``rate``."""
    chance = random.Random(seed)

    def choose(request: Request) -> Fault | None:
        if chance.random() >= rate:
            return None
        here = [*_ANYWHERE, *(_ON_CREATE if is_create(request) else ()), *((corrupt, cut) if is_read(request) else ())]
        fault: Fault = chance.choice([*here, error_in_200] if is_completion(request) else here)
        return fault

    def scenario(trial: Trial) -> None:
        for attempt in range(_TRIES):
            single_put = (_WHOLE, _PARTS)[attempt % 2]
            code, _ = trial.run(lambda *_: choose, [_NOTHING_LEFT, _THROUGH, _DAMAGED, _STOPPED], "", _IMPATIENT, single_put)
            if code in (_NOTHING_LEFT, _THROUGH):
                return

    return scenario


# --- all together ---------------------------------------------------------------------------------


def suffer(scenarios: Sequence[Scenario], seaweed: Seaweed, work: Path) -> Trial:
    """One crawl through all the scenarios, then the same without a fault, and every promise that was broken."""
    place, spool = f"s3://{seaweed.new_bucket()}/news", work / "spool"
    settings = {"WARCITE_STORE": place, "WARCITE_SPOOL": str(spool), "WARCITE_CRAWL_SEGMENT_CAPTURES": "4"}
    with DemoSite() as site:
        options = [*demo_options(site, 0), "--jobs", "1"]
        trial = Trial(site, seaweed, Crawl(work, [DIGESTS, *options], EXPECTED, {**seaweed.environment, **settings}, place), spool)
        for scenario in scenarios:
            scenario(trial)
        trial.run_well()
        trial.failures += broken_promises(trial.crawl, lambda: len(site.requests))
    return trial


def run(size: Size, work: Path) -> Result:
    """CI: the chains. Release: each class alone as well, and faults at random at three rates, several times each."""
    result = Result("M6", "store faults of 20 classes, and at random")
    plans = {" + ".join(chain): [CLASSES[name] for name in chain] for chain in CHAINS}
    if size == "release":
        plans |= {name: [scenario] for name, scenario in CLASSES.items()}
        plans |= {f"{rate:.0%} at random, seed {seed}": [at_random(rate, seed)] for rate in _RATES for seed in range(_SEEDS)}
    started = time.monotonic()
    with running(_made(work / "seaweed")) as seaweed:
        for number, (name, scenarios) in enumerate(plans.items()):
            logger.info("M6: %d of %d: %s", number + 1, len(plans), name)
            trial = suffer(scenarios, seaweed, _made(work / f"trial-{number}"))
            result.failures += [f"{name}: {failure}" for failure in trial.failures]
            result.counts += trial.counts
    result.counts["classes"] = len(CLASSES)
    result.seconds = time.monotonic() - started
    return result


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
