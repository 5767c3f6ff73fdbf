from __future__ import annotations

import pytest

from pipelines.clean.comments import read_comments
from pipelines.clean.page import parse_page
from tests.unit.pipelines.pages.comments_native import PARAGRAPHS
from tests.unit.pipelines.pages.comments_traps import TRAPS


@pytest.mark.parametrize("name", TRAPS)
def test_an_article_called_a_comment_is_kept(name: str) -> None:
    reading = read_comments(parse_page(TRAPS[name].encode(), "text/html; charset=utf-8").tree, "https://harbour.example/comment/scandal")
    cut = " ".join(" ".join(" ".join(element.itertext()) for element in reading.containers).split())
    assert [p for p in PARAGRAPHS if p in cut] == []
    assert reading.comments == ()
    assert not reading.forum


@pytest.mark.parametrize("name", [name for name in TRAPS if "</body>" in TRAPS[name]])
def test_real_comments_below_such_an_article_are_found(name: str) -> None:
    thread = """<div id="comments" class="comments-area"><ol class="comment-list"><li class="comment" id="comment-1">
    <b class="comment-author">Bo Pier</b>
    <time datetime="2021-05-04">May 4</time><div class="comment-content"><p>Quite so.</p></div></li></ol></div>"""
    html = TRAPS[name].replace("</body>", f"{thread}</body>")
    reading = read_comments(parse_page(html.encode(), "text/html; charset=utf-8").tree, "https://harbour.example/comment/scandal")
    cut = " ".join(" ".join(" ".join(element.itertext()) for element in reading.containers).split())
    assert [p for p in PARAGRAPHS if p in cut] == []
    assert [(c.author, c.text) for c in reading.comments] == [("Bo Pier", "Quite so.")]
    assert "Quite so." in cut
