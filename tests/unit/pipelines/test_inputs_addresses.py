"""Addresses as written, to addresses to fetch; archive links, to the originals."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from pipelines.inputs.addresses import fetchable
from pipelines.inputs.archive_links import read_archive_link
from pipelines.inputs.days import day_in_path, read_day
from pipelines.inputs.wording import one_line, publisher


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("http://a.example/0,1-0@2-3214,36-356247,0.html", "http://a.example/0,1-0@2-3214,36-356247,0.html"),
        ("http://reader:pass@a.example:81/x?y@z", "http://a.example:81/x?y@z"),
        ("  https://a.example/x?a=1&b=2#frag ", "https://a.example/x?a=1&b=2#frag"),
        ("http://a.example/?x=1&amp;copy=2&#38;y=3", "http://a.example/?x=1&copy=2&y=3"),
        ("http://a.example/?x=1&copy=2", "http://a.example/?x=1&copy=2"),
        ("http://a.example/Straße/café?q=北", "http://a.example/Stra%C3%9Fe/caf%C3%A9?q=%E5%8C%97"),
        ("http://a.example/caf%C3%A9%20x", "http://a.example/caf%C3%A9%20x"),
        ("HTTP://A.Example/Path", "http://a.example/Path"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("http://127.0.0.1:9/x", "http://127.0.0.1:9/x"),
        ("http://[::1]:9/x", "http://[::1]:9/x"),
        ("http://localhost/x", "http://localhost/x"),
        ("http://under_score.example/x", "http://under_score.example/x"),
        ("http://a.example/two words", "http://a.example/two%20words"),
        ("<http://a.example/x>", "http://a.example/x"),
        ("http://a.example/a|b''c", "http://a.example/a|b''c"),
        ("http://a.example/a\tb\r\nc", "http://a.example/a%09b%0D%0Ac"),
        ("http://a.example?q=1", "http://a.example?q=1"),
    ],
)
def test_fetchable(written: str, expected: str) -> None:
    assert fetchable(written) == expected


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "no address"),
        ("mailto:desk@example.org", "mailto:"),
        ("ftp://a.example/x", "ftp:"),
        ("javascript:alert(1)", "javascript:"),
        ("/news/2016/05/21/x.md", "no http"),
        ("//a.example/x", "no http"),
        ("www.a.example/x", "no http"),
        ("a.example:80/x", "no http"),
        ("http://New%20Zealand%20Herald", "bad host"),
        ("http://New Zealand Herald/", "bad host"),
        ("http://", "without a host"),
        ("http:///path", "without a host"),
        ("http:a.example", "without a host"),
        ("http://a..example/", "bad host"),
        ("http://-a.example/", "bad host"),
        ("http://a.example:99999/", "bad port"),
        ("http://a.example:x/", "bad port"),
        ("http://[::1/", "bad host"),
        ("http://[zz::1]/", "bad host"),
        ("http://a.example/" + "x" * 20_000, "limit"),
    ],
)
def test_not_fetchable(written: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        fetchable(written)


@given(st.one_of(st.text(), st.text().map(lambda rest: "http://" + rest), st.text().map(lambda rest: "https://a.example/" + rest)))
def test_fetchable_is_ascii_with_a_host_and_stable(written: str) -> None:
    try:
        url = fetchable(written)
    except InputError as error:
        message = str(error)
    else:
        message = ""
        assert_fetchable(url)
    message.encode()
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in message)


def assert_fetchable(url: str) -> None:
    assert url.isascii()
    assert not any(character.isspace() for character in url)
    assert urlsplit(url).scheme in {"http", "https"}
    assert urlsplit(url).hostname
    assert fetchable(url) == url


@pytest.mark.parametrize(
    ("link", "original", "captured_at"),
    [
        ("https://web.archive.org/web/20160521123456/http://a.example/x?y=1#z", "http://a.example/x?y=1#z", "2016-05-21T12:34:56Z"),
        ("http://web.archive.org/web/20160521123456id_/https://a.example/", "https://a.example/", "2016-05-21T12:34:56Z"),
        ("http://web.archive.org/web/20160521123456im_/a.example/p.jpg", "http://a.example/p.jpg", "2016-05-21T12:34:56Z"),
        ("https://web.archive.org/web/20160521/http://a.example/", "http://a.example/", "2016-05-21T00:00:00Z"),
        ("https://web.archive.org/web/2016/http://a.example/", "http://a.example/", None),
        ("https://web.archive.org/web/20161341000000/http://a.example/", "http://a.example/", None),
        ("https://web.archive.org/web/http://a.example/", "http://a.example/", None),
        ("https://web.archive.org/web/20160521123456/http:/a.example/x", "http://a.example/x", "2016-05-21T12:34:56Z"),
        ("https://web.archive.org/web/20160521123456/http%3A%2F%2Fa.example%2Fx", "http://a.example/x", "2016-05-21T12:34:56Z"),
        ("https://archive.is/20130428163101/http://a.example/x", "http://a.example/x", "2013-04-28T16:31:01Z"),
        ("https://archive.today/2013.04.28-163101/http://a.example/x", "http://a.example/x", "2013-04-28T16:31:01Z"),
        ("http://archive.ph/o/AbC12/http://a.example/x", "http://a.example/x", None),
        ("http://archive.vn/newest/http://a.example/x", "http://a.example/x", None),
        ("http://webcitation.org/query?url=http%3A%2F%2Fa.example%2Fx&date=2010-5-6", "http://a.example/x", "2010-05-06T00:00:00Z"),
        ("http://www.webcitation.org/5zZzZzZ?url=http://a.example/x", "http://a.example/x", None),
        ("http://wayback.archive-it.org/3636/20110102030405/http://a.example/", "http://a.example/", "2011-01-02T03:04:05Z"),
        ("https://arquivo.pt/noFrame/replay/20110102030405/http://a.example/", "http://a.example/", "2011-01-02T03:04:05Z"),
        ("http://webarchive.loc.gov/all/20110102030405/http://a.example/", "http://a.example/", "2011-01-02T03:04:05Z"),
        ("http://webarchive.nationalarchives.gov.uk/20110102030405/http://a.example/", "http://a.example/", "2011-01-02T03:04:05Z"),
        ("http://archive.wikiwix.com/cache/?url=http://a.example/x", "http://a.example/x", None),
        (
            "https://web.archive.org/web/20160521123456/https://archive.is/20130428163101/http://a.example/x",
            "http://a.example/x",
            "2016-05-21T12:34:56Z",
        ),
    ],
)  # fmt: skip
def test_archive_links(link: str, original: str, captured_at: str | None) -> None:
    found = read_archive_link(link)
    assert found is not None
    assert (found.original, found.captured_at, found.is_copy) == (original, captured_at, True)


def test_a_calendar_is_no_copy() -> None:
    found = read_archive_link("https://web.archive.org/web/*/http://a.example/x")
    assert found is not None
    assert (found.original, found.is_copy) == ("http://a.example/x", False)


@pytest.mark.parametrize(
    "link",
    [
        "https://archive.is/AbC12",
        "https://perma.cc/ABCD-1234",
        "https://archive.org/details/2016/a.example",
        "https://archive.org/download/2016/report.pdf",
        "https://web.archive.org/web/20160521123456/",
        "https://web.archive.org/web/20160521123456/http://New%20Zealand%20Herald",
        "http://news.example/20160521123456/http://a.example/",
        "http://archives.news.example/2000/US/02/29/school.02/",
    ],
)
def test_no_archive_link(link: str) -> None:
    assert read_archive_link(link) is None


@given(st.text())
def test_archive_links_never_raise(rest: str) -> None:
    for start in ("https://web.archive.org/web/", "https://archive.is/", "http://www.webcitation.org/query?url=", ""):
        read_archive_link(start + rest)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2016-05-3", "2016-05-03"),
        ("2016/05/21", "2016-05-21"),
        ("20160521", "2016-05-21"),
        ("2016-05-21T10:00:00Z", "2016-05-21"),
        ("3 May 2016", "2016-05-03"),
        ("May 3, 2016", "2016-05-03"),
        ("2016-02-30", None),
        ("yesterday", None),
        ("3 Foo 2016", None),
        ("", None),
    ],
)
def test_days(text: str, day: str | None) -> None:
    assert read_day(text) == day


def test_days_in_paths() -> None:
    assert day_in_path("/zh/news/2016/05/3/index.md") == "2016-05-03"
    assert day_in_path("data/2016_May_3.txt") == "2016-05-03"
    assert day_in_path("/news/index.md") is None


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("(''The Guardian'')", "The Guardian"),
        ("新华网''", "新华网"),
        ("(BBC", "BBC"),
        ("電台(英文", "電台(英文"),
        ("Weather [live]", "Weather [live]"),
        ('"Tagesblatt', "Tagesblatt"),
        ('The "Post"', 'The "Post"'),
        ("L'Équipe", "L'Équipe"),
        ("A &amp; B", "A & B"),
        ("(AP) via (Post)", "(AP) via (Post)"),
    ],
)
def test_labels(label: str, expected: str) -> None:
    assert publisher(label) == expected


@given(st.text())
def test_one_line_is_printable(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert "\x1b" not in line
    assert line == line.strip()
    line.encode()


def test_no_message_shows_a_password() -> None:
    with pytest.raises(InputError) as refused:
        fetchable("http://reader:hunter2@a..example/")
    assert "hunter2" not in str(refused.value)
