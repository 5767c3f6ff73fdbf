"""M8: two crawlers into one archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.two_crawlers import PAIRS, Pair, try_one_spool, try_pair

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_union_is_complete(pair: Pair, tmp_path: Path) -> None:
    assert try_pair(pair, tmp_path) == []


def test_a_spool_in_use_is_refused(tmp_path: Path) -> None:
    assert try_one_spool(tmp_path) == []
