from __future__ import annotations

import pytest

from pipelines.clean.comments import CommentReading, read_comments
from pipelines.clean.page import parse_page
from tests.unit.pipelines.pages import comments_embedded as embedded
from tests.unit.pipelines.pages import comments_native as native
from tests.unit.pipelines.pages.comments_native import PARAGRAPHS, Sample, page

SAMPLES = (*native.SAMPLES, *embedded.SAMPLES)


def read(html: str, url: str = "https://harbour.example/news/new-quay") -> CommentReading:
    return read_comments(parse_page(html.encode(), "text/html; charset=utf-8").tree, url)


def words_in(reading: CommentReading) -> str:
    return " ".join(" ".join(" ".join(element.itertext()) for element in reading.containers).split())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_comments_of_a_page(sample: Sample) -> None:
    reading = read(sample.html, sample.url)
    assert tuple((c.depth, c.author, c.date, c.text) for c in reading.comments) == sample.comments
    assert not reading.forum


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_containers_hold_the_comments_and_nothing_of_the_article(sample: Sample) -> None:
    cut = words_in(read(sample.html, sample.url))
    assert [p for p in PARAGRAPHS if p in cut] == []
    assert [line for _, _, _, text in sample.comments for line in text.split("\n") if line not in cut] == []


@pytest.mark.parametrize(
    "words",
    [
        "Join the conversation",
        "Readers of the harbour press can write here",
        "comments powered by Disqus",
        "The comments could not be shown",
        "Loading conversation",
        "Loading comments",
        "Be the first to write",
        "You must be logged in",
        "12 Comments",
    ],
)
def test_what_asks_for_comments_is_cut(words: str) -> None:
    assert words in words_in(read(embedded.PLACEHOLDERS.html))


def test_what_stands_around_a_thread_is_cut() -> None:
    cut = words_in(read(native.WORDPRESS.html))
    assert "Leave a Reply" in cut
    assert "Your email address will not be published" in cut
    assert "3 thoughts on" in cut


def test_a_rail_is_about_other_pages() -> None:
    assert {c.about for c in read(embedded.RAIL.html).comments} == {"other"}


def test_the_links_tell_what_a_thread_is_about() -> None:
    """A list that is named as if it were this page's, whose links lead to the comments of two others."""
    items = "".join(
        f'<li class="comment-item"><b class="comment-author">Ada</b> <a href="/news/{slug}#comment-{n}">on {slug}</a>'
        '<p class="comment-text">A word or two, no more.</p></li>'
        for n, slug in ((3, "old-shed"), (4, "fish-prices"))
    )
    assert [c.about for c in read(page(f'<div class="comments"><ul>{items}</ul></div>')).comments] == ["other", "other"]
    assert [
        c.about
        for c in read(
            page(f'<div class="comments"><ul>{items}</ul></div>'.replace("old-shed", "new-quay").replace("fish-prices", "new-quay"))
        ).comments
    ] == [
        "this",
        "this",
    ]


def test_strays_of_the_threads_kind_are_about_other_pages() -> None:
    """A rail whose entries are marked up as this page's comments are, with nothing in the links to tell them apart."""
    own = '<div class="cmt"><b class="user">Ada</b> | 3/24/2019<div class="txt">Wide enough for carts.</div></div>'
    strays = "".join(
        f'<div class="say"><div class="cmt"><b class="user">{who}</b> | 3/23/2019<div class="txt">{text}</div></div>'
        f'<a href="#">{title}</a></div>'
        for who, text, title in (
            ("Bo", "Who will paint it?", "Salt landing gets its steps back"),
            ("Cy", "A fine speech.", "Mayor opens the season"),
        )
    )
    reading = read(page(f'<div id="comments">{own}{own}</div><div class="box"><h3>What you say</h3>{strays}</div>'))
    assert [(c.author, c.about) for c in reading.comments] == [("Ada", "this"), ("Ada", "this"), ("Bo", "other"), ("Cy", "other")]
    assert "What you say" in words_in(reading)
    assert "Salt landing gets its steps back" not in words_in(reading)


def test_titles_of_recent_comments_are_no_comments() -> None:
    rail = """<div class="widget widget_recent_comments"><ul id="recentcomments">
    <li class="recentcomments"><span class="comment-author-link">Ada</span> on
    <a href="/news/old-shed#comment-1">Old shed burns down</a></li>
    <li class="recentcomments"><span class="comment-author-link">Bo</span> on <a href="/news/x#comment-2">Fish</a></li></ul></div>"""
    reading = read(page(rail))
    assert reading.comments == ()
    assert "Old shed burns down" in words_in(reading)


def test_comments_in_json_ld() -> None:
    comments = read(embedded.LINKED.html).comments
    assert [(c.depth, c.author, c.date, c.text) for c in comments] == [
        (0, "Ada Ferry", "2021-05-03T10:11", "Read in the harbour itself."),
        (1, "Bo", None, "Same here."),
    ]


def test_a_publishers_own_answers_are_no_comments() -> None:
    head = """<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "When?",
    "acceptedAnswer": {"@type": "Answer", "text": "On Monday."}}]}</script>"""
    assert read(page("", head=head)).comments == ()


def test_a_page_without_comments() -> None:
    assert read(page("<aside><h2>More news</h2><p>The shed will be built by spring, says the mayor.</p></aside>")) == CommentReading()
    assert read_comments(None, "https://harbour.example/") == CommentReading()


def test_a_short_article_under_a_long_thread() -> None:
    html = native.WORDPRESS.html.replace(native.ARTICLE, "<p>The quay is open.</p>").replace(
        "I took the first boat.", "I took the first boat. " * 60
    )
    reading = read(html)
    assert len(reading.comments) == 3
    assert "The quay is open." not in words_in(reading)


def test_labels_are_not_in_the_text() -> None:
    thread = """<div id="comments"><div class="comment" id="comment-1"><span class="author">Ada</span>
    <time datetime="2021-05-03">today</time><p>Fine by me.</p>
    <ul><li><a>Reply</a></li><li><a>Report</a></li><li><a>Share</a></li><li><a>12 likes</a></li>
    <li>Gefällt mir</li><li>Répondre</li><li>Ответить</li><li>回复</li></ul></div></div>"""
    assert [c.text for c in read(page(thread)).comments] == ["Fine by me."]


def test_a_comment_that_is_a_label_is_kept_when_the_markup_says_so() -> None:
    thread = """<div id="comments"><div class="comment" id="comment-1"><span class="comment-author">Ada</span>
    <div class="comment-text">Like!</div></div></div>"""
    assert [c.text for c in read(page(thread)).comments] == ["Like!"]


def test_a_date_in_a_comment_stays_in_it() -> None:
    thread = """<div id="comments"><div class="comment" id="comment-1"><span class="comment-author">Ada</span><div class="comment-text">
    <p>On 3 May 2021 I was there, and so was he.</p></div></div></div>"""
    assert [c.text for c in read(page(thread)).comments] == ["On 3 May 2021 I was there, and so was he."]
