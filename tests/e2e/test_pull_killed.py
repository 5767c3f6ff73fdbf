"""The verb `pull` as users run it, and M15 of the torture matrix at the size of a change: see `tests.torture.pulls`."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.destination import StoreDestination
from archive.bundle.latest import latest_json
from archive.store import open_store
from tests.support.bundle_server import BundleServer, Served
from tests.support.bundles import make_pages
from tests.support.neighbours import free_port
from tests.support.waiting import until
from tests.support.warcite import start, warcite
from tests.torture.pulls import run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pull") / "store"
    place = open_store(str(root))
    make_pages(place, segments=2, pages=12, size=400_000)
    made = make_bundles(place, BundleOptions(), StoreDestination(place), "pages")
    StoreDestination(place).small("latest.json", latest_json(made))
    return root


@pytest.fixture
def server(store: Path) -> Iterator[BundleServer]:
    files = {f"/bundles/{path.name}": Served(path.read_bytes()) for path in (store / "bundles").iterdir()}
    with BundleServer(files) as running:
        yield running


@pytest.mark.timeout(300)
def test_killed_at_random_bytes_it_ends_with_the_very_bytes(tmp_path: Path) -> None:
    result = run("ci", tmp_path)
    assert not result.failures
    assert result.counts["kills"] == 5


def test_latest_of_the_store_and_of_a_server(store: Path, server: BundleServer, tmp_path: Path) -> None:
    done = warcite("pull", "latest", "--store", store, "-o", "new/folder", "--extract", "data", cwd=tmp_path)
    assert done.code == 0, done.err
    assert (tmp_path / "new/folder/pages.wacz").read_bytes() == (store / "bundles/pages.wacz").read_bytes()
    assert (tmp_path / "new/folder/pages/data/readme.md").is_file()
    assert warcite("verify", "new/folder/pages.wacz", cwd=tmp_path).code == 0
    again = warcite("pull", server.url("/latest"), "-o", "other", "--full", "--json", cwd=tmp_path)
    assert again.code == 0, again.err
    digest = hashlib.sha256((store / "bundles/pages.wacz").read_bytes()).hexdigest()
    assert again.json["bundles"][0]["sha256"] == digest
    assert (tmp_path / "other/pages.wacz.sha256").read_text() == f"{digest}  pages.wacz\n"


def test_exit_codes(store: Path, server: BundleServer, tmp_path: Path) -> None:
    server.files["/bad.wacz"] = Served((store / "bundles/pages.wacz").read_bytes()[:-4000])
    damaged = warcite("pull", server.url("/bad.wacz"), "--json", cwd=tmp_path)
    assert (damaged.code, json.loads(damaged.out)["exit_code"]) == (5, 5)
    assert warcite("pull", server.url("/none.wacz"), cwd=tmp_path).code == 7
    assert warcite("pull", "none.wacz", cwd=tmp_path).code == 7
    assert warcite("pull", f"http://127.0.0.1:{free_port()}/x.wacz", "--retries", "0", cwd=tmp_path).code == 6
    assert warcite("pull", "ftp://127.0.0.1/x.wacz", cwd=tmp_path).code == 7
    assert warcite("pull", server.url("/x.wacz"), "--sha256", "short", cwd=tmp_path).code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.timeout(300)
def test_interrupted(server: BundleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, interrupted = threading.Event(), threading.Event()

    def wait_there(_: int) -> None:
        under_way.set()
        interrupted.wait(60)

    monkeypatch.setattr(server, "passing", wait_there)
    running = start("pull", server.url("/bundles/pages.wacz"), "--no-progress", cwd=tmp_path)
    until(under_way.is_set, running)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    interrupted.set()
    running.communicate()
