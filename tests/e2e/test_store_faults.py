"""M6 of the torture matrix at the size of a change: see `tests.torture.store_faults`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.seaweed import Seaweed
from tests.torture.store_faults import CHAINS, CLASSES, suffer


@pytest.mark.timeout(600)
@pytest.mark.parametrize("chain", CHAINS, ids=" + ".join)
def test_nothing_is_lost_when_the_store_fails(chain: tuple[str, ...], seaweed: Seaweed, tmp_path: Path) -> None:
    trial = suffer([CLASSES[name] for name in chain], seaweed, tmp_path)
    assert trial.failures == []


def test_every_class_is_met_once() -> None:
    assert len(CLASSES) == 20
    assert sorted(name for chain in CHAINS for name in chain) == sorted(CLASSES)
