"""Real digests against the stand-in web: every outcome must be the truth, and the archive whole."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.keeper import GROUP_CAPTURES
from tests.support.shared import shared
from tests.support.standin import Standin, standin
from tests.support.waiting import until
from tests.support.warcite import start, warcite

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(600)]

FAST = ["--delay", "0.02", "--timeout", "20", "--no-progress", "--json"]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory):
    with standin(tmp_path_factory.mktemp("standin")) as web:
        yield web


@pytest.fixture(scope="module")
def digests() -> list[Path]:
    """The seed page and 200 real digest pages of all editions, the same ones each time."""
    pages = [p for p in sorted(shared("corpus/digests").rglob("*.md")) if p.name not in {"README.md", "index.md"}]
    return [shared("corpus/seeds/000_digest_page.txt"), *random.Random(2016).sample(pages, 200)]


def check_archive(archive: Path) -> str:
    judge = subprocess.run(
        [sys.executable, str(shared("tools/check_archive.py")), str(archive)], capture_output=True, text=True, timeout=300, check=False
    )
    return judge.stdout if judge.returncode else ""


def targets(cwd: Path) -> dict[str, str]:
    done = warcite("status", "--targets", "--json", cwd=cwd)
    assert done.code == 0, done.err
    return {row["url"]: row["outcome"] for row in done.json["targets"]}


def compare(outcomes: dict[str, str], web: Standin) -> list[str]:
    wrong = []
    for url, outcome in outcomes.items():
        truth = web.truth(url)
        if truth["outcome_live"] != outcome:
            wrong.append(f"{url}: {outcome}, truly {truth['outcome_live']} ({truth['fate']})")
    return wrong


def test_real_digests_end_as_the_truth_says(web: Standin, digests: list[Path], tmp_path: Path) -> None:
    done = warcite("crawl", *digests, *web.options, *FAST, cwd=tmp_path, timeout=500, **web.environment)
    report = done.json
    assert done.code == report["exit_code"] == 3, done.err
    outcomes = targets(tmp_path)
    assert len(outcomes) == report["sources"] == sum(report["outcomes"].values()) > 180
    assert compare(outcomes, web) == []
    verified = warcite("verify", "--json", cwd=tmp_path)
    assert (verified.code, verified.json["damages"]) == (0, [])
    assert check_archive(tmp_path / "warcite-archive") == ""

    hits = sum(web.stats()["hits"].values())
    again = warcite("crawl", *digests, *web.options, *FAST, cwd=tmp_path, **web.environment)
    assert (again.code, again.json["state"]) == (0, "nothing-to-do"), again.err
    assert again.json["outcomes"] == report["outcomes"]
    assert sum(web.stats()["hits"].values()) == hits


def test_through_a_proxy(digests: list[Path], tmp_path: Path) -> None:
    """http by absolute-form, https by CONNECT; nothing leaves for anywhere else, since every request goes to the proxy."""
    with standin(tmp_path) as web:
        proxy = f"http://127.0.0.1:{web.port}"
        env = {**web.environment, "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy, "https_proxy": proxy}
        done = warcite("crawl", *digests[:25], *FAST, cwd=tmp_path, timeout=300, **env)
        assert done.code in {0, 3}, done.err
        outcomes = targets(tmp_path)
        assert len(outcomes) > 15
        assert compare(outcomes, web) == []
    assert json.loads(warcite("verify", "--json", cwd=tmp_path).out)["damages"] == []


def test_kill_in_the_middle_then_again(digests: list[Path], tmp_path: Path) -> None:
    with standin(tmp_path) as web:
        args = ["crawl", *digests, *web.options, *FAST, "--concurrency", "16"]
        first = start(*args, cwd=tmp_path, **web.environment)
        until(lambda: len(web.stats()["hits"]) >= 120, first)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        fetched = web.stats()["hits"]
        second = warcite(*args, cwd=tmp_path, timeout=500, **web.environment)
        assert (second.code, second.json["state"]) == (3, "partial"), second.err
        outcomes = targets(tmp_path)
        assert compare(outcomes, web) == []
        assert sum(second.json["outcomes"].values()) == len(outcomes) == second.json["sources"]
        again = [url for url, hits in web.stats()["hits"].items() if url in outcomes and web.truth(url)["fate"] == "page" and hits > 1]
    assert len(again) <= 16 + GROUP_CAPTURES, again
    assert len(fetched) < len(outcomes)
    assert json.loads(warcite("verify", "--json", cwd=tmp_path).out)["damages"] == []
    assert check_archive(tmp_path / "warcite-archive") == ""
