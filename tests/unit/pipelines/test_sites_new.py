"""The fixture generator: a saved page becomes one with the same markup and none of its words."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from pipelines.clean.page import parse_page
from pipelines.sites.layout import Publisher
from tests.sites.expectation import lines_of, read_fixture
from tests.sites.new import containers, main
from tests.sites.skeleton import skeleton
from tests.sites.words import Words

URL = "https://www.rt.com/news/473849-orchid/"
ITEMS = "".join(f'<li class="item"><a href="/orchid/{i}">Orchid {i}</a></li>' for i in range(20))
PARAGRAPHS = "".join(f"<p>Paragraph {i} tells of orchids, ferns and mosses at some length, as paragraphs tend to.</p>" for i in range(9))
SAVED = f"""<!DOCTYPE html>
<html lang="en"><head><title>Orchid growers meet - RT</title><meta name="generator" content="Zope 3">
<meta name="description" content="Orchids galore"><meta property="article:published_time" content="2016-05-20T10:00:00Z">
<script>var secret = "orchid";</script><style>.x {{ color: red }}</style></head>
<body onload="go()"><nav>{ITEMS}</nav>
<div class="article" data-state="open" data-json='{{"orchid": 1}}' style="top: 0"><h1 class="article__heading">Orchid growers meet</h1>
<div class="article__summary">Growers of orchids from nine valleys met on Friday, May 20, 2016 to compare their greenhouses and soils.</div>
<div class="article__text">{PARAGRAPHS}
<p>READ MORE: Ferns of the northern slope</p><a class="read-more-big" href="/ferns">Ferns again</a></div></div></body></html>""".encode()


def letters(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{5,}", text.lower()))


def test_the_markup_stays_and_the_words_go() -> None:
    made = skeleton(SAVED, "seed").decode()
    tree, reading = read_fixture(made.encode(), URL)
    said = " ".join(text for _, text in lines_of(tree, reading))
    assert letters(said) & {"orchid", "orchids", "growers", "greenhouses", "ferns", "mosses", "paragraph", "paragraphs"} == set()
    assert not re.search(r"orchid|Orchid|secret|color|onload|top: 0", made)
    assert 'class="article__text"' in made
    assert 'data-state="open"' in made
    assert 'content="Zope 3"' in made
    assert "2016-05-20T10:00:00Z" in made
    assert "Friday, May 20, 2016" in made
    assert "READ MORE: " in made


def test_the_rules_read_the_skeleton_as_they_read_the_page() -> None:
    fates = [[fate for fate, _ in lines_of(*read_fixture(page, URL)) if fate != "outside"] for page in (SAVED, skeleton(SAVED, "seed"))]
    assert fates[0] == fates[1]
    assert set(fates[0]) == {"text", "related"}


def test_long_lists_are_thinned() -> None:
    assert skeleton(SAVED, "seed").decode().count('class="item"') == 3


def test_the_same_page_and_seed_give_the_same_bytes() -> None:
    assert skeleton(SAVED, "seed") == skeleton(SAVED, "seed")
    assert skeleton(SAVED, "seed") != skeleton(SAVED, "another")


def test_a_file_without_markup_is_refused() -> None:
    with pytest.raises(ValueError, match="no markup"):
        skeleton(b"  ", "seed")


def test_a_fixture_is_written_with_its_expectation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(SAVED)
    assert main([URL, "--page", str(saved), "--name", "rt-2014", "--into", str(tmp_path)]) == 0
    page = tmp_path / "rt" / "rt-2014.html"
    golden = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert (golden["url"], golden["layout"]) == (URL, "rt-2014")
    assert sum(fate == "text" for fate, _ in golden["lines"]) == 10
    assert "no rules" not in capsys.readouterr().out
    before = page.with_suffix(".json").read_bytes()
    assert main(["--expect", str(page)]) == 0
    assert page.with_suffix(".json").read_bytes() == before


def test_a_host_without_rules_gets_a_module_to_begin_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(SAVED)
    assert main(["https://orchid.example/1", "--page", str(saved), "--into", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    stub = printed[printed.index('"""Orchid') : printed.index("and these containers")]
    namespace: dict[str, object] = {}
    exec(compile(stub, "stub.py", "exec"), namespace)
    assert getattr(namespace["PUBLISHER"], "hosts", None) == ("orchid.example",)
    assert "div.article__text" in printed


def test_containers_are_listed_by_their_words() -> None:
    assert containers(SAVED)[0].endswith("div.article__text")


def test_words_have_the_length_asked_for() -> None:
    for length in (1, 3, 8, 40):
        assert len(Words("a").sentence(length).split()) == length
        assert len(Words("a").paragraph(length).split()) == length


def test_the_module_of_the_recipe_works() -> None:
    recipe = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "add-a-publisher.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)```", recipe, re.DOTALL)
    assert block is not None
    namespace: dict[str, object] = {}
    exec(compile(textwrap.dedent(block[1]), "example.py", "exec"), namespace)
    publisher = namespace["PUBLISHER"]
    assert isinstance(publisher, Publisher)
    words = Words("recipe")
    page = parse_page(
        f'<p class="article__standfirst">{words.sentence(9)}</p><div class="article__body"><p>{words.paragraph(60)}</p><p>Read more: X</p>'
        f"<p>Sign up to our weekly harbour newsletter</p><h3>About the author</h3><p>Oak writes.</p></div>".encode(),
        None,
    ).tree
    assert page is not None
    reading = publisher.layouts[0].read(page)
    assert [e.get("class") for e in reading.body] == ["article__standfirst", "article__body"]
    assert sorted(map(str, reading.cut.values())) == ["bio", "bio", "newsletter", "related"]
