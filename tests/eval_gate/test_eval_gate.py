"""No change makes extraction worse unsaid: floors.json holds what it was measured to do, and `tests.eval_gate.floors` raises it."""

from __future__ import annotations

import pytest

from bench.block_model.score import words_of
from pipelines.tasks import Mode
from tests.eval_gate.annotated import edition, own_pages
from tests.eval_gate.floors import MODES, breaches, measure_corpus, measure_own, raised, read_floors, update
from tests.eval_gate.measures import extracted
from tests.support.shared import shared


@pytest.mark.parametrize("mode", MODES)
def test_own_pages_are_read_as_well_as_before(mode: Mode) -> None:
    assert breaches(read_floors()[f"own {mode}"], measure_own(mode)) == []


@pytest.mark.corpus
@pytest.mark.parametrize("mode", MODES)
def test_real_pages_are_read_as_well_as_before(mode: Mode) -> None:
    pages, floors = shared("corpus/pages"), read_floors()
    if edition(pages) != floors["edition"]:
        pytest.skip("the shared corpus is another one than the floors were measured on")
    assert breaches(floors[f"corpus {mode}"], measure_corpus(mode, pages)) == []


def test_the_gate_sees_a_text_that_got_worse() -> None:
    floors = read_floors()["own full"]
    found = measure_own("full")
    longer = {group: {**figures, "stray": figures["stray"] + 0.01} for group, figures in found.items()}
    shorter = {group: {**figures, "f1": figures["f1"] - 0.01} for group, figures in found.items()}
    gone = {group: figures for group, figures in found.items() if group != "seeds"}
    assert len(breaches(floors, longer)) == len(floors)
    assert len(breaches(floors, shorter)) == len(floors)
    assert {line.partition(":")[0] for line in breaches(floors, gone)} == {"seeds"}
    assert breaches(floors, {**found, "page new": {"f1": 0.1}}) == ["page new: has no floors"]


def test_pages_say_what_their_article_is() -> None:
    pages = [page for page in own_pages() if page.group.startswith("page ")]
    assert len(pages) >= 12
    for page in pages:
        assert len(words_of(page.gold)) > 60, page.group
        assert page.title, page.group
        assert b"<!--" not in page.body, page.group


@pytest.mark.parametrize("mode", MODES)
def test_the_same_page_gives_the_same_document(mode: Mode) -> None:
    for page in own_pages():
        assert extracted(page, mode) == extracted(page, mode), page.group


def test_a_floor_only_rises() -> None:
    floors = {"a": {"f1": 0.9, "stray": 0.05}}
    better, worse = {"a": {"f1": 0.95, "stray": 0.01}}, {"a": {"f1": 0.8, "stray": 0.09}}
    assert raised(floors, better, lower=False) == {"a": {"f1": 0.947, "stray": 0.013}}
    assert raised(floors, worse, lower=False) == floors
    assert raised(floors, {"a": {"f1": 0.902, "stray": 0.049}}, lower=False) == floors


def test_a_floor_falls_only_for_a_reason_that_is_kept() -> None:
    floors = {"own full": {"a": {"f1": 0.9}, "b": {"f1": 0.9}}}
    new = update(floors, {"own full": {"a": {"f1": 0.8}, "b": {"f1": 0.901}}}, "comments are apart now")
    assert new["own full"] == {"a": {"f1": 0.797}, "b": {"f1": 0.9}}
    assert new["lowered"] == [{"reason": "comments are apart now", "floors": ["own full, a: f1 is 0.8, its floor 0.9"]}]
    assert update(floors, {"own full": {"a": {"f1": 0.8}}}, None)["own full"] == floors["own full"]
    assert update(new, {"own full": {"a": {"f1": 0.96}, "b": {"f1": 0.9}}}, None)["lowered"] == new["lowered"]
