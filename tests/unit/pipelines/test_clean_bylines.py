"""Author lines that readers see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.bylines import names_in
from pipelines.clean.metadata import Metadata, read_metadata
from pipelines.clean.page import parse_page

URL = "https://www.lisse-courier.example/a"
SITE = '<meta property="og:site_name" content="The Lisse Courier">'


def read(after_heading: str, head: str = "") -> Metadata:
    body = f"<main><h1>Harbour opens after nine years</h1>{after_heading}<p>{'word ' * 60}</p></main>"
    html = f"<html><head>{SITE}{head}</head><body>{body}</body></html>"
    page = parse_page(html.encode(), "text/html; charset=utf-8")
    assert page.tree is not None
    return read_metadata(page.tree, URL, datetime(2016, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p>By Mara Tolsteeg</p>", ("Mara Tolsteeg",)),
        ("<div>Von Mara Tolsteeg und Idris Quaye, 24. Mai 2016</div>", ("Mara Tolsteeg", "Idris Quaye")),
        ("<p>By <a href='/staff/mara'>Mara Tolsteeg</a> in <a href='/n'>News</a>, <a href='/s'>Ships</a></p>", ("Mara Tolsteeg",)),
        ("<p>By Mara Tolsteeg, in <a href='/n'>News</a>, <a href='/s'>Ships</a></p>", ("Mara Tolsteeg",)),
        ("<div><strong>Written by:</strong></div><div>Mara Tolsteeg</div>", ("Mara Tolsteeg",)),
        ("<p>Posted on 24 May 2016 by Mara Tolsteeg</p>", ("Mara Tolsteeg",)),
        ("<div class='post-author'><b>MT</b> <span>Mara Tolsteeg</span> <span>Last updated on May 24</span></div>", ("Mara Tolsteeg",)),
        ("<p class='byline'>Mara Tolsteeg <span>Harbour correspondent</span></p>", ("Mara Tolsteeg",)),
        ("<p>By Mara Tolsteeg, Lisse Courier Staff</p>", ("Mara Tolsteeg",)),
        ("<p>by harbourcat99</p>", ("harbourcat99",)),
        ("<p class='author'>Sat, 21 May, 2016</p>", ()),
        ("<p class='image-author'>Photo: Idris Quaye</p>", ()),
        ("<p>Written on 24 May 2016 in <a href='/n'>News</a></p>", ()),
        ("<aside class='related'><p>By Idris Quaye</p></aside>", ()),
        ("<p>By the time the fog had lifted the quay was full of people and the band had played for an hour.</p>", ()),
    ],
)
def test_lines_near_the_headline(line: str, names: tuple[str, ...]) -> None:
    assert read(line).authors == names


def test_the_byline_is_as_written_also_where_the_head_names_the_authors() -> None:
    found = read("<p>By Mara Tolsteeg in Lisse</p>", '<meta name="author" content="Mara Tolsteeg">')
    assert (found.byline, found.authors) == ("By Mara Tolsteeg in Lisse", ("Mara Tolsteeg",))


def test_a_person_who_is_shown_comes_before_the_site_as_author() -> None:
    script = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour opens after nine years", "author": %s}</script>'
    )
    site = script % '{"@type": "Organization", "name": "The Lisse Courier"}'
    assert read("<p>By Mara Tolsteeg</p>", site).authors == ("Mara Tolsteeg",)
    assert read("<p>Shipping</p>", site).authors == ("The Lisse Courier",)
    agency = script % '[{"@type": "Organization", "name": "Delta Press Agency"}]'
    assert read("<p class='author'>Picture desk of Lisse</p>", agency).authors == ("Delta Press Agency",)
    both = script % '[{"@type": "Person", "name": "Mara Tolsteeg"}, {"@type": "Organization", "name": "The Lisse Courier"}]'
    assert read("", both).authors == ("Mara Tolsteeg", "The Lisse Courier")


def test_authors_that_twitter_cards_label() -> None:
    pair = '<meta name="twitter:label1" content="%s"><meta name="twitter:data1" content="Mara Tolsteeg">'
    assert read("", pair % "Verfasst von").authors == ("Mara Tolsteeg",)
    assert read("", pair % "Reading time").authors == ()


def test_a_label_in_an_element_of_its_own_after_the_text() -> None:
    after = f"<p>{'word ' * 200}</p><p>{'word ' * 200}</p><ul><li><strong>Autor:</strong> Mara Tolsteeg</li></ul>"
    assert read(after).authors == ("Mara Tolsteeg",)


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_texts_can_be_read(parts: list[str]) -> None:
    assert all(name.strip() for name in names_in(parts))
