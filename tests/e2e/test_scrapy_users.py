"""Scrapy's own command line drives the same spider."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from crawler.demo.press import DIGESTS
from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from tests.support.shared import ROOT
from tests.support.warcite import environment, warcite


def scrapy(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *args], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=400, check=False
    )


def test_list() -> None:
    assert scrapy("list").stdout.split() == ["rescue", "sources"]


def test_crawl(tmp_path: Path) -> None:
    store = tmp_path / "archive"
    with DemoSite() as site:
        rules = f"WARCITE_CONNECT_TO={site.connect_to_rules()[0]}"
        done = scrapy("crawl", "sources", "-a", f"input={DIGESTS}", "-a", f"store={store}", "-s", rules, "-s", "DOWNLOAD_DELAY=0.05")
    assert done.returncode == 0, done.stderr
    status = warcite("status", "--targets", "--json", "--store", store, cwd=tmp_path).json
    assert {r["url"]: r["outcome"] for r in status["targets"]} == EXPECTED


def test_without_input_it_says_what_to_do() -> None:
    done = scrapy("crawl", "sources")
    assert "-a input=" in done.stderr
