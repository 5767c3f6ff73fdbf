"""M2 of the torture matrix at the size of a change: see `tests.torture.raw_answers`. Without the shared corpus, with samples of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.raw_answers import run


@pytest.mark.timeout(600)
def test_raw_answers_end_and_are_kept(tmp_path: Path) -> None:
    result = run("ci", tmp_path)
    assert result.failures == []
    assert result.counts["cases"] >= 200
    assert result.counts["captured"] > 50
