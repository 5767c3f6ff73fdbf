"""What publishers' rules alone make of the seeds; the whole extraction is tested in ``test_seeds``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sites.expectation import lines_of, read_fixture

SEEDS = sorted((Path(__file__).resolve().parents[2] / "fixtures" / "seeds").glob("*.html"))


@pytest.mark.parametrize("page", SEEDS, ids=lambda p: p.stem)
def test_the_article_stays_and_the_leftovers_go(page: Path) -> None:
    said = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    lines = lines_of(*read_fixture(page.read_bytes(), said["url"]))
    kept = [text for fate, text in lines if fate in ("text", "open")]
    wanted = page.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    if any(fate == "text" for fate, _ in lines):
        assert kept == wanted
    else:
        assert [text for text in kept if text in wanted] == wanted
    for reason, phrases in said["leftovers"].items():
        for phrase in phrases:
            fates = {fate for fate, text in lines if phrase in text}
            assert fates <= {reason, "outside", "related", "comment"}, (reason, phrase, fates)
            assert fates, phrase
