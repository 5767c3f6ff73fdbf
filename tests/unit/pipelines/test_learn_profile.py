"""What repeats on a site is learned from its pages; what articles share is not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import SiteProfile
from archive.profile_json import decode, encode
from pipelines.learn.apply import repeated, site_filter
from pipelines.learn.pages import PageBlocks
from pipelines.learn.profile import Learned, learn_profile
from tests.support.gazette import APPEAL, HOST, MENU, QUOTE, SHORT_APPEAL, paragraphs, title


def page(seed: str, *more: str, day: str = "2016-05-21", url: str = "", furniture: tuple[str, ...] = MENU) -> PageBlocks:
    article = (*paragraphs(seed), *more)
    return PageBlocks(
        url=url or f"http://{HOST}/{seed}",
        captured_at=f"{day}T08:30:00.000000Z",
        record_id=f"<urn:uuid:{seed}-{day}>",
        title=title(seed),
        description="",
        blocks=(*furniture, title(seed), *article),
        article=article,
    )


def learned(*pages: PageBlocks) -> SiteProfile:
    profile = learn_profile(HOST, pages).profile
    assert profile is not None
    return profile


def is_cut(profile: SiteProfile, text: str) -> bool:
    return repeated(site_filter(profile), text)


def test_an_appeal_on_three_pages_is_the_sites() -> None:
    profile = learned(*(page(seed, APPEAL, SHORT_APPEAL) for seed in "abc"))
    assert is_cut(profile, APPEAL)
    assert is_cut(profile, "  give the gazette  12 POUNDS a month ")
    assert [b.pages for b in profile.blocks if b.text == SHORT_APPEAL] == [3]
    assert (profile.pages, profile.captures) == (3, tuple(f"<urn:uuid:{seed}-2016-05-21>" for seed in "abc"))


@pytest.mark.parametrize("others", [1, 2, 3, 10])
def test_a_quote_of_two_articles_is_no_ones_furniture(others: int) -> None:
    pages = [page("a", APPEAL, QUOTE), page("b", APPEAL, QUOTE), *(page(str(n), APPEAL) for n in range(others))]
    profile = learned(*pages)
    assert is_cut(profile, APPEAL)
    assert not is_cut(profile, QUOTE)
    assert not any(is_cut(profile, text) for seed in "ab" for text in paragraphs(seed))


def test_a_paragraph_that_three_of_four_articles_share_is_theirs() -> None:
    assert not is_cut(learned(*(page(seed, QUOTE) for seed in "abc"), page("d")), QUOTE)


def test_a_sentence_on_few_of_many_pages_is_theirs() -> None:
    motto = "The council met on Monday, as it does each week."
    pages = [page(str(n), *([motto] if n < 4 else [])) for n in range(8)]
    assert not is_cut(learned(*pages), motto)
    assert is_cut(learned(*pages[:6]), motto)


def test_pages_with_hardly_any_furniture_are_all_of_one_era() -> None:
    pages = [page(str(n), *([QUOTE] if n < 4 else []), furniture=("Home",)) for n in range(20)]
    assert {b.text for b in learned(*pages).blocks} == {"Home"}


def test_two_pages_teach_nothing() -> None:
    assert learn_profile(HOST, [page("a", APPEAL), page("b", APPEAL)]) == Learned(None, 2, 0)
    assert learn_profile(HOST, [page(seed, APPEAL) for seed in "abcd"], min_pages=5).profile is None


def test_captures_of_one_address_count_once_and_the_newest_of_them() -> None:
    first = page("a", APPEAL)
    spellings = ("https://www.gazette.example/a", first.url)
    again = [replace(page("a", APPEAL, day=f"2016-06-0{n}"), url=url) for n, url in enumerate(spellings, 1)]
    assert learn_profile(HOST, [first, *again, page("b", APPEAL)]) == Learned(None, 2, 0)
    profile = learned(first, *again, page("b", APPEAL), page("c", APPEAL))
    assert "<urn:uuid:a-2016-06-02>" in profile.captures
    assert len(profile.captures) == 3


def test_a_story_at_several_addresses_counts_once() -> None:
    copies = [page("a", APPEAL, QUOTE, url=f"http://{HOST}/{where}") for where in ("story", "amp/story", "print/story", "story?page=all")]
    assert learn_profile(HOST, [*copies, page("b", APPEAL, QUOTE)]) == Learned(None, 2, 3)
    profile = learned(*copies, page("b", APPEAL, QUOTE), page("c", APPEAL))
    assert (is_cut(profile, APPEAL), is_cut(profile, QUOTE), profile.copies) == (True, False, 3)


def test_versions_of_a_running_story_count_once() -> None:
    written = [page("run", *paragraphs(f"new {n}", 4), url=f"http://{HOST}/run/{n}") for n in range(4)]
    versions = [replace(p, title=f"What we know at {n} o'clock") for n, p in enumerate(written)]
    assert learn_profile(HOST, versions) == Learned(None, 1, 3)


def test_pages_without_a_text_teach_nothing() -> None:
    bare = [replace(page(seed), blocks=MENU, article=()) for seed in "abc"]
    assert learn_profile(HOST, bare) == Learned(None, 0, 0)


def test_its_own_headline_is_kept_on_a_page_and_cut_on_the_others() -> None:
    teaser = "The ferry will not sail before the storm has passed"
    profile = learned(*(page(seed, teaser) for seed in "abc"))
    site = site_filter(profile)
    assert repeated(site, teaser, title="Council closes bridge", description="It was old.")
    assert not repeated(site, teaser, title=f"{teaser} | Gazette")
    assert not repeated(site, teaser, description=f"{teaser}, the harbour master says.")


def test_a_headline_does_not_count_on_its_own_page() -> None:
    teaser = "The ferry will not sail before the storm has passed"
    about = replace(page("c", teaser), title=teaser)
    assert not is_cut(learned(page("a", teaser), page("b", teaser), about), teaser)


def test_numbers_count_in_sentences_but_not_in_counters() -> None:
    timing = [f"This page was made in 0.{n}44 seconds by our press" for n in range(1, 4)]
    result = [
        f"The ferry company of the lower harbour had carried {n}00 passengers by noon, more than in the whole of last week" for n in "123"
    ]
    profile = learned(*(page(seed, t, r) for seed, t, r in zip("abc", timing, result, strict=True)))
    assert is_cut(profile, "This page was made in 1.07 seconds by our press")
    assert not any(is_cut(profile, text) for text in result)


def test_what_has_no_letter_is_never_learned() -> None:
    profile = learned(*(page(seed, "1 2 3 4 5 6 7 8", "} } } } } } }", "· · · · · · ·") for seed in "abc"))
    assert {b.text for b in profile.blocks} == set(MENU)


def test_an_old_appeal_in_old_furniture_is_learned_beside_many_new_pages() -> None:
    old = tuple(f"{label} of old" for label in MENU)
    pages = [page(f"old {n}", APPEAL, furniture=old) for n in range(5)] + [page(f"new {n}", *([QUOTE] if n < 5 else [])) for n in range(40)]
    profile = learned(*pages)
    assert [(b.pages, b.of) for b in profile.blocks if b.text.startswith(APPEAL[:40])] == [(5, 5)]
    assert not is_cut(profile, QUOTE)


def test_an_appeal_of_one_month_is_learned_and_a_running_story_of_one_day_is_not() -> None:
    pages = [page(f"{month}-{n}", day=f"2016-{month:02}-{n + 1:02}") for month in range(1, 9) for n in range(14)]
    asked = [replace(p, blocks=(*p.blocks, APPEAL)) if p.captured_at.startswith("2016-04") else p for p in pages]
    crisis = [page(f"flood {n}", QUOTE, day="2016-06-30") for n in range(5)]
    profile = learned(*asked, *crisis)
    assert (is_cut(profile, APPEAL), is_cut(profile, QUOTE)) == (True, False)


BLOCKS = [*(f"Block {'abcdefghijkl'[n]} of the site, which has some eight words or {'more ' * n}" for n in range(12))]


@given(st.lists(st.integers(0, 2 ** len(BLOCKS) - 1), min_size=3, max_size=14), st.integers(0, 1000))
def test_never_what_fewer_than_three_stories_have_and_in_any_order_the_same(masks: list[int], seed: int) -> None:
    held = [[text for n, text in enumerate(BLOCKS) if mask >> n & 1] for mask in masks]
    pages = [page(str(n), f"Read {n} times today", *blocks, day=f"2016-05-{n + 1:02}") for n, blocks in enumerate(held)]
    first = learn_profile(HOST, pages).profile
    random.Random(seed).shuffle(pages)
    assert learn_profile(HOST, pages).profile == first
    if first is None:  # their stories are short beside so many blocks in common: they pass for copies
        return
    for text in BLOCKS:
        if sum(text in blocks for blocks in held) < 3:
            assert not is_cut(first, text)
    assert decode(encode(first)) == first


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=60), st.lists(st.text(max_size=80), max_size=8)), max_size=8))
def test_anything_can_be_learned_from(pages: list[tuple[str, str, list[str]]]) -> None:
    made = [
        PageBlocks(f"http://{HOST}/{n}{url}", "2016-05-21T08:30:00.000000Z", str(n), name, name, tuple(blocks), tuple(blocks))
        for n, (url, name, blocks) in enumerate(pages)
    ]
    profile = learn_profile(HOST, made).profile
    assert profile is None or decode(encode(profile)) == profile
