"""Selectors, layouts and the registry on small pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from pipelines.clean.page import parse_page
from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, SiteReading, field, rule
from pipelines.sites.registry import PLATFORMS, PUBLISHERS, by_host, find_layout, publisher_of, read_site
from pipelines.sites.selector import Markup, css

WORDS = " ".join(f"word{i}" for i in range(60))


def tree(html: str) -> HtmlElement:
    parsed = parse_page(html.encode(), "text/html; charset=utf-8").tree
    assert parsed is not None
    return parsed


def found(selector: str, html: str) -> list[str]:
    page = Markup(tree(html))
    return [e.get("id") or e.tag for e in page.in_order(page.select(css(selector)))]


@pytest.mark.parametrize(
    ("selector", "ids"),
    [
        ("p", ["a", "b", "c"]),
        (".x", ["a", "d"]),
        ("p.x", ["a"]),
        (".x.y", ["d"]),
        ("#b", ["b"]),
        ("[data-k]", ["b", "c"]),
        ("[data-k=two words]", ["c"]),
        ('[data-k="two words"]', ["c"]),
        ("[data-k^=tw]", ["c"]),
        ("[data-k*=ne]", ["b"]),
        ("[data-k$=words]", ["c"]),
        ("[class*=y]", ["d"]),
        ("div p", ["b", "c"]),
        ("div > p", ["b"]),
        ("div > section > p", ["c"]),
        (".x .z p", []),
        ("p#a, [data-k], .y", ["a", "d", "b", "c"]),
        ("section, nothing, p", ["a", "b", "s", "c"]),
    ],
)
def test_selectors(selector: str, ids: list[str]) -> None:
    html = """<p id=a class="x">1</p><div id=d class="x y"><p id=b data-k=one>2</p>
    <section id=s><p id=c data-k="two words">3</p></section></div>"""
    assert found(selector, html) == ids


@pytest.mark.parametrize("selector", ["p + p", "p::before", "a:first-child", ".", "p,,>", "[", "*"])
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match="not a selector"):
        css(selector)


def test_a_class_is_a_word_and_not_a_part_of_one() -> None:
    assert found(".ad", '<p id=a class="ad-slot">1</p><p id=b class="big ad">2</p><p id=c class="head">3</p>') == ["b"]


LAYOUT = Layout(
    "example-2020",
    2020,
    None,
    marks=(css("main"),),
    body=css(".lead, .body"),
    cut=(
        rule(Cut.RELATED, ".related"),
        rule(Cut.AD, "main"),
        rule(Cut.BIO, "h3", says=r"about the writer", extent="rest"),
        rule(Cut.SIGN_IN, "h4", says=r"log in", extent="parent"),
        rule(Cut.DONATION, "p", says=r"please give\.\s*(?=\S)", extent="start"),
    ),
    authors=field(".by", part=r"By (.+)"),
    published=field(".when", written="%d/%m/%Y"),
)


def cuts(reading: SiteReading) -> list[tuple[str, str]]:
    return [(str(reason), " ".join("".join(e.itertext()).split())) for e, reason in reading.cut.items()]


def test_a_reading() -> None:
    page = tree(
        f"<main><p class=by>By Oak Stile and Ash Gate</p><p class=when>21/7/2016</p><p class=lead>A lead.</p><div class=body><p>{WORDS}</p>"
        "<div class=related>More</div><h3>About the writer</h3><p>Oak writes.</p></div><div><h4>Log in</h4><p>Name</p></div></main>"
    )
    reading = LAYOUT.read(page)
    assert [e.get("class") for e in reading.body] == ["lead", "body"]
    assert cuts(reading) == [("related", "More"), ("bio", "About the writer"), ("bio", "Oak writes."), ("sign-in", "Log inName")]
    assert (reading.byline, reading.authors, reading.published) == ("Oak Stile and Ash Gate", ("Oak Stile", "Ash Gate"), "2016-07-21")
    assert reading.title is None


def test_a_body_of_few_words_is_not_believed() -> None:
    reading = LAYOUT.read(
        tree("<main><p class=lead>A lead.</p><div class=body><p>Nine words do not make an article of this.</p></div></main>")
    )
    assert reading.body == ()
    assert reading.name == "example-2020"


def test_a_body_whose_words_are_all_cut_is_not_believed() -> None:
    assert LAYOUT.read(tree(f"<main><div class=body><div class=related>{WORDS}</div></div></main>")).body == ()


def test_containers_inside_others_do_not_count_twice() -> None:
    reading = LAYOUT.read(
        tree(f"<main><div class=body id=1><div class=body id=2><p>{WORDS}</p></div></div><div class=body id=3>x</div></main>")
    )
    assert [e.get("id") for e in reading.body] == ["1", "3"]


def test_what_holds_the_article_is_never_cut() -> None:
    reading = LAYOUT.read(tree(f"<main><div><h4>Log in</h4><div class=body><p>{WORDS}</p></div></div></main>"))
    assert cuts(reading) == [("sign-in", "Log in")]


def test_without_a_body_what_holds_the_headline_is_never_cut() -> None:
    page = tree(f"<main><h1>Headline</h1><p>{WORDS}</p></main><div><h4>Log in</h4></div>")
    assert cuts(LAYOUT.read(page)) == [("sign-in", "Log in")]


def test_words_before_the_first_sentence() -> None:
    reading = LAYOUT.read(tree(f"<main><div class=body><p>Please give.The ferry sails. {WORDS}</p><p>Please give.</p></div></main>"))
    assert [(e.tag, reason, words) for e, (reason, words) in reading.starts.items()] == [("p", Cut.DONATION, "Please give.")]


def test_the_page_is_left_as_it_was() -> None:
    html = f"<main><p class=lead>A <b>lead</b>.</p><div class=body><p>{WORDS}</p><div class=related>More</div></div></main>"
    page, same = tree(html), tree(html)
    LAYOUT.read(page)
    assert [(e.tag, dict(e.attrib), e.text, e.tail) for e in page.iter()] == [(e.tag, dict(e.attrib), e.text, e.tail) for e in same.iter()]


def test_hosts() -> None:
    assert [
        getattr(publisher_of(h), "name", None) for h in ("news.bbc.co.uk", "bbc.co.uk", "notbbc.co.uk", "co.uk", "", "WWW.RT.COM.")
    ] == [
        "BBC",
        "BBC",
        None,
        None,
        None,
        "RT",
    ]


def test_two_publishers_cannot_claim_one_host() -> None:
    with pytest.raises(ValueError, match="belongs to"):
        by_host((Publisher("A", ("a.example",), ()), Publisher("B", ("a.example",), ())))


def test_no_rules_for_other_hosts_and_other_markup() -> None:
    page = tree(f"<article><p>{WORDS}</p></article>")
    assert find_layout("unknown.example", page) is None
    assert read_site("unknown.example", page) is None
    assert find_layout("www.rt.com", page) is None


def test_a_platform_is_known_by_what_its_pages_say() -> None:
    page = tree(f'<head><meta name="Generator" content="Blogger"></head><body><div class="post-body">{WORDS}</div></body>')
    layout = find_layout("blog.example", page)
    assert layout is not None
    assert layout.name == "blogger-2006"
    assert read_site("blog.example", page) == layout.read(page)


def test_layouts_are_named_once_and_dated() -> None:
    layouts = [layout for publisher in (*PUBLISHERS, *PLATFORMS) for layout in publisher.layouts]
    assert len({layout.name for layout in layouts}) == len(layouts)
    assert all(layout.marks for layout in layouts)
    assert all(a.since is None or 1999 <= a.since <= (a.until or 2100) for a in layouts)


HOSTILE = [
    "<div class='wsw'>" * 30_000 + "x",
    "<span>" * 30_000,
    "<p>" * 30_000,
    "<div class='" + "a " * 500_000 + "'>x</div>",
    "<h1>x</h1>" + "<h3>What You Say</h3>" * 10_000,
    "<script></script>" * 30_000 + "<p>x",
]


@pytest.mark.parametrize("host", ["www.voanews.com", "www.rudaw.net", "www.newsweek.com", "www.bbc.com", "x.blogspot.com"])
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_pages_end(host: str, number: int) -> None:
    page = tree("<h1>x</h1><input type=text><form><input></form><div id=article-content>" + HOSTILE[number])
    reading = read_site(host, page)
    assert reading is None or reading.body == ()


@given(st.text(alphabet="ap.#[]=\"'^*$~ >,-_1", max_size=30))
def test_any_text_is_a_selector_or_refused(text: str) -> None:
    try:
        selector = css(text)
    except ValueError:
        return
    list(Markup(tree("<p class=a id=p>x</p>")).select(selector))
