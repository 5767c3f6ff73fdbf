"""HTML of a report: what comes from outside stays words, and numbers are written one way."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.report.markup import Html, join, link, tag, text
from archive.report.numbers import duration, milliseconds, moment, number, percent, rate, size
from archive.report.plots import columns, stacked_bar

HOSTILE = ["<script>alert(1)</script>", '" onmouseover="x', "&lt;b&gt;", "]]>", "<!--", "\x00\x1b[31m", "\u202egnp.exe", "\ud800", "\uffff"]


@given(st.text(), st.text())
def test_any_words_give_well_formed_markup_with_nothing_in_it(words: str, value: str) -> None:
    made = tag("p", words, title=value)
    element = ET.fromstring(made.encode("utf-8"))  # what cannot be encoded would raise
    assert (element.tag, len(element), set(element.attrib)) == ("p", 0, {"title"})


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words(words: str) -> None:
    shown = text(words)
    assert not set(shown) & set("<>\"'\x00\x1b\u202e\ud800\uffff")
    assert ET.fromstring(tag("b", words)).text == unescape(shown)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[::1", "//evil.example", "JaVaScRiPt:x", "http:"])
def test_only_addresses_of_the_web_lead_somewhere(url: str) -> None:
    assert "<a " not in link(url)
    assert link("https://news.example/a?b=1&c=2") == (
        '<a href="https://news.example/a?b=1&amp;c=2" rel="nofollow noopener noreferrer"><bdi>https://news.example/a?b=1&amp;c=2</bdi></a>'
    )


def test_parts_are_put_together_without_escaping_twice() -> None:
    assert join([tag("i", "a & b"), "<"], ", ") == "<i>a &amp; b</i>, &lt;"
    assert tag("td", [Html("<b>1</b>"), "2"], 3, None, class_="n", aria_label=None) == '<td class="n"><b>1</b>23</td>'
    with pytest.raises(ValueError, match="attribute"):
        tag("p", **{'x="y" onload': "1"})


def test_numbers() -> None:
    blank = "\N{NARROW NO-BREAK SPACE}"
    assert [number(None), number(1234567)] == ["–", f"1{blank}234{blank}567"]
    assert [percent(1, 3), percent(0, 0)] == [f"33.3{blank}%", "–"]
    assert [size(999), size(1000), size(64_000_000), size(999_700)] == [f"999{blank}B", f"1{blank}KB", f"64{blank}MB", f"1{blank}MB"]
    assert [duration(4.717), duration(60), duration(3671), duration(90061)] == [
        f"4.72{blank}s",
        f"1{blank}min",
        f"1{blank}h 1{blank}min",
        f"1{blank}d 1{blank}h",
    ]
    assert [milliseconds(9999), milliseconds(12_345)] == [f"9{blank}999{blank}ms", f"12.3{blank}s"]
    assert [milliseconds(61_000), milliseconds(3_600_000)] == [f"1{blank}min 1{blank}s", f"1{blank}h"]
    assert [rate(0.5), rate(54), rate(3240)] == ["0.5 a minute", "54 a minute", f"3{blank}240 a minute"]
    assert [moment("2016-05-21T08:30:00.123456Z"), moment(None), moment("2016")] == ["2016-05-21 08:30:00Z", "–", "2016"]


def test_plots_fill_their_box_and_say_what_they_show() -> None:
    bar = ET.fromstring(stacked_bar({"captured": 1, "gone": 3, "error": 0}, 4, "what <it> shows"))
    assert bar.attrib["aria-label"] == bar[0].text == "what <it> shows"
    assert [(r.attrib["x"], r.attrib["width"], r.attrib["class"]) for r in bar[1:]] == [
        ("0.00", "250.00", "o-captured"),
        ("250.00", "750.00", "o-gone"),
    ]
    plot = ET.fromstring(columns([{"captured": 2, "gone": 2}, {"captured": 1, "gone": 0}, {}], "x"))
    assert [(r.attrib["x"], r.attrib["y"], r.attrib["height"]) for r in plot[1:]] == [
        ("0.5", "50.00", "50.00"),
        ("0.5", "0.00", "50.00"),
        ("10.5", "75.00", "25.00"),
    ]
    assert len(ET.fromstring(columns([], "empty"))) == 1
