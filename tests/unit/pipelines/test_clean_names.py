"""Titles without site names, author lines as names, languages as tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.authors import clean_names, split_names
from pipelines.clean.characters import clean_text, one_line
from pipelines.clean.metadata import language_tag
from pipelines.clean.titles import Site, without_site


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Harbour opens – The Lisse Courier", "The Lisse Courier", "Harbour opens"),
        ("The Lisse Courier | Harbour opens", "The Lisse Courier", "Harbour opens"),
        ("Harbour opens - Local - Lisse Courier", "Lisse Courier", "Harbour opens - Local"),
        ("Harbour opens: what now?", "The Lisse Courier", "Harbour opens: what now?"),
        ("Harbour opens | lissecourier.example", "", "Harbour opens"),
        ("Harbour opens - Lisse Courier", "", "Harbour opens"),
        ("The Lisse Courier", "The Lisse Courier", "The Lisse Courier"),
        ("A - B", "C", "A - B"),
        ("港口开放_丽瑟信使", "丽瑟信使", "港口开放"),
        ("항구 개항ㅣ리세신문", "리세신문", "항구 개항"),
        ("Harbour opens | Lisse Courier Online", "The Lisse Courier", "Harbour opens"),
        ("Harbour opens - What the Lisse Courier did not know about it", "The Lisse Courier", None),
        ("US-Sport in the harbour", "Sport", None),
    ],
)
def test_without_site(title: str, site: str, expected: str | None) -> None:
    assert without_site(title, Site((site,), "lissecourier.example")) == (title if expected is None else expected)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Mara Tolsteeg and Idris Quaye", ("Mara Tolsteeg", "Idris Quaye")),
        ("Von Mara Tolsteeg", ("Mara Tolsteeg",)),
        ("Tolsteeg, Mara", ("Mara Tolsteeg",)),
        ("Mara Tolsteeg, Idris Quaye & Jo Vane", ("Mara Tolsteeg", "Idris Quaye", "Jo Vane")),
        ("Mara Tolsteeg, Lisse", ("Mara Tolsteeg",)),
        ("A. Reporter", ("A. Reporter",)),
        ("Tolsteeg, Mara J.", ("Mara J. Tolsteeg",)),
        ("Redaktion, Mara Tolsteeg", ("Mara Tolsteeg",)),
        ("Von der Leeuw", ("Von der Leeuw",)),
        ("von Mara von Tolsteeg", ("Mara von Tolsteeg",)),
        ("Text und Fotos: Mara Tolsteeg", ("Mara Tolsteeg",)),
        ("Recipe by Mara Tolsteeg", ("Mara Tolsteeg",)),
        ("Par Mara Tolsteeg et Idris Quaye", ("Mara Tolsteeg", "Idris Quaye")),
        ("Maria da Silva e Pedro Costa", ("Maria da Silva", "Pedro Costa")),
        ("张三 记者", ("张三",)),
        ("홍길동 기자", ("홍길동",)),
        ("Mara Tolsteeg, (Image: Somebody/Elsewhere)", ("Mara Tolsteeg",)),
        ("Mara Tolsteeg @maratol", ("Mara Tolsteeg",)),
        ("No author", ()),
        ("Martin L. King, Jr.", ("Martin L. King",)),
        ("https://example.com/mara", ()),
        ("mara@example.com", ()),
        ("admin", ()),
        ("The Lisse Courier", ()),
        ("张三、李四", ("张三", "李四")),
    ],
)
def test_names_of_a_line(line: str, names: tuple[str, ...]) -> None:
    assert clean_names(split_names(line), ("The Lisse Courier",), "Harbour opens") == names


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"),
        ("en_US", "en-US"),
        ("EN-gb.UTF-8", "en-GB"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("de, en", "de"),
        ("und", None),
        ("english", None),
        ("", None),
        ("<b>", None),
    ],
)
def test_language_tag(declared: str, tag: str | None) -> None:
    assert language_tag(declared) == tag


def test_one_line_disarms() -> None:
    assert one_line("  a\x1b[31m&amp;\u202eb\r\nc\ud800&#x1b;\u2028d ") == "a[31m&b c d"
    assert clean_text("e\u0301\x00\r\nx\ty\u2029z") == "é\nx\ty\nz"


@given(st.text(max_size=200))
def test_fields_can_always_be_written(value: str) -> None:
    line = one_line(value)
    line.encode("utf-8")
    assert "\n" not in line
    assert line == line.strip()
    names = clean_names(split_names(line), (), "")
    assert all(names)
    without_site(line, Site((line,), "example.com")).encode("utf-8")
