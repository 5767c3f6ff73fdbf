"""M1 of the torture matrix at the size of a change: see `tests.torture.hostile`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shared import shared
from tests.torture.hostile import run


@pytest.mark.corpus
@pytest.mark.timeout(900)
def test_every_hostile_case_ends_well(tmp_path: Path) -> None:
    shared("tools/hostile_server.py")
    result = run("ci", tmp_path)
    assert result.failures == []
    assert result.counts["cases"] >= 320
