"""M3 of the torture matrix at the size of a change: see `tests.torture.odd_documents`. Without the shared corpus, with samples of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.odd_documents import run


@pytest.mark.timeout(600)
def test_odd_documents_cost_a_document_at_most(tmp_path: Path) -> None:
    result = run("ci", tmp_path)
    assert result.failures == []
    assert result.counts["cases"] >= 300
