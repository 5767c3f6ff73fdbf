"""Every publisher's layouts on pages of their own: each line of each page comes to what its golden file says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.sites.registry import PLATFORMS, PUBLISHERS
from tests.sites.expectation import FIXTURES, expectation

PAGES = sorted(FIXTURES.glob("*/*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_comes_to_what_its_golden_file_says(page: Path) -> None:
    golden = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert expectation(page.read_bytes(), golden["url"]) == golden


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_golden_file_has_an_article_and_something_that_is_none(page: Path) -> None:
    fates = {fate for fate, _ in json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["lines"]}
    assert fates & {"text", "open"}
    assert fates - {"text", "open", "outside"}


def test_every_layout_has_a_page() -> None:
    shown = {json.loads(p.with_suffix(".json").read_text(encoding="utf-8"))["layout"] for p in PAGES}
    assert {layout.name for publisher in (*PUBLISHERS, *PLATFORMS) for layout in publisher.layouts} == shown
