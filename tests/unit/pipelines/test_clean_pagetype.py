from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.metadata import read_metadata
from pipelines.clean.page import parse_page
from pipelines.clean.pagetype import PageType, Traits, page_type

HOST = "https://www.lisse-courier.example"


def kind(path: str, *, head: str = "", body: str = "<p>words</p>", words: int = 400, link_share: float = 0.1) -> PageType:
    page = parse_page(
        f"<html><head>{head}</head>{body if body.startswith('<body') else f'<body>{body}'}</body></html>".encode(), "text/html"
    )
    assert page.tree is not None
    found = read_metadata(page.tree, HOST + path, datetime(2016, 6, 1, tzinfo=UTC))
    dated, signed = found.date_published is not None, bool(found.authors)
    return page_type(found.traits, HOST + path, words=words, link_share=link_share, dated=dated, signed=signed)


def ld(kind_of_node: str) -> str:
    return f'<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "{kind_of_node}", "name": "Harbour"}}</script>'


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("/a/1", ld("NewsArticle"), PageType.ARTICLE),
        ("/a/1", ld("LiveBlogPosting"), PageType.LIVE_BLOG),
        ("/a/1", ld("Product"), PageType.PRODUCT),
        ("/a/1", ld("QAPage"), PageType.FORUM),
        ("/a/1", ld("ProfilePage"), PageType.PROFILE),
        ("/a/1", ld("CollectionPage"), PageType.LISTING),
        ("/a/1", ld("PodcastEpisode"), PageType.AUDIO),
        ("/a/1", '<meta name="generator" content="Sphinx 8">', PageType.DOCUMENTATION),
        ("/a/1", '<meta name="generator" content="Discourse 3">', PageType.FORUM),
        ("/a/1", '<meta property="og:type" content="video.other">', PageType.VIDEO),
        ("/a/1", '<meta property="og:type" content="product">', PageType.PRODUCT),
        ("/", "", PageType.FRONT_PAGE),
        ("/en/index.html", "", PageType.FRONT_PAGE),
        ("/", ld("NewsArticle"), PageType.ARTICLE),
        ("/viewtopic.php?t=12", "", PageType.FORUM),
        ("/threads/a-crane-for-lisse.12/", "", PageType.FORUM),
        ("/tag/harbour", "", PageType.LISTING),
        ("/collections/cranes", "", PageType.LISTING),
        ("/authors/mara-tolsteeg", "", PageType.PROFILE),
        ("/docs/cranes/", "", PageType.DOCUMENTATION),
        ("/contact", "", PageType.OTHER),
    ],
)
def test_by_what_the_page_and_its_address_say(path: str, head: str, expected: PageType) -> None:
    assert kind(path, head=head) is expected


def test_an_article_that_says_nothing_of_itself() -> None:
    path = "/news/harbour-of-lisse-opens-at-last"
    assert kind(path) is PageType.ARTICLE
    assert kind(path, words=40, link_share=0.8) is PageType.LISTING
    assert kind("/services/dredging-of-harbours-and-rivers") is PageType.OTHER
    assert kind("/x", body="<article><h1>Harbour opens</h1><p>By Mara Tolsteeg</p><p>24 May 2016</p></article>") is PageType.ARTICLE


def test_media_filed_as_articles() -> None:
    head = ld("NewsArticle") + ld("VideoObject")
    assert kind("/a/1", head=head, words=40) is PageType.VIDEO
    assert kind("/a/1", head=head, words=400) is PageType.ARTICLE
    assert kind("/gallery/the-harbour", head=ld("NewsArticle"), words=80) is PageType.GALLERY
    live = "<body><main class='live-blog'><p>10:30</p></main>"
    assert kind("/live/harbour-opens", head=ld("NewsArticle"), body=live) is PageType.LIVE_BLOG
    assert kind("/how-to-live-longer", head=ld("NewsArticle")) is PageType.ARTICLE


def test_archives_of_a_publishing_system() -> None:
    assert kind("/a/1", body="<body class='archive category-news'><p>words</p>") is PageType.LISTING
    assert kind("/a/1", body="<body class='single-product'><p>words</p>") is PageType.PRODUCT
    assert (
        kind("/a/1", body="<body class='home page-template-default page'><h1>Us</h1>", head='<meta property="og:type" content="article">')
        is PageType.OTHER
    )


@given(st.text(max_size=60), st.text(max_size=40), st.integers(0, 5000), st.floats(0, 1))
def test_any_page_has_a_type(path: str, og_type: str, words: int, link_share: float) -> None:
    assert page_type(Traits(og_type=og_type, body=path), HOST + path, words=words, link_share=link_share) in PageType


@pytest.mark.parametrize("path", ["/" + "a-" * 50_000, "/c/" * 20_000, "/t/" + "1" * 100_000, "/" + "_" * 100_000])
def test_no_address_takes_long(path: str) -> None:
    started = time.process_time()
    page_type(Traits(), HOST + path, words=300, link_share=0.1)
    assert time.process_time() - started < 0.5
