"""M9: the order of write, fsync, rename and commit, and what a power cut leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.torture.fsync_order import FORGOTTEN, RULES, Traced, choose_cuts, cut_power, follow, removed_early, traced_crawl
from tests.torture.trace import read_calls

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traced]:
    with traced_crawl(tmp_path_factory.mktemp("traced")) as traced:
        yield traced


def test_every_write_is_synced_before_anything_relies_on_it(traced: Traced) -> None:
    order = follow(traced.calls, traced.root)
    assert order.broken == []
    assert set(order.counts) == RULES
    assert order.counts["capture: write < fsync < ledger"] == len(traced.crawl.expected)


@pytest.mark.parametrize("name", FORGOTTEN)
def test_a_forgotten_sync_is_noticed(traced: Traced, name: str) -> None:
    assert follow(traced.calls, traced.root, FORGOTTEN[name]).broken != []


def test_a_crawler_that_never_syncs_is_noticed(tmp_path: Path) -> None:
    with traced_crawl(tmp_path, "segments are never synced") as broken:
        assert follow(broken.calls, broken.root).broken != []


def test_a_spool_file_that_goes_early_is_noticed(traced: Traced) -> None:
    assert follow(removed_early(traced.calls), traced.root).broken != []


@pytest.mark.parametrize("number", range(3))
def test_a_power_cut_loses_nothing_acknowledged(traced: Traced, number: int, tmp_path: Path) -> None:
    cut = choose_cuts(traced.calls, 3)[number]
    assert list(cut_power(cut, traced, tmp_path / "left")) == []


def test_calls_in_two_lines_are_joined_and_a_write_of_unknown_end_is_told(tmp_path: Path) -> None:
    log, file = tmp_path / "log", tmp_path / "root" / "segment"
    log.write_text(
        f'1 write(3<{file}>, "a) = ?", 6) = 6\n'
        f'1 pwrite64(3<{file}>, "bc", 2, 40 <unfinished ...>\n2 +++ exited with 0 +++\n1 <... pwrite64 resumed>)      = 2\n'
        f'2 openat(AT_FDCWD<{file.parent}>, "/elsewhere/module.pyc", O_RDONLY|O_CLOEXEC <unfinished ...>\n'
        f'3 openat(AT_FDCWD<{file.parent}>, "{file}", O_RDONLY|O_CLOEXEC) = ?\n3 +++ killed by SIGKILL +++\n'
    )
    calls = [(call.data, call.numbers, call.result) for call in read_calls(log, file.parent)]
    assert calls == [(b"a) = ?", (6,), 6), (b"bc", (2, 40), 2)]
    with log.open("a") as more:
        more.write(f'1 write(3<{file}>, "d", 1 <unfinished ...>\n')
    with pytest.raises(ValueError, match="killed in a call"):
        list(read_calls(log, file.parent))
