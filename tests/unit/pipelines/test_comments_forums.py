from __future__ import annotations

import pytest

from pipelines.clean.comments import CommentReading, read_comments
from pipelines.clean.page import parse_page
from tests.unit.pipelines.pages.comments_forums import ADA, ANSWERS_LINKED, BO, CY, THREADS, Thread
from tests.unit.pipelines.pages.comments_native import ARTICLE, PARAGRAPHS


def read(html: str, url: str) -> CommentReading:
    return read_comments(parse_page(html.encode(), "text/html; charset=utf-8").tree, url)


def words_in(reading: CommentReading) -> str:
    return " ".join(" ".join(" ".join(element.itertext()) for element in reading.containers).split())


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread.name)
def test_posts_of_a_thread(thread: Thread) -> None:
    reading = read(thread.html, thread.url)
    assert reading.forum
    assert tuple((c.depth, c.author, c.date, c.text) for c in reading.comments) == thread.posts


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread.name)
def test_only_what_stands_around_posts_is_cut(thread: Thread) -> None:
    cut = words_in(read(thread.html, thread.url))
    assert [text for text in (ADA, BO, CY) if text in cut] == []
    assert [words for words in thread.chrome if words not in cut] == []


def test_quick_reply_is_cut() -> None:
    xenforo = next(thread for thread in THREADS if thread.name == "xenforo 2")
    assert "Post reply" in words_in(read(xenforo.html, xenforo.url)) or "form" in [
        e.tag for e in read(xenforo.html, xenforo.url).containers
    ]


def test_answers_in_json_ld() -> None:
    reading = read(ANSWERS_LINKED, "https://boats.example/q/12")
    assert reading.forum
    assert [(c.depth, c.author, c.text) for c in reading.comments] == [(0, "Bo Pier", BO)]


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="post"><div class="post_author">Ada</div><div class="post_body">{}</div></div>',
        '<div class="post_block"><div class="post_wrap"><div class="entry-content post">{}</div></div></div>',
        '<div class="topic-post"><div class="post">{}</div></div>',
        '<div class="post-box"><div class="post-box-body">{}</div></div>',
        '<div class="question">Why?</div><div class="answer"><div class="post-text">{}</div></div>',
        '<div class="message"><div class="messageText">{}</div></div>',
        '<article class="hentry type-post"><div class="postcontainer"><div class="postcontent">{}</div></div></article>',
    ],
)
def test_names_that_themes_of_weblogs_share_with_forums(markup: str) -> None:
    html = f"<html><title>Quay</title><body><h1>Quay</h1>{markup.format(ARTICLE)}</body></html>"
    reading = read(html, "https://harbour.example/news/quay")
    assert not reading.forum
    assert [p for p in PARAGRAPHS if p in words_in(reading)] == []


def test_an_article_with_comments_under_a_forums_address_stays_an_article() -> None:
    comments = f"""<div class="comments"><div class="comment" id="comment-1"><span class="comment-author">Ada</span>
    <div class="comment-text">{ADA}</div></div>
    <div class="comment" id="comment-2"><span class="comment-author">Bo</span><div class="comment-text">{BO}</div></div></div>"""
    reading = read(f"<html><title>Quay</title><body><h1>Quay</h1>{ARTICLE}{comments}</body></html>", "https://harbour.example/forum/quay")
    assert not reading.forum
    assert ADA in words_in(reading)
