from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.model import Block
from pipelines.clean.blocks import blocks_of, blocks_of_plain_text, text_of

BODY = """<body><head rend="h2">A  title</head><p>First<lb/>line <hi>bold</hi> end.</p>loose <ref>link</ref> tail
<quote><p>Said one.</p><p>Said two.</p></quote><list><item>one</item><item>two<list><item>inner</item></list></item></list>
<table><row><cell role="head">Year</cell><cell>Cost</cell></row><row><cell>2016</cell><cell/></row></table>
<code>  if x:
      y()  </code><div><p>Last.</p></div><p>  </p></body>"""


def test_every_kind_in_reading_order() -> None:
    blocks = blocks_of(etree.fromstring(BODY))
    assert blocks == (
        Block("heading", "A title"),
        Block("paragraph", "First\nline bold end."),
        Block("paragraph", "loose link tail"),
        Block("quote", "Said one."),
        Block("quote", "Said two."),
        Block("list", "one\ntwo\ninner"),
        Block("table", "Year | Cost\n2016"),
        Block("code", "  if x:\n      y()"),
        Block("paragraph", "Last."),
    )
    assert text_of(blocks).startswith("A title\nFirst\nline bold end.\nloose link tail\nSaid one.")


def test_plain_text_by_empty_lines_or_by_lines() -> None:
    assert text_of(blocks_of_plain_text("One\r\nline.\r\n\r\nTwo\x00.\n")) == "One line.\nTwo."
    assert text_of(blocks_of_plain_text("One\nTwo")) == "One\nTwo"


_TREES = st.recursive(
    st.tuples(
        st.sampled_from(["p", "hi", "ref", "item", "cell", "head"]),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])),
    ),
    lambda inner: st.tuples(
        st.sampled_from(["p", "div", "list", "item", "quote", "table", "row", "cell", "hi", "code"]), st.lists(inner, max_size=4)
    ),
    max_leaves=20,
)


def _element(spec: tuple[str, str | list]) -> etree._Element:  # type: ignore[type-arg]
    element = etree.Element(spec[0])
    if isinstance(spec[1], str):
        element.text = spec[1]
    else:
        for child in spec[1]:
            element.append(_element(child))
    return element


@given(_TREES)
def test_no_word_is_lost_whatever_the_nesting(spec: tuple[str, str | list]) -> None:  # type: ignore[type-arg]
    body = etree.Element("body")
    body.append(_element(spec))
    blocks = blocks_of(body)
    assert all(b.text.strip() for b in blocks)
    words = "".join("".join(body.itertext()).split())
    got = "".join(text_of(blocks).replace("|", "").split())
    assert sorted(c for c in words if c.isalnum() and c.isascii()) == sorted(c for c in got if c.isalnum() and c.isascii())
