from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.comments import read_comments
from pipelines.clean.comments.vocabulary import words
from pipelines.clean.page import parse_page
from tests.unit.pipelines.pages.comments_embedded import SAMPLES as EMBEDDED
from tests.unit.pipelines.pages.comments_forums import THREADS
from tests.unit.pipelines.pages.comments_native import SAMPLES as NATIVE
from tests.unit.pipelines.pages.comments_traps import TRAPS

PAGES = [*(sample.html for sample in (*NATIVE, *EMBEDDED)), *(thread.html for thread in THREADS), *TRAPS.values()]
NAMES = sorted(
    words(
        "comments comment comment-1 comment-list commentlist comment-body comment-text comment-author comment-date comment-form children"
        " indented reply post message message--post message-body post_message_1 disqus_thread author user date time depth-2 level-x"
        " discussion response replies comtr commtext thing usertext-body forum-post forum-post-content recent-comments tone-comment"
        " u_cbox kommentare leserbrief spot-im postbody postprofile crawler-post cooked"
    )
)
TAGS = [
    "div",
    "p",
    "ul",
    "li",
    "span",
    "a",
    "time",
    "form",
    "textarea",
    "article",
    "h1",
    "h2",
    "table",
    "tr",
    "td",
    "noscript",
    "script",
    "b",
    "cite",
    "button",
    "fb:comments",
]
ATTRIBUTES = ["class", "id", "itemprop", "itemtype", "datetime", "href", "data-depth", "aria-label", "data-author", "title"]
VALUES = st.one_of(
    st.lists(st.sampled_from(NAMES), max_size=3).map(" ".join),
    st.sampled_from(
        [
            "comment",
            "text",
            "articleBody",
            "author",
            "https://schema.org/Comment",
            "https://schema.org/QAPage",
            "/x#comment-9",
            "2021-05-03",
            "9",
        ]
    ),
    st.text(max_size=12),
)


@st.composite
def markup(draw: st.DrawFn) -> str:
    """A page of open and closing tags in any order, most of them named as comment matter."""
    pieces = []
    for _ in range(draw(st.integers(0, 60))):
        tag = draw(st.sampled_from(TAGS))
        if draw(st.booleans()):
            attributes = "".join(f' {draw(st.sampled_from(ATTRIBUTES))}="{draw(VALUES)}"' for _ in range(draw(st.integers(0, 2))))
            pieces.append(f"<{tag}{attributes}>")
        else:
            pieces.append(f"</{tag}>")
        pieces.append(
            draw(
                st.sampled_from(
                    ["", "Ada", "says:", "3 May 2021", "Reply", "A run of words that is long enough to be prose, and then some.", "12"]
                )
            )
        )
    return "".join(pieces)


def check(tree: HtmlElement, url: str) -> None:
    before = etree.tostring(tree)
    reading = read_comments(tree, url)
    assert etree.tostring(tree) == before
    assert read_comments(tree, url).comments == reading.comments
    inside: set[HtmlElement] = set()
    for element in reading.containers:
        assert element not in inside
        assert element.getroottree().getroot() is tree
        inside.update(element.iter())
    assert tree not in reading.containers
    for comment in reading.comments:
        assert comment.text.strip() == comment.text != ""
        assert comment.depth >= 0
        assert comment.author is None or comment.author.strip()


@settings(deadline=None, max_examples=150)
@given(markup(), st.sampled_from(["https://harbour.example/forum/1", "https://harbour.example/x", "", "http://[", "\x00"]))
def test_any_markup(html: str, url: str) -> None:
    tree = parse_page(f"<html><body>{html}".encode("utf-8", "replace"), "text/html; charset=utf-8").tree
    assert tree is not None
    check(tree, url)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(PAGES), st.data())
def test_pages_cut_and_stirred(html: str, data: st.DataObject) -> None:
    start, end = sorted((data.draw(st.integers(0, len(html))), data.draw(st.integers(0, len(html)))))
    tree = parse_page((html[:start] + html[end:] + html[start:end][:2000]).encode(), "text/html; charset=utf-8").tree
    if tree is not None:
        check(tree, "https://harbour.example/x")


PROSE = "<p>A run of words that is long enough to be prose, and then some more of them.</p>"
GROWING: dict[str, Callable[[int], str]] = {
    "nested comments": lambda n: '<div class="comment">' * n + PROSE,
    "nested numbered comments": lambda n: "".join(f'<div class="comment" id="comment-{i}">{PROSE}' for i in range(n)),
    "nested lists": lambda n: '<ul class="comments">' * n + PROSE,
    "nested lists that are refused": lambda n: "<h1>x</h1>" + f'<div class="comments-x">{PROSE * 3}' * n,
    "comments in a list": lambda n: (
        '<div class="comments">' + "".join(f'<div class="comment" id="comment-{i}"><b class="author">x</b>{PROSE}</div>' for i in range(n))
    ),
    "lists": lambda n: "".join(f'<div class="comments" id="comments-{i}">{PROSE}</div>' for i in range(n)),
    "posts": lambda n: '<article class="message message--post"><a class="username">u</a><div class="message-body">x</div></article>' * n,
    "nested posts": lambda n: '<article class="message message--post"><div class="message-body">x' * n,
    "names that differ": lambda n: "".join(f'<div class="comment-{i}x">x</div>' for i in range(n)),
    "notices": lambda n: "<h3>Leave a comment</h3>" * n,
    "forms": lambda n: '<form class="comment"><textarea>' * n,
    "article bodies": lambda n: '<div itemprop="articleBody">' * n + '<div class="comments">x',
    "authors in authors": lambda n: '<div class="comments"><div class="comment" id="comment-1">' + '<span class="author">a' * n,
    "answers in json": lambda n: (
        '<script type="application/ld+json">{"comment":[' + ",".join('{"text":"a"}' for _ in range(n)) + "]}</script>"
    ),
    "json in json": lambda n: '<script type="application/ld+json">' + '{"comment":' * n + "1" + "}" * n + "</script>",
}


def calls(html: str) -> int:
    """Calls made, of Python and of C functions: a measure of work that no busy machine disturbs."""
    tree = parse_page(f"<html><body>{html}".encode(), "text/html; charset=utf-8").tree
    count = 0

    def profile(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        read_comments(tree, "https://harbour.example/x")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_no_faster_than_the_page(name: str) -> None:
    small, large = calls(GROWING[name](400)), calls(GROWING[name](1600))
    assert large < 6 * small + 2000


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "html",
    [
        '<div class="' + "comment " * 200_000 + '">x</div>',
        '<div class="' + "comment-" * 100_000 + '">x</div>',
        '<div id="' + "comments" * 100_000 + '">x</div>',
        '<div class="comments"><p class="comment">' + "like " * 200_000 + "</p></div>",
        '<div class="comments"><p class="comment" title="' + "3 May 2021 " * 90_000 + '">x</p></div>',
        '<div class="comment">' * 100_000 + "x",
        "<a>" + "Leave a comment " * 60_000 + "</a>",
    ],
    ids=["many names", "a long name", "a long id", "a long line", "a long date", "100,000 nested tags", "a long notice"],
)
def test_large_values(html: str) -> None:
    tree = parse_page(f"<html><body>{html}".encode(), "text/html; charset=utf-8").tree
    assert tree is not None
    check(tree, "https://harbour.example/x")
