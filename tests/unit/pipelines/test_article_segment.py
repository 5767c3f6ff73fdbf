"""The whole page as pieces: each visible word in one of them, whatever the markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from pipelines.clean.article.kinds import kind_of
from pipelines.clean.article.segment import WORD, segment
from pipelines.clean.page import parse_page
from pipelines.clean.reasons import Cut


def tree_of(html: str) -> HtmlElement:
    tree = parse_page(html.encode(), "text/html; charset=utf-8").tree
    assert tree is not None
    return tree


def texts(html: str) -> list[str]:
    return [piece.text for piece in segment(tree_of(f"<html><body>{html}</body></html>")).pieces]


def test_block_level_tags_part_texts_and_inline_ones_do_not() -> None:
    assert texts("<div>One <b>bold</b> and <a href=x>linked</a> word.<p>Two.</p>three</div>") == [
        "One bold and linked word.",
        "Two.",
        "three",
    ]


def test_one_break_is_a_line_end_and_two_part_paragraphs() -> None:
    assert texts("First<br>line.<br><br>Second.<br> <br>Third.") == ["First\nline.", "Second.", "Third."]


def test_rows_of_a_data_table_are_pieces_and_a_table_for_the_layout_has_none() -> None:
    data = "<table><tr><th>Year<th>Cost<tr><td>2015<td>7<tr><td>2016<td>9</table>"
    assert texts(data) == ["Year | Cost", "2015 | 7", "2016 | 9"]
    laid_out = "<table><tr><td><p>A column of text.</p><p>And more.</p></td><td><ul><li>menu</ul></td></tr></table>"
    assert texts(laid_out) == ["A column of text.", "And more.", "menu"]


def test_what_nobody_sees_is_no_text() -> None:
    assert texts("<script>x()</script><style>p{}</style>seen<noscript>old</noscript><svg><text>drawn</text></svg>") == ["seen"]


def test_code_keeps_its_lines() -> None:
    (piece,) = segment(tree_of("<body><pre>if x:\n\ty()\n</pre></body>")).pieces
    assert (kind_of(piece), piece.text) == ("code", "if x:\n    y()")


def test_lengths_of_links_and_emphasis() -> None:
    (piece,) = segment(tree_of("<body><p><a>four</a> and <b>bold</b> <i>slant</i></p></body>")).pieces
    assert (piece.linked, piece.links, piece.bold, piece.slanted, piece.words) == (4, 1, 4, 5, 4)


def test_marks_are_inherited_and_an_inline_element_with_one_is_a_box() -> None:
    tree = tree_of("<body><div id=c><p>Said <i>so</i>.</p></div><p>Kept <span id=s>cut</span> kept.</p></body>")
    marks = dict.fromkeys(tree.iter("div", "span"), Cut.COMMENT)
    found = [(piece.text, piece.box.cut) for piece in segment(tree, marks).pieces]
    assert found == [("Said so.", Cut.COMMENT), ("Kept", None), ("cut", Cut.COMMENT), ("kept.", None)]


def test_depth_without_end() -> None:
    assert texts("<div>" * 2_000 + "deep") == ["deep"]
    assert len(texts("<table><tr><td>" * 200 + "deep")) == 1


_TAGS = ["p", "div", "b", "a", "ul", "li", "table", "tr", "td", "h2", "blockquote", "span", "br", "section", "pre", "figure", "em"]
_PAGES = st.lists(
    st.one_of(
        st.sampled_from(_TAGS).map(lambda tag: f"<{tag}>"),
        st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(["Word", " and ", "more.", "Ein Satz, länger.", "文字", " "]),
    ),
    max_size=60,
).map("".join)


@given(_PAGES)
def test_every_word_is_in_one_piece(html: str) -> None:
    tree = tree_of(f"<html><body><p>x {html}</body></html>")
    body = tree.find("body")
    assert body is not None
    pieces = segment(tree).pieces
    assert "".join(WORD.findall("".join(p.text for p in pieces))) == "".join(WORD.findall("".join(body.itertext())))
    assert [p.index for p in pieces] == list(range(len(pieces)))


@pytest.mark.parametrize(
    "names", ["id=cookie-notice", "class=cookieBanner", "id=onetrust-banner-sdk", "class=gdpr_consent", "class=cc-window"]
)
def test_a_layer_that_asks_for_consent_is_no_article(names: str) -> None:
    page = parse_page(f"<body class=cookie-banner><div {names}><p>We and our partners.</p></div><p>The ferry sails.</p>".encode(), None)
    assert page.tree is not None
    assert [(p.text, p.box.cut) for p in segment(page.tree).pieces] == [("We and our partners.", Cut.COOKIE), ("The ferry sails.", None)]


@pytest.mark.parametrize("names", ["class=cookie-recipe", "class=cookies-enabled", "id=trusted", "class=privacy-notes"])
def test_other_boxes_with_such_words_are_read(names: str) -> None:
    page = parse_page(f"<body><div {names}><p>Bake for ten minutes.</p></div>".encode(), None)
    assert page.tree is not None
    assert [p.box.cut for p in segment(page.tree).pieces] == [None]
