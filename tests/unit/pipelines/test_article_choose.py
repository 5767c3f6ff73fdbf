"""The article of a page: what is kept, what is cut and why, and that nothing is lost between the two."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from pipelines.clean.article.choose import Known, read_article
from pipelines.clean.article.forest import Forest, load_forest, read_forest
from pipelines.clean.article.glued import split_appeal
from pipelines.clean.article.segment import WORD, segment
from pipelines.clean.reasons import Cut
from tests.unit.pipelines.test_article_segment import _PAGES, tree_of

SENTENCES = (
    "The harbour council met on Tuesday to decide what becomes of the old grain store, which has stood empty for eleven years.",
    "Its members heard from engineers, neighbours and a school that would like to use the ground floor as a workshop.",
    "Nobody spoke against the plan, but two members asked who would pay for the roof, and got no answer that night.",
    "A second reading is set for the spring, when the surveyors will have finished their work on the foundations.",
)
MENU = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(12))
RAIL = "".join(f"<div class='teaser'><h3><a href='/s{n}'>Another story about something else {n}</a></h3></div>" for n in range(6))


def page(body: str) -> str:
    return (
        f"<html><body><nav><ul>{MENU}</ul></nav><main><article><h1>Old grain store may become a workshop</h1>"
        f"<p class='byline'>By Ada Writer</p>{body}</article></main>"
        f"<aside class='related'><h2>More stories</h2>{RAIL}</aside>"
        "<footer>© 2016 The Harbour Gazette. All rights reserved.</footer></body></html>"
    )


def read(body: str, **known: object) -> tuple[list[str], dict[str, list[str]]]:
    about = Known(title="Old grain store may become a workshop", authors=("Ada Writer",), **known)  # type: ignore[arg-type]
    article = read_article(tree_of(page(body)), about)
    removed: dict[str, list[str]] = {}
    for block in article.removed:
        removed.setdefault(block.reason, []).append(block.text)
    return [block.text for block in article.blocks], removed


def paragraphs(*more: str) -> str:
    return "".join(f"<p>{text}</p>" for text in (*SENTENCES, *more))


def test_an_article_and_nothing_else() -> None:
    kept, removed = read(paragraphs())
    assert kept == list(SENTENCES)
    assert removed["byline"] == ["By Ada Writer"]
    assert removed["headline"] == ["Old grain store may become a workshop"]
    assert "Section 3" in removed["navigation"][0]
    assert "All rights reserved" in removed["legal"][0]
    assert any("Another story" in text for text in removed["related"])


def test_kinds_of_blocks() -> None:
    body = paragraphs() + "<h2>What comes next</h2><ul><li>A survey of the walls.</li><li>A vote in spring.</li></ul>" + paragraphs()
    article = read_article(tree_of(page(body)), Known(title="Old grain store may become a workshop"))
    kinds = [(block.kind, block.text) for block in article.blocks]
    assert ("list", "A survey of the walls.\nA vote in spring.") in kinds
    assert ("heading", "What comes next") in kinds


def test_marks_a_body_and_what_the_site_repeats() -> None:
    boxed = "<div id=b><p>Only this stands in the body.</p></div>"
    tree = tree_of(page(paragraphs("Marked as an offer to the readers of this page.") + boxed))
    offer = next(p for p in tree.iter("p") if (p.text or "").startswith("Marked"))
    body = next(iter(tree.xpath("//div[@id='b']")))
    found = read_article(tree, Known(marks={offer: Cut.DONATION}, body=(body,)))
    assert [block.text for block in found.blocks] == ["Only this stands in the body."]
    assert "Marked as an offer to the readers of this page." in {b.text for b in found.removed if b.reason == "donation"}
    kept, removed = read(paragraphs(), repeats=lambda texts: [text == SENTENCES[1] for text in texts])
    assert kept == [SENTENCES[0], *SENTENCES[2:]]
    assert removed["repeated-on-site"] == [SENTENCES[1]]


def test_a_start_that_is_no_article_text() -> None:
    first_sentence = "The grain store on the old quay may yet have a future, the council heard, if somebody is found who pays for it."
    tree = tree_of(page(f"<p id=f>Please   give today.{first_sentence}</p>" + paragraphs()))
    first = next(iter(tree.xpath("//p[@id='f']")))
    known = Known("Old grain store may become a workshop", authors=("Ada Writer",), starts={first: (Cut.DONATION, "Please give today.")})
    found = read_article(tree, known)
    assert found.blocks[0].text == first_sentence
    assert ("donation", "Please give today.", 0) in {(b.reason, b.text, b.at) for b in found.removed}


@settings(max_examples=60, deadline=None)
@given(_PAGES)
def test_every_word_is_kept_or_cut(html: str) -> None:
    tree = tree_of(f"<html><body><p>x {html}<p>{SENTENCES[0]}</body></html>")
    there = Counter(word for piece in segment(tree).pieces for word in WORD.findall(piece.text))
    article = read_article(tree, Known())
    assert there == Counter(word for block in (*article.blocks, *article.removed) for word in WORD.findall(block.text))
    assert article == read_article(tree, Known())
    assert all(0 <= block.at <= len(article.blocks) for block in article.removed)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("If you value our work, please donate so that you can make a difference.Russia and its neighbour met on Monday.", Cut.DONATION),
        ("Sign up and get our newsletter in your inbox every day!The minister said on Friday that talks go on.", Cut.NEWSLETTER),
        ("Log in to your account so that you can read on.Talks between the two sides went on all night.", Cut.SIGN_IN),
    ],
)
def test_glued_appeals(text: str, reason: Cut) -> None:
    found = split_appeal(text)
    assert found is not None
    assert found[0] is reason
    assert found[1] + found[2] == text


@pytest.mark.parametrize(
    "text",
    [
        "He said that we should donate to you all.Then he left.",  # too little after the seam
        "The charity asked readers to donate.The sum was not named, and nobody knows whether it was ever paid.",
        "Version 2.Beta of the newsletter tool for you and us is out, said a firm that nobody of us knows at all.",
    ],
)
def test_a_missing_space_alone_is_no_appeal(text: str) -> None:
    assert split_appeal(text) is None


def test_weights() -> None:
    for name in ("light", "full"):
        forest = load_forest(name)
        row = [0.0] * len(forest.features)
        assert 0 < forest.probability(row) < 1
    assert not any(feature.startswith("vote") for feature in load_forest("light").features)
    assert any(feature.startswith("vote") for feature in load_forest("full").features)


def test_a_forest_adds_up_and_stops_where_the_case_is_clear() -> None:
    stump = [0, 0.5, -1.0, 1.0]
    few: Forest = read_forest({"features": ["words"], "threshold": 0.5, "trees": [stump, stump]})
    assert few.probability([0.0]) == pytest.approx(1 / (1 + 2.718281828**2))
    many = read_forest({"features": ["words"], "threshold": 0.5, "trees": [[0, 0.5, -0.2, 0.2]] * 25 + [100.0] * 10})
    assert many.probability([0.0]) < 0.05
