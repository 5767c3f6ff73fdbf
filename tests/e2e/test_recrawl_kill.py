"""A recrawl that is killed goes on where it was: every target ends once, revisits are whole, and what is known is not asked again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from archive import manifests
from archive.store import open_store
from tests.support.warcite import environment, warcite
from tests.torture import victims
from tests.torture.kill_points import REFETCHES, crawl_of
from tests.torture.nothing_lost import broken_promises

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize(("point", "nth"), [("half of a capture is written", 30), ("the manifest is committed", 1)])
def test_a_killed_recrawl_is_continued(point: str, nth: int, tmp_path: Path) -> None:
    with crawl_of(tmp_path) as (crawl, site, _):
        assert crawl.run().code == 3
        asked = site.requests()
        again = ["recrawl", *map(str, crawl.arguments)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.killing", point, str(nth), "--", *again],
            cwd=tmp_path,
            env=environment(**crawl.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        done = victims.finish(process)
        assert victims.killed(done), f"{point!r} was not reached: exit {done.code}, {done.err[-2000:]}"
        finished = warcite(*again, cwd=tmp_path, **crawl.environment)
        assert finished.code == 3, finished.err
        assert finished.json["pending"] == 0
        assert site.requests() - asked <= asked + REFETCHES, "each address once more, but for what was under way"
        ended = {url: "unchanged" if word == "captured" else word for url, word in crawl.expected.items()}
        assert list(broken_promises(replace(crawl, expected=ended), site.requests)) == []
    committed = [m for _, m in manifests.load_all(open_store(str(tmp_path / "warcite-archive")))]
    crawled = {m.segment for m in committed if m.job == "sources"}
    assert len({m.job for m in committed if m.job != "sources"}) == 1, "one job, however often it was started"
    for manifest in committed:
        unchanged = manifest.counts["unchanged"]
        assert bool(manifest.depends_on) == bool(unchanged)
        assert set(manifest.depends_on) <= crawled
