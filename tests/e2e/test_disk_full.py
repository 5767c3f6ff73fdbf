"""The spool's disk fills in the middle of a crawl: an exit code of its own, nothing lost, and the next run goes on."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shared import shared
from tests.support.standin import standin
from tests.support.warcite import warcite

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(300)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "spool"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_stops_the_crawl_and_more_room_finishes_it(small_disk: Path, tmp_path: Path) -> None:
    pages = [p for p in sorted(shared("corpus/digests").rglob("*.md")) if p.name not in {"README.md", "index.md"}]
    digests = random.Random(2016).sample(pages, 150)
    with standin(tmp_path) as web:
        args = [*digests, *web.options, "--delay", "0.02", "--timeout", "20", "--spool", small_disk, "--no-progress", "--json"]
        full = warcite("crawl", *args, cwd=tmp_path, timeout=100, **web.environment)
        assert full.code == 8, full.err
        assert "no space left" in full.err
        assert "Traceback" not in full.err
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        done = warcite("crawl", *args, cwd=tmp_path, timeout=100, **web.environment)
        assert (done.code, done.json["pending"]) == (3, 0), done.err
        rows = warcite("status", "--targets", "--json", cwd=tmp_path).json["targets"]
        assert [r["url"] for r in rows if web.truth(r["url"])["outcome_live"] != r["outcome"]] == []
    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []
