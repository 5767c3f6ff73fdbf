"""A profile at work: blocks alone, and blocks in a row."""

from __future__ import annotations

import hashlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.learn.apply import SiteFilter, repeated, repeated_blocks
from pipelines.learn.fingerprint import comparable, fingerprint
from tests.support.gazette import APPEAL, MENU, QUOTE, paragraphs

SITE = SiteFilter("gazette.example/1", frozenset(map(fingerprint, (APPEAL, *MENU, "Related stories"))))
TEXT = paragraphs("apply")


def test_a_block_of_a_few_words_is_never_cut_by_itself() -> None:
    assert repeated(SITE, APPEAL)
    assert not repeated(SITE, QUOTE)
    assert not repeated(SITE, "Harbour")


def test_a_menu_goes_and_a_heading_of_the_same_name_stays() -> None:
    headings = ["Harbour", TEXT[1], APPEAL, TEXT[2], "Council", "Courts", TEXT[3]]
    blocks = [*MENU[:7], TEXT[0], *headings, "Related stories", "Sport", "Weather", "Letters", "Tides"]
    cut = repeated_blocks(SITE, blocks)
    kept = [text for text, gone in zip(blocks, cut, strict=True) if not gone]
    assert kept == [TEXT[0], "Harbour", TEXT[1], TEXT[2], "Council", "Courts", TEXT[3]]


def test_what_has_no_letter_parts_no_row() -> None:
    menu = [part for label in MENU for part in (label, "|")]
    assert repeated_blocks(SITE, menu) == [part != "|" for part in menu]


def test_the_pages_own_title_is_kept_amid_a_row() -> None:
    assert repeated_blocks(SITE, [APPEAL, "Harbour", APPEAL], title="Harbour") == [True, False, True]


def test_the_fingerprint_as_published() -> None:
    text = " Made in\t0.344\u00a0Seconds at 12:30, \n on  7 MAY 2016 "
    assert comparable(text) == "made in 0 seconds at 0, on 0 may 0"
    assert f"{fingerprint(text):016x}" == hashlib.sha256(comparable(text).encode()).hexdigest()[:16]
    long = "In 1831 the old bridge over the river was closed for the first time, since 2 of its 3 arches stood askew."
    assert comparable(long) == long.lower()


@given(st.lists(st.one_of(st.sampled_from([*MENU, APPEAL, QUOTE, "", "|"]), st.text(max_size=20)), max_size=12))
def test_a_row_never_spares_what_is_cut_alone(blocks: list[str]) -> None:
    cut = repeated_blocks(SITE, blocks)
    for text, gone in zip(blocks, cut, strict=True):
        assert gone or not repeated(SITE, text)
        assert not gone or fingerprint(text) in SITE.known


@pytest.mark.parametrize("hostile", ["\ud800 lone surrogates are no news here", "\0 " * 1000, "a" * 1_000_000, "\u0130" * 5000])
def test_any_text_can_be_asked_for(hostile: str) -> None:
    assert not repeated(SITE, hostile, title=hostile, description=hostile)


def test_it_travels_to_the_children() -> None:
    assert pickle.loads(pickle.dumps(SITE)) == SITE
