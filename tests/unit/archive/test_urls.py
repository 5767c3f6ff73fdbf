"""Keys and written forms of addresses. The rows are made up; the keys were compared once with what pywb 2.10 makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import ascii_host, escape, host_of, is_front_page, surt, target_uri

SESSION = "0123456789abcdef0123456789ABCDEF"

# Each of these keys is the one pywb's own canonicalization gives.
KEYS = [
    ("http://news.example", "example,news)/"),
    ("http://news.example/", "example,news)/"),
    ("https://www.news.example/", "example,news)/"),
    ("http://www2.news.example/a", "example,news)/a"),
    ("http://wwww.news.example/", "example,news,wwww)/"),
    ("http://www.www.news.example/", "example,news,www)/"),
    ("http://NEWS.Example/A/B", "example,news)/a/b"),
    ("http://news.example:80/a", "example,news)/a"),
    ("https://news.example:443/a", "example,news)/a"),
    ("http://news.example:443/a", "example,news:443)/a"),
    ("https://news.example:80/a", "example,news:80)/a"),
    ("http://news.example:8080/a", "example,news:8080)/a"),
    ("http://news.example:/a", "example,news)/a"),
    ("http://user:secret@news.example/a", "example,news)/a"),
    ("http://news.example/a#part", "example,news)/a"),
    ("http://news.example/a/", "example,news)/a"),
    ("http://news.example/a//b", "example,news)/a/b"),
    ("http://news.example//a", "example,news)/a"),
    ("http://news.example/a/./b", "example,news)/a/b"),
    ("http://news.example/a/../b", "example,news)/b"),
    ("http://news.example/../b", "example,news)/../b"),
    ("http://news.example/a/b/..", "example,news)/a"),
    ("http://news.example/a/%2E/b", "example,news)/a/b"),
    ("http://news.example/a/.../b", "example,news)/a/.../b"),
    ("http://news.example/.", "example,news)/"),
    ("http://news.example/a?", "example,news)/a"),
    ("http://news.example?x=1", "example,news)/?x=1"),
    ("http://news.example/a/?x=1", "example,news)/a?x=1"),
    ("http://news.example/a?b=1&a=2", "example,news)/a?a=2&b=1"),
    ("http://news.example/a?B=Q&a=X", "example,news)/a?a=x&b=q"),
    ("http://news.example/a?x=1&x=0&x=1", "example,news)/a?x=0&x=1&x=1"),
    ("http://news.example/a?b=&a", "example,news)/a?a&b="),
    ("http://news.example/a?z&y=1&&x", "example,news)/a?&x&y=1&z"),
    ("http://news.example/a?&", "example,news)/a?&"),
    ("http://news.example/a?a=1;b=2", "example,news)/a?a=1;b=2"),
    ("http://news.example/a?url=http://b.example/?c=d", "example,news)/a?url=http://b.example/?c=d"),
    ("http://news.example/http://b.example/c", "example,news)/http:/b.example/c"),
    ("http://news.example/?q=a+b", "example,news)/?q=a+b"),
    ("http://news.example/?q=a%20b", "example,news)/?q=a%20b"),
    ("http://news.example/a b", "example,news)/a%20b"),
    ("http://news.example/?q=a%2Bb", "example,news)/?q=a+b"),
    ("http://news.example/?q=a%26b", "example,news)/?b&q=a"),
    ("http://news.example/é?q=é", "example,news)/%c3%a9?q=%c3%a9"),
    ("http://news.example/%C3%A9?q=%c3%a9", "example,news)/%c3%a9?q=%c3%a9"),
    ("http://news.example/%E4", "example,news)/%e4"),
    ("http://news.example/中文", "example,news)/%e4%b8%ad%e6%96%87"),
    ("http://news.example/a%2Fb", "example,news)/a/b"),
    ("http://news.example/a%3Fb", "example,news)/a?b"),
    ("http://news.example/a%23b", "example,news)/a%23b"),
    ("http://news.example/a%25b", "example,news)/a%25b"),
    ("http://news.example/a%2525b", "example,news)/a%25b"),
    ("http://news.example/a%zz?b=%", "example,news)/a%25zz?b=%25"),
    ("http://news.example/%41%7Euser", "example,news)/a~user"),
    ("http://news.example/a|b\\c^d`e{f}[g]", "example,news)/a|b\\c^d`e{f}[g]"),
    ("http://news.example/a'b\"c<d>e", "example,news)/a'b\"c<d>e"),
    ("http://news.example/a;b=c/d;e", "example,news)/a;b=c/d;e"),
    (f"http://news.example/a;jsessionid={SESSION}?x=1", f"example,news)/a;jsessionid={SESSION.lower()}?x=1"),
    (f"http://news.example/a?jsessionid={SESSION}&x=1", "example,news)/a?x=1"),
    (f"http://news.example/a?y=2&PHPSESSID={SESSION}&x=1", "example,news)/a?x=1&y=2"),
    (f"http://news.example/a?sid={SESSION}", "example,news)/a"),
    ("http://news.example/a?sid=12", "example,news)/a?sid=12"),
    ("http://news.example/a?ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&x=1", "example,news)/a?x=1"),
    ("http://news.example/a?cfid=12&cftoken=34&x=1", "example,news)/a?x=1"),
    ("http://news.example/(S(0123456789abcdefghijklmn))/page.aspx", "example,news)/page.aspx"),
    ("http://münchen.example/", "example,xn--mnchen-3ya)/"),
    ("http://MÜNCHEN.example/", "example,xn--mnchen-3ya)/"),
    ("http://m%C3%BCnchen.example/", "example,xn--mnchen-3ya)/"),
    ("http://news.example./a", "example,news)/a"),
    ("http://.news.example/a", "example,news)/a"),
    ("http://192.0.2.1:8080/a", "1,2,0,192:8080)/a"),
    ("http://2130706433/", "1,0,0,127)/"),
    ("http://127.1/", "1,0,0,127)/"),
    ("http://[2001:db8::1]:8080/a", "2001:db8::1:8080)/a"),
    ("ftp://news.example/a", "example,news)/a"),
    ("//news.example/a", "example,news)/a"),
    ("urn:isbn:0451450523", "urn:isbn:0451450523"),
    ("mailto:a@news.example", "mailto:a@news.example"),
]


@pytest.mark.parametrize(("url", "key"), KEYS)
def test_keys_are_those_of_pywb(url: str, key: str) -> None:
    assert surt(url) == key


URLS = st.builds(
    lambda host, path, query: f"http://{host}/{path}{'?' if query else ''}{query}",
    st.from_regex(r"[a-z][a-z0-9]{0,7}(\.[a-z0-9]{1,8}){0,3}", fullmatch=True),
    st.text(max_size=20),
    st.text(st.characters() | st.sampled_from("&=%25+;"), max_size=20),
)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)


@given(ANYTHING | URLS)
def test_nothing_raises_and_no_key_has_a_blank_or_a_control_character(url: str) -> None:
    key = surt(url)
    assert not any(c.isspace() or not c.isprintable() for c in key)
    assert isinstance(host_of(url), str)
    is_front_page(url)
    key.encode("utf-8")


@given(URLS)
def test_scheme_case_and_www_make_no_difference(url: str) -> None:
    assert surt(url) == surt("https" + url.removeprefix("http"))
    assert surt(url) == surt("HTTP" + url.removeprefix("http"))
    if not url.startswith("http://www"):
        assert surt(url) == surt(url.replace("http://", "http://www.", 1))


@given(ANYTHING | URLS)
def test_written_forms_are_written_once(url: str) -> None:
    assert escape(escape(url)) == escape(url)
    assert target_uri(target_uri(url)) == target_uri(url)


@given(URLS)
def test_the_written_form_names_the_same_page(url: str) -> None:
    assert surt(target_uri(url)) == surt(url)


@given(ANYTHING | URLS)
def test_the_written_form_is_ascii_without_what_ends_a_header_or_a_quote(url: str) -> None:
    written = target_uri(url)
    assert written.isascii()
    assert not any(c in ' "<>\x7f' or c < " " for c in written)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("HTTP://News.example/A b", "http://News.example/A%20b"),
        ("https://user:secret@news.example/a@b", "https://news.example/a@b"),
        ("http://news.example/a\r\nX-Evil: yes", "http://news.example/aX-Evil:%20yes"),
        ("http://news.example/é", "http://news.example/%C3%A9"),
        ("http://news.example/%C3%A9?a|b", "http://news.example/%C3%A9?a|b"),
        ("http://news.example/\ud800", "http://news.example/%ED%A0%80"),
        (" http://news.example/ \n", "http://news.example/"),
        ("", ""),
    ],
)
def test_target_uri(url: str, written: str) -> None:
    assert target_uri(url) == written


@pytest.mark.parametrize("bad", ["\x1b[31m", "\u202e", "\u200b", "\ufeff", "\x9b", "\u2028", "\xa0", "\udfff"])
def test_escape_leaves_nothing_that_fools_a_terminal(bad: str) -> None:
    assert bad not in escape(f"http://news.example/{bad}")
    assert escape("http://news.example/é中") == "http://news.example/é中"


def test_thousands_of_escapes_within_escapes_cost_nothing() -> None:
    assert surt("http://news.example/%" + "25" * 8000) == "example,news)/%25"


@pytest.mark.parametrize(("host", "ascii_form"), [("NEWS.example", "news.example"), ("bücher.example", "xn--bcher-kva.example")])
def test_ascii_host(host: str, ascii_form: str) -> None:
    assert ascii_host(host) == ascii_form


@pytest.mark.parametrize("url", ["http://n.example", "http://n.example/", "http://n.example/index.html", "http://n.example/home/"])
def test_front_pages(url: str) -> None:
    assert is_front_page(url)
    assert not is_front_page(url + "?p=1")
    assert not is_front_page("http://n.example/2016/05/21/story")
