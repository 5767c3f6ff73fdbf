"""M13 of the torture matrix at the size of a change: see `tests.torture.damage`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.damages import DAMAGES
from tests.torture.damage import run


@pytest.mark.timeout(600)
def test_every_damage_is_found_and_named(tmp_path: Path) -> None:
    result = run("ci", tmp_path)
    assert result.failures == []
    assert result.counts["found"] == result.counts["damages"] == len(DAMAGES)
    for what in ("file", "address", "record"):
        assert result.counts[f"{what} named"] == result.counts[f"{what} to name"] > 55
    assert result.counts["flips found"] == result.counts["bits flipped"] > 0
