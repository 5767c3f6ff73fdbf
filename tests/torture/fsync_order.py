"""M9: every write, fsync, rename and commit of a traced crawl in the order that survives a power cut; then power cuts.

kill -9 does not test this, since the page cache outlives the process. The order is checked by what a disk that forgets
(`disk`) would certainly keep at each step: what the ledger says must be there whenever the ledger says it.
"""

from __future__ import annotations

import logging
import random
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive import manifests
from archive.digests import sha256_hex
from tests.support.warcite import environment
from tests.torture import victims
from tests.torture.disk import Disk, Loss
from tests.torture.kill_points import crawl_of
from tests.torture.nothing_lost import Crawl, broken_promises
from tests.torture.result import Result, Size
from tests.torture.small_site import SmallSite
from tests.torture.trace import Call, read_calls, trace
from tests.torture.victims import Watch

STORE, SPOOL = "warcite-archive", "warcite-archive.spool"
_LEDGER = ("ledger.sqlite", "ledger.sqlite-wal")

_LEDGER_NAMED = "ledger: folder fsync < first commit"
_CAPTURE = "capture: write < fsync < ledger"
_LENGTH = "segment: fsync < length in the ledger"
_SEAL = "seal: rename < folder fsync < ledger"
_COMMIT = "commit: manifest's link < folder fsync < ledger's finish"
_MANIFEST = "manifest: its own bytes' fsync < its link"
_OBJECT = "object: fsync < rename < folder fsync < manifest"
_REMOVAL = "spool file: ledger's finish < unlink"
RULES = frozenset({_LEDGER_NAMED, _CAPTURE, _LENGTH, _SEAL, _COMMIT, _MANIFEST, _OBJECT, _REMOVAL})

logger = logging.getLogger(__name__)


@dataclass
class Order:
    """Follows a trace call by call. ``broken`` says where the order was wrong, ``counts`` how often each rule was put to the test."""

    root: Path
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.disk = Disk(self.root)
        self._seen: set[tuple[str, str]] = set()
        self._committed: set[str] = set()  # segments whose manifest the ledger certainly knows

    def follow(self, call: Call) -> None:
        if call.name == "link" and Path(call.other).parent.name == "manifests":
            self._manifest(call)
        elif call.name == "unlink" and call.path.startswith(f"{self.root}/{SPOOL}/") and call.path.endswith((".warc.gz", ".open")):
            self._removal(Path(call.path))
        self.disk.apply(call)
        if call.name in {"fsync", "fdatasync"} and call.path.endswith("ledger.sqlite-wal"):
            self._ledger()

    def _require(self, held: bool, rule: str, what: str) -> None:
        if (rule, what) not in self._seen:
            self._seen.add((rule, what))
            self.counts[rule] += 1
        if not held:
            self.broken.append(f"{rule}: {what}")

    def _ledger(self) -> None:
        """What a ledger that was just made durable says must be durable too."""
        named = self.disk.survivor(self.root / SPOOL / "ledger.sqlite") is not None
        self._require(named, _LEDGER_NAMED, "ledger.sqlite")
        with ledger_left(self.disk, self.root / SPOOL) as sql:
            if sql is None:
                return
            for url, segment, end in sql.execute(
                'SELECT url, segment, "offset" + length FROM targets WHERE state = \'captured\' AND "offset" IS NOT NULL'
            ):
                self._require(self._safe(segment) >= end, _CAPTURE, url)
            for name, length, sealed in sql.execute("SELECT name, length, sealed_at FROM segments"):
                self._require(self._safe(name) >= length, _LENGTH, name)
                if sealed and length:
                    renamed = self.disk.survivor(self.root / SPOOL / f"{name}.warc.gz") is not None
                    self._require(renamed, _SEAL, name)
            for (name,) in sql.execute("SELECT segment FROM manifests"):
                self._committed.add(name)
                there = self.disk.survivor(self.root / STORE / "manifests" / f"{name}.json") is not None
                self._require(there, _COMMIT, name)

    def _safe(self, segment: str) -> int:
        """Bytes of a segment in the spool that a power cut leaves; what is in the store needs none there."""
        if segment in self._committed:
            return 1 << 62
        files = (self.root / SPOOL / f"{segment}{suffix}" for suffix in (".open", ".warc.gz"))
        return max((len(data) for data in map(self.disk.survivor, files) if data is not None), default=0)

    def _manifest(self, link: Call) -> None:
        written = self.disk.read(link.path) or b""
        self._require(self.disk.synced(link.path) == written, _MANIFEST, link.other)
        for stored in manifests.decode(written).objects:
            kept = self.disk.survivor(self.root / STORE / stored.key)
            self._require(kept is not None and sha256_hex(kept) == stored.sha256, _OBJECT, stored.key)

    def _removal(self, file: Path) -> None:
        self._require(file.name.partition(".")[0] in self._committed, _REMOVAL, file.name)


@contextmanager
def ledger_left(disk: Disk, spool: Path) -> Iterator[sqlite3.Connection | None]:
    """The ledger that a power cut would leave, opened; None when it would have no tables."""
    with tempfile.TemporaryDirectory() as copy:
        for name in _LEDGER:
            if (data := disk.survivor(spool / name)) is not None:
                (Path(copy) / name).write_bytes(data)
        with closing(sqlite3.connect(f"{copy}/ledger.sqlite")) as sql:
            yield sql if sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifests'").fetchone() else None


# --- what a trace without some of its calls must be caught at -------------------------------------


def _syncs(part: str) -> Callable[[Call], bool]:
    return lambda call: call.name in {"fsync", "fdatasync"} and re.search(part, call.path) is not None


FORGOTTEN = {
    "the segment's fsync": _syncs(rf"/{SPOOL}/[^/]+\.open$"),
    "the ledger's fsync": _syncs(r"/ledger\.sqlite-wal$"),
    "the spool folder's fsync": _syncs(rf"/{SPOOL}$"),
    "the fsync of the folder that holds the spool": lambda call: call.name == "fsync" and not re.search(r"/warcite-archive", call.path),
    "the objects' fsync": _syncs(rf"/{STORE}/(warc|cdxj|documents|events)/\.tmp-"),
    "the object folders' fsync": _syncs(rf"/{STORE}/(warc|cdxj|documents|events)$"),
    "the manifest's fsync": _syncs(rf"/{STORE}/manifests/\.tmp-"),
    "the manifest folder's fsync": _syncs(rf"/{STORE}/manifests$"),
    "the store's own fsync": _syncs(rf"/{STORE}$"),
}
"""What a crawler might forget: a class of calls each."""


def follow(calls: list[Call], root: Path, forgotten: Callable[[Call], bool] = lambda _: False) -> Order:
    order = Order(root)
    for call in calls:
        if not forgotten(call):
            order.follow(call)
    return order


def removed_early(calls: list[Call]) -> list[Call]:
    """The same trace with each spool file gone before its manifest is there."""
    removals = [c for c in calls if c.name == "unlink" and f"/{SPOOL}/" in c.path and c.path.endswith(".warc.gz")]
    kept = [c for c in calls if c not in removals]
    links = [n for n, c in enumerate(kept) if c.name == "link" and "/manifests/" in c.other]
    for place, removal in zip(reversed(links), reversed(removals), strict=True):
        kept.insert(place, removal)
    return kept


@dataclass(frozen=True)
class Traced:
    """The calls of one whole crawl into the empty folder ``root``. Its site stays up for the crawls after the power cuts."""

    calls: list[Call]
    crawl: Crawl
    site: SmallSite

    @property
    def root(self) -> Path:
        return self.crawl.directory


# --- power cuts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cut:
    """A power cut before call number ``at``."""

    at: int
    loss: Loss
    seed: int

    def __str__(self) -> str:
        return f"power cut before call {self.at}, losing {self.loss} of what was not synced (seed {self.seed})"


def choose_cuts(calls: list[Call], count: int, seed: int = 2016) -> list[Cut]:
    """Anywhere in the trace, one in each of as many stretches."""
    dice = random.Random(seed)
    losses: tuple[Loss, ...] = ("all", "some", "bytes")
    stretch = len(calls) / count
    return [Cut(int((n + dice.random()) * stretch), losses[n % 3], dice.randrange(10**6)) for n in range(count)]


def cut_power(cut: Cut, traced: Traced, work: Path) -> Iterator[str]:
    """What a crawl on the disk that is left does wrong."""
    disk, known, site = Disk(traced.root), set[str](), traced.site
    for call in traced.calls[: cut.at]:
        disk.apply(call)
        if _syncs(r"/ledger\.sqlite-wal$")(call):
            known = _acknowledged(disk, traced.root / SPOOL)
    work.mkdir()
    disk.write_out(work, cut.loss, random.Random(cut.seed))
    here = replace(traced.crawl, directory=work)
    watch = Watch(site, work / SPOOL)
    watch.death(known)
    done = here.run()
    if done.code not in {0, 3}:
        yield f"the next run: exit {done.code}, {done.err[-600:]}"
    yield from watch.fetched_again()
    yield from broken_promises(here, site.requests)


def _acknowledged(disk: Disk, spool: Path) -> set[str]:
    """What the ledger vouches for, as the process sees it when its commit has returned."""
    with tempfile.TemporaryDirectory() as copy:
        for name in _LEDGER:
            (Path(copy) / name).write_bytes(disk.read(spool / name) or b"")
        return victims.acknowledged(Path(copy))


# --- the row -----------------------------------------------------------------------------------------


@contextmanager
def traced_crawl(work: Path, *variants: str) -> Iterator[Traced]:
    """One whole crawl under strace."""
    with crawl_of(work) as (crawl, site, _):
        log = work.with_name(f"{work.name}.strace")
        done = trace(victims.command(crawl, "-", 1, *variants), work, environment(**crawl.environment), log)
        assert done.returncode == 3, done.stderr[-2000:]
        yield Traced(list(read_calls(log, work)), crawl, site)


def _unsynced_passes(work: Path) -> list[str]:
    work.mkdir()
    with traced_crawl(work, "segments are never synced") as traced:
        return [] if follow(traced.calls, traced.root).broken else ["nothing noticed that segments are never synced"]


def run(size: Size, work: Path) -> Result:
    result = Result("M9", "order of write, fsync, rename and commit; power cuts")
    (work / "traced").mkdir()
    with traced_crawl(work / "traced") as traced:
        order = follow(traced.calls, traced.root)
        result.failures += order.broken
        result.failures += [f"never put to the test: {rule}" for rule in RULES - set(order.counts)]
        result.counts.update(order.counts)
        for name, forgotten in FORGOTTEN.items():
            result.counts["forgotten syncs"] += 1
            if not follow(traced.calls, traced.root, forgotten).broken:
                result.failures.append(f"nothing noticed that {name} is missing")
        result.failures += _unsynced_passes(work / "unsynced")
        for number, cut in enumerate(choose_cuts(traced.calls, 3 if size == "ci" else 50)):
            logger.info("M9: %s", cut)
            result.counts["power cuts"] += 1
            result.failures += [f"{cut}: {line}" for line in cut_power(cut, traced, work / f"cut-{number}")]
    return result
