from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rescue.addresses import read_address, same_page
from crawler.rescue.words import script_of, share, shingles, weight, words_of


def test_words_lose_case_accents_and_endings() -> None:
    assert words_of("Erdoğan kills KILLED") == words_of("erdogan killed kill")
    assert words_of("Göttingen, Øresund, Straße") == words_of("goettingen oresund strasse")
    assert words_of("1,200 and 1200") == ["1200", "and", "1200"]
    assert words_of("北京市长") == ["北京", "京市", "市长"]
    assert words_of("") == []


def test_names_and_numbers_weigh_more_than_common_words() -> None:
    assert weight("tarnhol") == weight("41907") == 1
    assert weight("the") < 0.1 < weight("polic") <= 1
    assert share(["tarnhol", "the"], {"tarnhol"}) > 0.9
    assert share([], {"a"}) == 0
    assert share(["tarnhol"], {"tarnhol"}, doubt=1) == 0.5


@given(st.text(max_size=200), st.text(max_size=200))
def test_shares_are_shares(one: str, other: str) -> None:
    words = words_of(one)
    assert 0 <= share(words, frozenset(words_of(other)), 0.5) <= 1
    assert all(script_of(word) for word in words)
    assert len(shingles(words)) <= max(0, len(words) - 2)


@pytest.mark.parametrize(
    ("url", "slug", "day"),
    [
        ("https://a.example/news/2016/05/21/ferry-skuld-aground.html", ["ferry", "skuld", "aground"], date(2016, 5, 21)),
        ("https://a.example/world/2016/may/21/ferry-skuld-aground", ["ferry", "skuld", "aground"], date(2016, 5, 21)),
        ("https://a.example/article/us-tarnholm-ferry-idUSKCN0YC08E", ["us", "tarnhol", "ferry"], None),
        ("https://a.example/content/ferry-skuld-runs-aground/3340089.html", ["ferry", "skuld", "run", "aground"], None),
        ("https://a.example/1/hi/world/middle_east/4107391.stm", [], None),
        ("https://a.example/2cdd53d6-7af7-40c7-af88-32a16072f81b.htm", [], None),
        ("https://a.example/story/20160521", [], date(2016, 5, 21)),
        ("https://a.example/", [], None),
        ("http://[::1", [], None),
    ],
)
def test_addresses_say(url: str, slug: list[str], day: date | None) -> None:
    address = read_address(url)
    assert list(address.slug) == slug
    assert address.day == day


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.herald.example/a/1", "https://herald.example/a/1/", True),
        ("http://www.herald.co.uk/world/ferry-skuld-aground", "https://www.herald.com/world/2016/ferry-skuld-aground", True),
        ("http://herald.example/a/ferry-skuld-aground", "http://courier.example/a/ferry-skuld-aground", False),
        ("http://herald.example/a/1", "http://herald.example/b/1", False),
        ("http://herald.example/id/3640021", "https://www.herald.example/world/ferry-skuld-aground-3640021", True),
        ("http://herald.example/article/idUSKCN0YC08E", "http://herald.example/article/ferry-aground-idUSKCN0YC08E", True),
        ("http://herald.example/20160521/one", "http://herald.example/20160521/other", False),
        ("http://herald.example/a/ferry-skuld-aground", "http://herald.example/", False),
    ],
)
def test_the_same_page_at_other_addresses(one: str, other: str, same: bool) -> None:
    assert same_page(read_address(one), read_address(other)) is same


@given(st.text(max_size=80))
def test_no_address_raises(url: str) -> None:
    assert same_page(read_address(url), read_address(url))
