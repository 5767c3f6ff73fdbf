from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.metadata import Metadata, read_metadata
from pipelines.clean.page import parse_page
from pipelines.clean.pagetype import Traits

PAGES = Path(__file__).resolve().parents[2] / "fixtures" / "pages"
CAPTURED = datetime(2016, 5, 24, 12, tzinfo=UTC)
URL = "https://www.lisse-courier.example/2016/05/harbour-opens.html?utm=1"


def metadata(head: str, body: str = "<p>Some words.</p>", lang: str = "") -> Metadata:
    page = parse_page(f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'.encode(), "text/html; charset=utf-8")
    assert page.tree is not None
    return read_metadata(page.tree, URL, CAPTURED)


def test_a_well_described_article() -> None:
    page = parse_page((PAGES / "article.html").read_bytes(), "text/html")
    assert page.tree is not None
    assert read_metadata(page.tree, URL, CAPTURED) == Metadata(
        title="Harbour of Lisse opens after nine years",
        byline="By Mara Tolsteeg and Idris Quaye",
        authors=("Mara Tolsteeg", "Idris Quaye"),
        date_published="2016-05-21T06:30:00+02:00",
        date_modified="2016-05-22T09:05:00+02:00",
        canonical_url="https://www.lisse-courier.example/2016/05/harbour-opens.html",
        site_name="The Lisse Courier",
        description="The first ship entered the new harbour at dawn.",
        image_url="https://www.lisse-courier.example/img/harbour.jpg",
        tags=("Harbour", "Ships", "Lisse"),
        categories=("Shipping", "Local"),
        language="en-GB",
        license="https://creativecommons.org/licenses/by/4.0/",
        free_access=True,
        page_title="Harbour of Lisse opens after nine years – The Lisse Courier",
        dated=True,
        traits=Traits(kinds=frozenset({"WebSite", "NewsArticle"}), body=" ", articles=1),
    )


def test_a_bare_page() -> None:
    page = parse_page((PAGES / "bare.html").read_bytes(), "text/html")
    assert page.tree is not None
    found = read_metadata(page.tree, URL, CAPTURED)
    assert (found.title, found.authors, found.byline) == ("Ferry strike is over", ("Mara Tolsteeg",), "Tolsteeg, Mara")
    assert (found.date_published, found.dated) == ("2015-06-03", False)


def test_a_page_that_says_nothing() -> None:
    assert metadata("") == Metadata(traits=Traits(body=" "))


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[" * 100_000,
        '{"@type": NaN}',
        '{"@type":"NewsArticle","headline":' + "9" * 5000 + "}",
        "null",
        '"text"',
        '[{"@type":["NewsArticle"]}]',
    ],
)
def test_bad_json_is_passed_over(script: str) -> None:
    found = metadata(f'<title>Harbour opens</title><script type="application/ld+json">{script}</script>')
    assert found.title == "Harbour opens"


def test_json_wrapped_and_escaped() -> None:
    names = '["Mara Tolsteeg", {"name": "Idris Quaye"}]'
    script = f'<!-- {{"@type": "NewsArticle", "headline": "Tolsteeg &amp; Quaye \\ud800 win", "author": {names}}}; -->'
    found = metadata(f"<script type='application/ld+json; charset=utf-8'>{script}</script>")
    assert (found.title, found.authors) == ("Tolsteeg & Quaye win", ("Mara Tolsteeg", "Idris Quaye"))


def test_references_within_a_graph() -> None:
    script = """{"@graph": [
        {"@type": "NewsArticle", "headline": "Harbour opens", "author": {"@id": "#mara"}, "publisher": {"@id": "#paper"},
        "image": {"@id": "#picture"}, "isAccessibleForFree": "False"},
        {"@type": "Person", "@id": "#mara", "name": "Mara Tolsteeg"},
        {"@type": "Organization", "@id": "#paper", "name": "The Lisse Courier"},
        {"@type": "ImageObject", "@id": "#picture", "url": "/a.jpg"}]}"""
    found = metadata(f"<script type='application/ld+json'>{script}</script>")
    assert (found.authors, found.site_name, found.free_access) == (("Mara Tolsteeg",), "The Lisse Courier", False)
    assert found.image_url == "https://www.lisse-courier.example/a.jpg"


def test_of_several_articles_the_one_with_the_pages_title() -> None:
    scripts = "".join(
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{h}", "datePublished": "{d}"}}</script>'
        for h, d in (("Ferry strike is over", "2015-06-03"), ("Harbour opens at last", "2016-05-21"))
    )
    found = metadata("<title>Harbour opens at last</title>" + scripts)
    assert (found.title, found.date_published) == ("Harbour opens at last", "2016-05-21")


def test_a_related_articles_headline_is_not_the_title() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry strike is over"}</script>'
    assert metadata("<title>Harbour opens at last</title>" + script).title == "Harbour opens at last"


def test_a_date_after_the_capture_is_not_believed() -> None:
    assert metadata('<meta property="article:published_time" content="2031-01-01">').date_published is None


def test_authors_in_comments_and_side_rails_are_not_the_articles() -> None:
    elsewhere = '<div class="comments"><p class="author">Troll</p></div><aside><a rel="author">Star</a></aside>'
    body = elsewhere + '<p class="byline">By Mara Tolsteeg | 12:30</p>'
    found = metadata("", body)
    assert (found.authors, found.byline) == (("Mara Tolsteeg",), "By Mara Tolsteeg | 12:30")


@pytest.mark.parametrize("href", ["javascript:alert(1)", "http://[", "data:text/html,x", "mailto:a@example.com"])
def test_only_web_addresses(href: str) -> None:
    found = metadata(f'<link rel="canonical" href="{href}"><meta property="og:image" content="{href}">')
    assert (found.canonical_url, found.image_url) == (None, None)


def test_base_and_fallbacks() -> None:
    head = '<base href="https://static.example/x/"><meta property="og:url" content="a.html"><meta property="og:locale" content="nl_NL">'
    found = metadata(head)
    assert (found.canonical_url, found.language) == ("https://static.example/x/a.html", "nl-NL")


@given(st.text(max_size=80), st.sampled_from(["og:title", "author", "date", "keywords", "og:locale", "og:image", "article:section"]))
def test_any_content_gives_writable_fields(value: str, name: str) -> None:
    escaped = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").encode("utf-8", "replace").decode()
    found = metadata(f'<meta property="{name}" name="{name}" content="{escaped}"><title>{escaped}</title>')
    repr(found).encode("utf-8")
