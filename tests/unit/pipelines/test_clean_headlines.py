"""The headline among what the head says and the headings show."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from pipelines.clean.metadata import read_metadata
from pipelines.clean.page import parse_page

URL = "https://www.lisse-courier.example/2016/05/harbour-of-lisse-opens-at-last.html"


def title(body: str, *, og: str = "", ld: str = "", element: str = "", extra: str = "") -> str | None:
    head = f'<title>{element}</title><meta property="og:title" content="{og}">{extra}'
    if ld:
        head += f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{ld}"}}</script>'
    page = parse_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "text/html; charset=utf-8")
    assert page.tree is not None
    return read_metadata(page.tree, URL, datetime(2016, 6, 1, tzinfo=UTC)).title


def test_of_two_headlines_the_one_that_is_shown() -> None:
    assert title("<h1>Harbour opens after nine years</h1>", og="A port at last", ld="Harbour opens after nine years") == (
        "Harbour opens after nine years"
    )
    assert title("<h1>A port at last</h1>", og="A port at last", ld="A harbour at last") == "A port at last"


def test_a_heading_in_the_navigation_is_not_shown_as_headline() -> None:
    body = "<nav class='breadcrumb'><h1>Lisse port news and dates</h1></nav><h2>Harbour opens after nine years</h2>"
    assert title(body, og="Harbour opens after nine years", ld="Lisse port news and dates") == "Harbour opens after nine years"


def test_a_kicker_is_left_out_where_the_page_does_so_itself() -> None:
    body = "<h1><span class='k'>After the flood</span> <span>Harbour opens after nine years</span></h1>"
    assert title(body, og="Harbour opens after nine years", ld="After the flood: Harbour opens after nine years") == (
        "Harbour opens after nine years"
    )
    assert title(body, og="After the flood: Harbour opens after nine years") == "After the flood: Harbour opens after nine years"


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("Harbour opens | Shipping | Some Name Nobody Gave", "Harbour opens"),
        ("News - Harbour opens", "Harbour opens"),
        ("Harbour opens (part two)", "Harbour opens"),
        ("Harbour opens\u2010ish days", "Harbour opens\u2010ish days"),
    ],
)
def test_an_unknown_site_name_goes_by_the_heading(element: str, expected: str) -> None:
    assert title("<h1>Harbour opens</h1>", element=element) == expected


def test_the_name_of_the_site_as_first_heading_is_not_the_headline() -> None:
    body = "<h1>Letters from Lisse</h1><h2>Harbour opens after nine years</h2>"
    assert title(body, element="Letters from Lisse: Harbour opens after nine years", og="Harbour opens after nine years") == (
        "Harbour opens after nine years"
    )


def test_a_heading_that_says_it_in_other_words_must_have_the_words_of_the_address() -> None:
    assert title("<article><h1>The harbour of Lisse opens, at last</h1></article>", og="Ten pictures of a port") == (
        "The harbour of Lisse opens, at last"
    )
    assert title("<article><h1>Our newsletter for you</h1></article>", og="Ten pictures of a port") == "Ten pictures of a port"


def test_a_cut_title_is_made_whole_by_the_heading() -> None:
    whole = 'The mayor of Lisse calls the harbour "a wonder of our days" and cuts the ribbon'
    assert title(f"<h1>{whole}</h1>", og="The mayor of Lisse calls the harbour", element=whole) == whole


def test_soft_hyphens_and_markup_within_a_word_do_not_show() -> None:
    assert title("<h1>Har&shy;bour <em>of</em> Lis\u200bse opens</h1>", og="Harbour of Lisse opens") == "Harbour of Lisse opens"


def test_of_two_titles_in_the_head_the_one_that_the_other_extends() -> None:
    extra = '<meta name="headline" content="Harbour opens after nine years">'
    assert title("<p>text</p>", og="Harbour opens after nine years-Shipping", extra=extra) == "Harbour opens after nine years"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>" + "<b>" * 20_000 + "deep",
        "<h1>" + "word " * 200_000 + "</h1>",
        "<h1>a</h1>" * 20_000,
        "<h1>Harbour opens</h1>" + "<span></span>" * 200_000,
        "<h1>Harbour opens</h1>" + "<div>" * 100_000 + "By " + "Mara " * 100_000,
        "<div class='" + "x" * 1_000_000 + "'><h1>a b c</h1></div>",
    ],
)
def test_hostile_headings_take_no_time(body: str) -> None:
    page = parse_page(f"<title>Harbour opens</title>{body}".encode(), "text/html; charset=utf-8")
    assert page.tree is not None
    started = time.process_time()
    read_metadata(page.tree, URL, datetime(2016, 6, 1, tzinfo=UTC))
    assert time.process_time() - started < 2
