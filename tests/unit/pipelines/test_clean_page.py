from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.charsets import codec_of, name_of
from pipelines.clean.page import decode, parse_page

TEXT = "Zürich – “naïve” café"


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (TEXT.encode(), None, "utf-8"),
        (TEXT.encode(), "text/html; charset=ISO-8859-1", "utf-8"),
        (TEXT.encode(), "text/html; charset=us-ascii", "utf-8"),
        (TEXT.encode("cp1252"), "text/html; charset=iso-8859-1", "windows-1252"),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8", "windows-1252"),
        (TEXT.encode("utf-8-sig"), "text/html; charset=koi8-r", "utf-8"),
        (TEXT.encode("utf-16"), "text/html", "utf-16le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), None, "utf-16be"),
        (TEXT.encode("utf-16-le"), "text/html; charset=UTF-16", "utf-16le"),
    ],
)
def test_text_survives_its_label(body: bytes, content_type: str | None, charset: str) -> None:
    text, codec = decode(body, content_type)
    assert (text, name_of(codec)) == (TEXT, charset)


@pytest.mark.parametrize(
    ("encoding", "label", "words"),
    [
        ("cp1251", "windows-1251", "Корабль вошёл в новую гавань"),
        ("koi8-r", "KOI8-R", "Корабль вошёл в новую гавань"),
        ("gb18030", "GB2312", "第一艘船进入新港口镕"),
        ("cp932", "Shift_JIS", "最初の船が新しい港に入った①"),
        ("euc-jp", "x-euc-jp", "最初の船が新しい港に入った"),
        ("cp949", "ks_c_5601-1987", "첫 배가 새 항구에 들어왔다 똠"),
        ("big5hkscs", "big5", "第一艘船進入新港口"),
        ("iso2022_jp", "iso-2022-jp", "最初の船が新しい港に入った"),
        ("cp1256", "windows-1256", "دخلت أول سفينة الميناء"),
        ("iso8859_2", "latin2", "Pierwszy statek wpłynął do portu"),
    ],
)
def test_declared_in_the_page(encoding: str, label: str, words: str) -> None:
    html = f'<!-- <meta charset="utf-7"> --><meta http-equiv=Content-Type content="text/html; charset={label}"><p>{words}</p>'
    page = parse_page(html.encode(encoding), "text/html")
    assert page.tree is not None
    assert page.tree.text_content() == words


@pytest.mark.parametrize("encoding", ["cp1251", "gb18030", "cp932", "cp949"])
def test_detected_when_nothing_is_declared(encoding: str) -> None:
    words = {
        "cp1251": "Корабль вошёл в новую гавань на рассвете, через девять лет после решения совета",
        "gb18030": "第一艘船在黎明时分进入新港口，距离市议会投票已经过去了九年，比计划晚了四年",
        "cp932": "最初の船が夜明けに新しい港に入った。町議会の決定から九年が過ぎ、計画より四年遅れだった",
        "cp949": "첫 배가 새벽에 새 항구에 들어왔다. 시의회가 결정한 지 구 년 만이며 계획보다 사 년 늦었다",
    }[encoding]
    assert decode(f"<p>{words}</p>".encode(encoding), None)[0] == f"<p>{words}</p>"


@pytest.mark.parametrize(
    "label", ["rot13", "zip", "bz2", "hex", "base64", "idna", "punycode", "undefined", "utf-7", "unicode_escape", "nul"]
)
def test_codecs_that_are_no_charsets_are_refused(label: str) -> None:
    assert codec_of(label) is None
    assert decode(b"caf\xc3\xa9", f"text/html; charset={label}")[0] == "café"


def test_a_page_cut_amid_a_character_keeps_its_charset() -> None:
    body = ("é" * 50).encode()[:-1]
    assert decode(body, "text/html; charset=utf-8") == ("é" * 49 + "\ufffd", "utf-8")


def test_characters_that_xml_forbids_do_not_reach_the_tree() -> None:
    page = parse_page(b"<p>a\x00b\x0c c\x1b&#1;&#x0B;d&#xFFFE;\xef\xbf\xbf&#128;e&#12345;</p>", "text/html; charset=utf-8")
    assert page.tree is not None
    assert page.tree.text_content() == "ab  cd€e\u3039"


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\x00", b"<!-- only -->"])
def test_nothing_to_parse(body: bytes) -> None:
    page = parse_page(body, None)
    assert page.tree is None or page.visible_text() == ""


def test_visible_text_leaves_scripts_out() -> None:
    page = parse_page(b"<body><p>One</p><script>two()</script><style>x</style><noscript>three</noscript> four</body>", None)
    assert page.visible_text() == "One four"


@given(
    st.binary(max_size=400), st.sampled_from([None, "text/html", "text/html; charset=big5", "text/html; charset=utf-16", "charset=\x00"])
)
def test_any_bytes_decode_and_parse(body: bytes, content_type: str | None) -> None:
    page = parse_page(body, content_type)
    page.html.decode("utf-8")
    assert codec_of(page.charset) is not None


@given(st.text(min_size=1, max_size=200))
def test_utf8_comes_back_whole(text: str) -> None:
    body = text.encode("utf-8", "replace")
    assert (
        body.startswith((b"\xef\xbb\xbf",))
        or b"\x1b" in body
        or b"\x00" in body
        or decode(body, "text/html; charset=utf-8")[0] == body.decode()
    )
