"""Learning from stored WARCs, with the real extraction processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from archive import layout, profiles
from archive.digests import sha256_hex
from archive.errors import DamageError, NotFound
from archive.store import Store, open_store
from archive.sweep import sweep
from archive.takedown import plan, records_of, take_down
from archive.times import now
from pipelines.profiles import ChosenProfiles
from pipelines.survey.captures import PageIndex, index_pages
from pipelines.survey.learn import LearnedSite, Request, learn_archive
from pipelines.workers import WorkerPool
from tests.support.exchanges import gzipped, record_ids, response
from tests.support.gazette import APPEAL, HOST, QUOTE, story
from tests.support.small_archive import FIRST, SECOND, Segment, commit_segment, encode_in, make_archive

pytestmark = pytest.mark.timeout(600)

STORIES = {f"http://{HOST}/{seed}": story(seed) for seed in ("flood", "mayor", "orchard")}
BOMB = b"<html><body>" + b"<p>" * 2_000_000
"""Two million elements: more than a child may hold."""


def commit(store: Store, name: str, pages: Mapping[str, bytes], first_id: int = 1) -> Segment:
    new_id = record_ids(first_id)
    info = new_id()
    headers = ("Content-Type: text/html", "Content-Encoding: gzip")
    encoded = [encode_in(info, new_id, url, response(gzipped(body), *headers), n) for n, (url, body) in enumerate(pages.items())]
    return commit_segment(store, name, info, encoded, [])


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1, deadline=300.0, memory=150 << 20) as pool:
        yield pool


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path.as_uri())


def learn(store: Store, pool: WorkerPool, *hosts: str, problems: list[str] | None = None, **options: object) -> list[LearnedSite]:
    return list(learn_archive(store, Request(hosts, **options), pool, ([] if problems is None else problems).append))  # type: ignore[arg-type]


def cut(store: Store, site: LearnedSite) -> list[str]:
    return [block.text for block in profiles.load(store, site.host, site.version or "").blocks]


def test_pages_of_several_segments_make_one_profile(store: Store, pool: WorkerPool) -> None:
    commit(store, FIRST, dict(list(STORIES.items())[:2]))
    assert learn(store, pool) == []
    commit(store, SECOND, {**dict(list(STORIES.items())[2:]), "http://herald.example/": story("herald")}, first_id=90)
    (site,) = learn(store, pool)
    assert (site.host, site.state, site.addresses, site.pages) == (HOST, "new", 3, 3)
    assert any(text.startswith(APPEAL[:40]) for text in cut(store, site))
    assert learn(store, pool)[0].state == "unchanged"
    chosen = ChosenProfiles(store, profiles.choose(store, ["latest"]))
    found = chosen.of(f"http://{HOST}/any")
    assert found is not None
    assert found.name == f"{HOST}/{site.version}"
    assert chosen.of("http://herald.example/") is None
    store.delete(layout.profile(HOST, site.version or ""))
    assert chosen.of(f"http://{HOST}/another") is found
    with pytest.raises(DamageError, match=site.version):
        ChosenProfiles(store, {HOST: site.version or ""}).of(f"http://{HOST}/any")


def test_one_address_captured_often_is_one_page(store: Store, pool: WorkerPool) -> None:
    commit(store, FIRST, {f"http://{HOST}/flood": story("flood"), f"https://www.{HOST}/flood": story("flood", QUOTE)})
    commit(store, SECOND, {f"http://{HOST}/flood": story("flood"), f"http://{HOST}/mayor": story("mayor")}, first_id=90)
    (site,) = learn(store, pool, HOST)
    assert (site.state, site.addresses, site.pages) == ("too-few", 2, 2)


def test_the_newest_capture_is_read_and_of_many_pages_an_even_share(store: Store) -> None:
    commit(store, FIRST, {f"http://{HOST}/{n}": story(str(n)) for n in range(9)})
    newer = commit(store, SECOND, {f"http://{HOST}/0": story("0")} | {f"http://other.example/{n}": story("x") for n in range(2)}, 90)
    with PageIndex() as index:
        index_pages(store, index, (), ())
        assert index.hosts() == [(HOST, 9), ("other.example", 2)]
        pages = index.pages(HOST, 100)
        assert [page.url.rpartition("/")[2] for page in pages] == ["0", "1", "2", "3", "4", "5", "6", "7", "8"]
        assert [page.warc == newer.key("warc") for page in pages] == [True] + 8 * [False]
        assert [page.url.rpartition("/")[2] for page in index.pages(HOST, 3)] == ["0", "3", "6"]


def test_copies_are_told(store: Store, pool: WorkerPool) -> None:
    commit(store, FIRST, {**STORIES, f"http://{HOST}/amp/flood": story("flood"), f"http://m.{HOST}/flood": story("flood")})
    (site,) = learn(store, pool)
    assert (site.pages, site.copies, site.state) == (3, 1, "new")  # m. is another host: this domain is no registered one


def test_what_was_taken_down_is_not_read(store: Store, pool: WorkerPool) -> None:
    commit(store, FIRST, STORIES)
    take_down(store, plan(records_of(store, f"http://{HOST}/mayor"), "withdrawn", "2016-06-01T00:00:00Z"))
    (site,) = learn(store, pool, HOST)
    assert (site.state, site.addresses) == ("too-few", 2)


def test_a_dry_run_writes_nothing(store: Store, pool: WorkerPool) -> None:
    commit(store, FIRST, STORIES)
    (site,) = learn(store, pool, dry_run=True)
    assert site.state == "new"
    assert list(store.list(layout.PROFILES)) == []
    (kept,) = learn(store, pool)
    assert kept == site
    assert learn(store, pool, dry_run=True)[0].state == "unchanged"


def test_a_page_that_breaks_its_process_is_left_out(store: Store, pool: WorkerPool) -> None:
    commit(store, FIRST, {**STORIES, f"http://{HOST}/bomb": BOMB})
    problems: list[str] = []
    (site,) = learn(store, pool, problems=problems)
    assert (site.addresses, site.pages, site.unread, site.state) == (4, 3, 1, "new")
    assert problems == []


def test_a_damaged_capture_is_named_and_the_others_are_read(store: Store, pool: WorkerPool) -> None:
    segment = commit(store, FIRST, {**STORIES, f"http://{HOST}/ferry": story("ferry")})
    ferry = segment.captures[-1]
    data = bytearray(store.get(segment.key("warc")))
    data[ferry.offset + 20 : ferry.offset + 40] = b"\0" * 20
    _replace(store, segment.key("warc"), bytes(data))
    problems: list[str] = []
    (site,) = learn(store, pool, problems=problems)
    assert (site.pages, site.unread) == (3, 1)
    assert ferry.url in problems[0]
    store.delete(segment.key("warc"))
    problems.clear()
    assert learn(store, pool, problems=problems)[0].state == "too-few"
    assert len(problems) == 4


def test_a_damaged_index_ends_it(store: Store, pool: WorkerPool) -> None:
    segment = commit(store, FIRST, STORIES)
    _replace(store, segment.key("cdxj"), store.get(segment.key("cdxj"))[:-9])
    with pytest.raises(DamageError, match="warcite rebuild"):
        learn(store, pool)
    store.delete(segment.key("cdxj"))
    with pytest.raises(DamageError, match=segment.key("cdxj")):
        learn(store, pool)


def test_a_host_that_was_not_captured(store: Store, pool: WorkerPool) -> None:
    make_archive(store)
    with pytest.raises(NotFound, match=r"nowhere\.example"):
        learn(store, pool, "nowhere.example")


def test_a_sweep_leaves_profiles(store: Store, pool: WorkerPool) -> None:
    commit(store, FIRST, STORIES)
    (site,) = learn(store, pool)
    assert sweep(store, now()).removed == ()
    assert cut(store, site)


def _replace(store: Store, key: str, data: bytes) -> None:
    store.put(key, data, sha256_hex(data))
