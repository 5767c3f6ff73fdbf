"""Dates in running text, and the publication date that readers see."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.metadata import read_metadata
from pipelines.clean.months import Order, days_in
from pipelines.clean.page import parse_page
from pipelines.clean.shown_dates import Window, day_of_url

LATEST = datetime(2016, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("24 May 2016", "May 24th, 2016", "24. Mai 2016", "le 24 mai 2016", "24 de mayo de 2016", "24 maggio 2016", "24 de maio de 2016"),
        *("24 mei 2016", "24. maj 2016", "24. mai 2016", "24. toukokuuta 2016", "24 maja 2016", "24. května 2016", "2016. május 24."),
        *(
            "24 mai 2016",
            "24 Mayıs 2016",
            "24 мая 2016 г.",
            "24 травня 2016",
            "24 Μαΐου 2016",
            "2016年5月24日",
            "2016년 5월 24일",
            "24 Mei 2016",
        ),
        *("ngày 24 tháng 5, 2016", "24.05.2016", "24.5.16", "24/05/2016", "2016-05-24", "24-May-2016", "Tue, 24 May 2016, 10:30"),
    ],
)
def test_days_of_many_languages(text: str) -> None:
    assert [d.day for d in days_in(f"Published: {text} | Lisse", "day")] == [date(2016, 5, 24)]


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("3/4/2016", "month", date(2016, 3, 4)),
        ("3/4/2016", "day", date(2016, 4, 3)),
        ("13/4/2016", "month", date(2016, 4, 13)),
        ("3.4.2016", "month", date(2016, 4, 3)),
        ("3/4/16", "day", None),
        ("31 February 2016", "day", None),
        ("version 2.4.2016.7", "day", None),
        ("May 2016", "day", None),
    ],
)
def test_the_order_of_figures(text: str, order: Order, expected: date | None) -> None:
    assert next((d.day for d in days_in(text, order)), None) == expected


@given(st.text(max_size=200))
def test_any_text_may_hold_days(text: str) -> None:
    assert all(text[d.start : d.end] for d in days_in(text, "day"))


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2016/05/24/harbour", "2016-05-24"),
        ("/2016/may/24/harbour", "2016-05-24"),
        ("/news-20160524-harbour", "2016-05-24"),
        ("/A2016052410300001", "2016-05-24"),
        ("/24-05-2016/harbour", "2016-05-24"),
        ("/2016/05/harbour", None),
        ("/item/20169924", None),
        ("/2031/05/24/harbour", None),
    ],
)
def test_days_of_addresses(path: str, day: str | None) -> None:
    assert day_of_url(f"https://a.example{path}", Window(LATEST, "day")) == day


def published(body: str, head: str = "", url: str = "https://a.example/harbour") -> str | None:
    html = f"<html lang='en-GB'><head>{head}</head><body><main><h1>Harbour opens after nine years</h1>{body}</main></body></html>"
    page = parse_page(html.encode(), "text/html; charset=utf-8")
    assert page.tree is not None
    return read_metadata(page.tree, url, LATEST).date_published


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>24 May 2016 | Shipping</p>", "2016-05-24"),
        ("<p>Updated 30 May 2016</p><p>Published 24 May 2016</p>", "2016-05-24"),
        ("<p>Updated: 30 May 2016</p>", "2016-05-30"),
        ("<p>Published 24 May 2016, updated 30 May 2016</p>", "2016-05-24"),
        ("<p>24/5/2016 – The first ship came in at dawn, and " + "word " * 60 + "</p>", "2016-05-24"),
        ("<p>The people of the town had waited for this since 24 May 2007</p>", None),
        ("<p>Date of birth of the harbour master: born 24 May 1962</p>", None),
        ("<time datetime='2016-05-24T06:30:00+02:00'>this morning</time>", "2016-05-24T06:30:00+02:00"),
        ("<div class='related'><time datetime='2016-05-20'>20 May</time></div>", None),
        ("<p>words</p><footer class='entry-footer'>Written on 24 May 2016</footer>", "2016-05-24"),
        ("<p>words</p><footer>© 2016 Lisse, 24 May 2016</footer>", None),
        ("<script>var page = {datePublished: '2016-05-24'}</script>", "2016-05-24"),
        ("<script>[{'publishDate':'2016-05-24'},{'publishDate':'2016-05-20'}]</script>", None),
    ],
)
def test_shown_dates(body: str, expected: str | None) -> None:
    assert published(body) == expected


def test_a_date_that_systems_fill_in_yields_to_the_shown_one() -> None:
    weak = '<meta name="dcterms.date" content="2016-01-02">'
    assert published("<p>Published 24 May 2016</p>", weak) == "2016-05-24"
    assert published("<p>words</p>", weak) == "2016-01-02"


def test_the_day_at_the_end_of_the_title() -> None:
    assert published("<p>words</p>", "<title>Harbour opens | Courier | 24.05.2016</title>") == "2016-05-24"
    assert published("<p>words</p>", "<title>The night of 24.05.2016</title>") is None


@pytest.mark.parametrize(
    ("stamp", "body", "path", "expected"),
    [
        ("2016-05-25T01:49:09Z", "<time datetime='2016-05-24 17:49:09'>24 May</time>", "/a", "2016-05-24T17:49:09-08:00"),
        ("2016-05-24T23:10:00Z", "<time datetime='2016-05-25T01:10:00+02:00'>25 May</time>", "/a", "2016-05-25T01:10:00+02:00"),
        ("2016-05-24T23:10:00Z", "", "/2016/05/25/a", "2016-05-25"),
        ("2016-05-24T23:10:00Z", "<p>24 May 2016</p>", "/2016/05/25/a", "2016-05-24T23:10:00Z"),
        ("2016-05-24T23:10:00Z", "<time datetime='2016-05-20T10:00:00+02:00'>20 May</time>", "/a", "2016-05-24T23:10:00Z"),
        ("2016-05-24T23:10:00+02:00", "", "/2016/05/25/a", "2016-05-24T23:10:00+02:00"),
    ],
)
def test_a_day_as_the_page_gives_it(stamp: str, body: str, path: str, expected: str) -> None:
    head = f'<meta property="article:published_time" content="{stamp}">'
    assert published(body, head, f"https://a.example{path}") == expected
