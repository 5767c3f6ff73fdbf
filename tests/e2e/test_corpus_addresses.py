"""M4 of the torture matrix at the size of a change: see `tests.torture.addresses`. Without the shared corpus, with samples of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.addresses import run


@pytest.mark.timeout(600)
def test_addresses_and_strings_are_never_more_than_that(tmp_path: Path) -> None:
    result = run("ci", tmp_path)
    assert result.failures == []
    assert result.counts["addresses"] > 1000
