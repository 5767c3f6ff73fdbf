from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Reason
from crawler.rescue.evidence import AGAINST, FEATURES, FOR
from crawler.rescue.score import THRESHOLD, Cited, Found, score
from crawler.rescue.weights import load_weights, read_weights

URL = "https://www.islandherald.example/news/2016/05/21/ferry-skuld-runs-aground-off-tarnholm-41-rescued"
TITLE = "Ferry Skuld runs aground off Tarnholm, 41 rescued"
TEXT = (
    "Forty-one people were taken off the ferry Skuld on Saturday morning after it ran aground on a reef two miles off Tarnholm.\n\n"
    "The coast guard at Vestra Havn said that the ship had left its route in fog and that nobody was hurt badly.\n\n"
    "Captain Ingrid Solvang told the Herald that the radar had failed twice in the week before, and that spare parts were late.\n\n"
    "The company that owns the Skuld will run a smaller boat until the harbour office has looked at the hull and at the log.\n\n"
)
EVENT = "The ferry Skuld runs onto a reef near the island of Tarnholm; all 41 people on board are rescued by the coast guard."


def article(**changes: Any) -> dict[str, Any]:
    text = TEXT * 2
    row = {"title": TITLE, "description": None, "text": text, "words": len(text.split()), "site_name": "Island Herald", "language": "en"}
    row |= {"canonical_url": URL, "date_published": "2016-05-21T09:30:00Z", "host": "www.islandherald.example", "page_type": "article"}
    return row | {"flags": [], "text_outcome": "ok"} | changes


OTHER = article(
    title="Bakers of Lindby win the bread prize again",
    text="Four bakers from Lindby have won the yearly prize for rye bread with a loaf that takes three days.\n\n" * 10,
    words=190,
    canonical_url="https://www.islandherald.example/news/2015/11/02/bakers-of-lindby-win-the-bread-prize-again",
    date_published="2015-11-02",
)


def cited(title: str = EVENT, **changes: Any) -> Cited:
    return replace(Cited(URL, "2016-05-21", "Island Herald", title, ""), **changes)


def found(row: dict[str, Any] | None = None, **changes: Any) -> Found:
    moment = datetime(2016, 5, 22, 10, 15, tzinfo=UTC)
    return replace(
        Found(URL, f"https://archive.example/web/20160522101500id_/{URL}", moment, 200, article() if row is None else row, Reason.OK),
        **changes,
    )


def value(claim: Cited, page: Found) -> float:
    return score([claim], page).value


@pytest.mark.parametrize(
    "claim",
    [
        cited(),
        cited(TITLE),
        cited("Spanish words only: un barco encalla cerca de Tarnholm y rescatan a 41 personas"),
        cited("一艘渡轮在浓雾中触礁，船上四十一人全部获救。"),
        cited(url="http://islandherald.example/news/2016/05/21/ferry-skuld-runs-aground-off-tarnholm-41-rescued/"),
        cited(url="https://www.islandherald.example/a/884213.html"),
        cited(date=None),
    ],
    ids=["reworded", "own-title", "other-language", "chinese", "other-spelling", "number", "undated"],
)
def test_the_right_article_is_accepted(claim: Cited) -> None:
    page = found(article(canonical_url=claim.url), original_url=claim.url)
    assert value(claim, page) >= THRESHOLD


def test_a_bare_page_of_old_is_accepted_by_its_words() -> None:
    url = "http://www.islandherald.example/2/hi/world/4107391.stm"
    bare = article(canonical_url=None, date_published=None, site_name=None, language=None, page_type=None)
    assert value(cited(url=url), found(bare, original_url=url)) >= THRESHOLD


def _front() -> dict[str, Any]:
    lines = [
        TITLE,
        "Bakers win a prize",
        "Council votes on ferry",
        "Weather: fog and more fog",
        "Football: Lindby lose",
        "Letters to us",
    ] * 4
    text = "\n\n".join(lines)
    return article(
        title="World - Island Herald", text=text, words=len(text.split()), date_published=None, page_type="listing", canonical_url=None
    )


@pytest.mark.parametrize(
    "page",
    [
        found(OTHER),
        found(OTHER | {"canonical_url": None, "date_published": None}),
        found(OTHER | {"site_name": "Gardening Weekly", "canonical_url": "https://gardening.example/roses"}),
        found(_front()),
        found(_front() | {"page_type": None}),
        found(article(title="Sorry", text="We looked for this story everywhere.", words=6, date_published=None, canonical_url=None)),
        found({}),
    ],
    ids=["other-article", "other-article-bare", "other-site", "section", "section-untold", "error-page", "nothing"],
)
def test_other_pages_are_not(page: Found) -> None:
    for claim in (cited(), cited(TITLE)):
        assert value(claim, page) < THRESHOLD - 0.1


def test_what_stands_in_the_page_s_place_counts_nothing() -> None:
    for reason in (Reason.SOFT_404, Reason.CHALLENGE, Reason.FRONT_PAGE):
        told = score([cited()], found(reason=reason))
        assert told.value == 0
        assert reason.value in told.why[0]
    assert score([cited()], found(http_status=404)).value == 0
    assert score([], found()).value == 0


def test_of_several_events_the_best_counts() -> None:
    stranger = cited("Bakers of Lindby win a prize for bread", date="2009-01-02")
    assert score([stranger, cited()], found()) == score([cited()], found())


def test_the_reasons_are_told_most_telling_first() -> None:
    told = score([cited()], found())
    odds = [float(why.rpartition("(")[2].rstrip(")")) for why in told.why]
    assert odds == sorted(odds, key=abs, reverse=True)
    assert "names the cited address as its own" in " ".join(told.why)
    assert "tarnhol" in " ".join(
        score(
            [cited(url="https://www.islandherald.example/1")],
            found(article(canonical_url=None), original_url="https://www.islandherald.example/1"),
        ).why
    )


def test_a_date_after_the_capture_is_no_evidence() -> None:
    misread = found(article(date_published="2019-01-01"))
    assert score([cited()], misread) == score([cited()], found(article(date_published=None)))


FIGURES = st.fixed_dictionaries({name: st.floats(0, 1) for name in FEATURES})


@given(FIGURES, st.sampled_from(FEATURES), st.floats(0, 1))
def test_more_for_never_lowers_and_more_against_never_raises(figures: dict[str, float], name: str, other: float) -> None:
    weights = load_weights()
    low, high = sorted((figures[name], other))
    less, more = (weights.probability(weights.log_odds(figures | {name: figure})) for figure in (low, high))
    assert less <= more if name in FOR else less >= more
    assert 0 <= less <= 1


_HEADLINE = ("Skuld", "Tarnholm", "Solvang", "Vestra", "reef", "aground")
_FOREIGN = ("Quxford", "Zembla", "Ruritan", "Wibblek", "Plughx", "Xyzzyq")


@given(st.integers(0, 5), st.permutations(range(6)))
def test_a_better_title_never_lowers(count: int, order: list[int]) -> None:
    page = found(article(title=" ".join(_HEADLINE), canonical_url=None))
    values = []
    for own in (count, count + 1):
        words = [_HEADLINE[n] if place < own else _FOREIGN[n] for place, n in enumerate(order)]
        values.append(value(cited(" ".join(words), url="https://www.islandherald.example/1"), page))
    assert values[0] <= values[1]


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_a_nearer_date_never_lowers(one: int, other: int) -> None:
    near, far = sorted((one, other))
    claim = cited("Rescue at sea", url="https://www.islandherald.example/1")

    def published(days: int) -> Found:
        return found(article(date_published=(date(2016, 5, 21) - timedelta(days=days)).isoformat(), canonical_url=None))

    assert value(claim, published(near)) >= value(claim, published(far))


ODD = st.one_of(st.none(), st.text(max_size=40), st.integers(), st.lists(st.text(max_size=5), max_size=3))
_KEYS = ("title", "text", "description", "site_name", "host", "canonical_url", "date_published", "page_type", "language")


@given(st.dictionaries(st.sampled_from(_KEYS), ODD), st.text(max_size=60), st.text(max_size=60), st.one_of(st.none(), st.text(max_size=12)))
def test_nothing_raises(row: dict[str, Any], url: str, title: str, day: str | None) -> None:
    told = score([Cited(url, day, title, title, title, (title,))], found(row, original_url=url))
    assert 0 <= told.value <= 1
    assert score([Cited(url, day, title, title, title, (title,))], found(row, original_url=url)) == told


def test_weights_are_checked() -> None:
    good = {"intercept": 0, "for": dict.fromkeys(FOR, 1), "against": dict.fromkeys(AGAINST, 1), "calibration": [[-1, 0.1], [1, 0.9]]}
    assert read_weights(good).probability(0) == pytest.approx(0.5)
    for wrong in (
        good | {"for": good["for"] | {"headline": -1}},  # type: ignore[operator]
        good | {"against": good["against"] | {"other": 1}},  # type: ignore[operator]
        good | {"calibration": [[1, 0.1], [1, 0.9]]},
        good | {"calibration": [[0, 0.9], [1, 0.1]]},
        good | {"calibration": [[0, 0.1], [1, 1.1]]},
    ):
        with pytest.raises(ValueError, match=r"weights|calibration"):
            read_weights(wrong)
