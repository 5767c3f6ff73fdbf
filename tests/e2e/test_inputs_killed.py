"""SIGKILL while a crawl reads inputs that are addresses: the same command again loses nothing and fetches nothing twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import manifests
from archive.jobs import is_inputs
from archive.rows import rows_of
from archive.status import read_status
from archive.store import open_store
from archive.verify import verify_archive
from tests.support.digest_site import DIGEST, PRESS, DigestSite, day_path
from tests.support.waiting import until
from tests.torture import victims
from tests.torture.nothing_lost import Crawl

DAY = "2016-05-21"
EVENTS = {f"event-{n}": [f"e{n}-{letter}" for letter in "abc"[: 1 + n % 3]] for n in range(8)}
SOURCES = {f"{PRESS}/{name}" for names in EVENTS.values() for name in names}
PAGES = {f"{DIGEST}{day_path(DAY)}/{slug}.md" for slug in (*EVENTS, "index")}

POINTS = (
    ("the run has its row", 1),
    ("inputs that are addresses are entered, not committed", 1),
    ("captures are synced, the ledger does not say so", 3),
    ("an input is acknowledged, not read", 4),
    ("an input is read, nothing of it entered", 5),
    ("inputs that are addresses are entered, not committed", 2),
    ("inputs are entered, not committed", 3),
    ("a segment is sealed, the ledger does not know", 1),
    ("the manifest is committed", 1),
    ("the ledger is final, the spool file still there", 2),
)
AGAIN = ("an interrupted run is taken up", "leases are given back, not committed", "an input is read, nothing of it entered")


@pytest.fixture
def site() -> Iterator[DigestSite]:
    with DigestSite() as site:
        site.put_day(DAY, EVENTS)
        yield site


def crawl_of(site: DigestSite, work: Path) -> Crawl:
    index = f"{DIGEST}{day_path(DAY)}/index.md"
    return Crawl(work, [index, *site.options], dict.fromkeys(SOURCES, "captured"), victims.settings(segment_captures=4))


def all_is_there(work: Path) -> None:
    root = work / "warcite-archive"
    store, ledger = open_store(str(root)), work / "warcite-archive.spool" / "ledger.sqlite"
    assert {row["url"]: row["outcome"] for row in read_status(store, ledger, None).targets} == dict.fromkeys(SOURCES, "captured")
    report = verify_archive(store, ledger=ledger)
    assert (report.damages, report.notes) == ([], [])
    committed = [m for _, m in manifests.load_all(store)]
    assert {row["title"] for m in committed for row in rows_of(store, m, "events")} == {f"Event {slug}" for slug in EVENTS}
    assert {o.url for m in committed if is_inputs(m.job) for o in m.outcomes} == PAGES
    cited = {d["url"]: len(d["citations"]) for m in committed for d in rows_of(store, m, "documents")}
    assert cited == dict.fromkeys(SOURCES, 1)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("point", "nth"), POINTS)
def test_killed_at_a_point_and_once_more_the_next_one_finishes(site: DigestSite, tmp_path: Path, point: str, nth: int) -> None:
    crawl, spool = crawl_of(site, tmp_path), tmp_path / "warcite-archive.spool"
    died = victims.run(crawl, point, nth)
    assert victims.killed(died), f"{point!r} was not reached: exit {died.code}, {died.err[-2000:]}"
    second = AGAIN[hash_of(point, nth) % len(AGAIN)]
    known, _ = victims.acknowledged(spool), site.take_asked()
    victims.run(crawl, second, 1)  # may have nothing left to die at
    known_later, asked = victims.acknowledged(spool), site.take_asked()
    assert not known.intersection(asked)
    done = crawl.run()
    assert done.code == 0, done.err
    if known_later != SOURCES | PAGES:
        assert not known_later.intersection(site.take_asked())
    all_is_there(tmp_path)
    site.take_asked()
    again = crawl.run()
    assert (again.code, again.json["state"], again.json["inputs"]["unchanged"]) == (0, "nothing-to-do", len(PAGES)), again.err
    assert not SOURCES.intersection(site.take_asked())


def hash_of(point: str, nth: int) -> int:
    """The same in every process."""
    return sum(point.encode()) + nth


@pytest.mark.timeout(600)
def test_ctrl_c_while_sources_wait_keeps_what_was_read(site: DigestSite, tmp_path: Path) -> None:
    crawl = crawl_of(site, tmp_path)
    site.gate.clear()
    slow = victims.start(crawl)
    until(lambda: any(url.startswith(PRESS) for url in site.asked), slow)
    slow.send_signal(signal.SIGINT)
    site.gate.set()
    done = victims.finish(slow)
    assert (done.code, done.json["state"]) == (130, "interrupted"), done.err
    known = victims.acknowledged(tmp_path / "warcite-archive.spool")
    site.take_asked()
    assert (last := crawl.run()).code == 0, last.err
    assert not known.intersection(site.take_asked())
    all_is_there(tmp_path)
