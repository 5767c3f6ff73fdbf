"""M5: killed at every named point, and again inside the recovery, nothing is lost; crawlers that break a rule are caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture import victims
from tests.torture.kill_points import CASES, LEDGER_WRITES, Case, crawl_of, try_case, try_ledger_write, try_variant
from tests.torture.nothing_lost import broken_promises

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.point)
def test_a_kill_loses_nothing(case: Case, tmp_path: Path) -> None:
    assert try_case(case, case.nths[0], tmp_path) == []


def test_a_kill_while_the_ledger_is_made_loses_nothing(tmp_path: Path) -> None:
    assert try_ledger_write(LEDGER_WRITES[0], tmp_path) == []


@pytest.mark.parametrize("variant", ["no cut on recovery", "final before the commit"])
def test_a_broken_crawler_is_caught(variant: str, tmp_path: Path) -> None:
    assert try_variant(variant, tmp_path) != []


def test_a_commit_whose_answer_is_lost_is_no_conflict(tmp_path: Path) -> None:
    with crawl_of(tmp_path) as (crawl, site, _):
        done = victims.run(crawl, "-", 1, "answers to commits are lost")
        assert done.code == 3, done.err
        assert list(broken_promises(crawl, site.requests)) == []
