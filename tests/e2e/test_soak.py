"""M10: a long crawl with kills and store faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture import soak


@pytest.mark.timeout(900)
def test_soak(tmp_path: Path) -> None:
    result = soak.run("ci", tmp_path)
    assert result.failures == []
    assert result.counts["store faults"] > 0
    assert result.counts["kills"] == soak.SOAKS["ci"].kills
