"""The demo's site answers as its table says, and the digests cite exactly that table."""

from __future__ import annotations

import gzip
import html
import http.client
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from archive.model import OutcomeWord
from crawler.demo import memory
from crawler.demo.press import DIGESTS, articles
from crawler.demo.routes import EXPECTED, REMEMBERED, ROUTES, Behaviour
from crawler.demo.site import DemoSite
from crawler.rescue.archives import sources_of
from crawler.rescue.cdx import CdxSource, parse_rows, whole_pages
from crawler.rescue.moments import read_http_date

_SOURCE = re.compile(r"^\d+\. \[(?!Cover Image)[^]]+\]\((http[^)]+)\)", re.MULTILINE)


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite() as running:
        yield running


def fetch(site: DemoSite, url: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Host": parts.netloc, **headers})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def the(behaviour: Behaviour) -> str:
    """The first address that behaves so."""
    return next(url for url, route in ROUTES.items() if route.behaviour is behaviour)


def test_the_digests_cite_exactly_the_expected_addresses() -> None:
    pages = sorted(DIGESTS.glob("*.md"))
    cited = Counter(html.unescape(u) for page in pages for u in _SOURCE.findall(page.read_text(encoding="utf-8")))
    assert len(pages) == 3
    assert set(cited) == set(EXPECTED)
    assert [u for u, n in cited.items() if n > 1] == ["http://www.harbour-gazette.example/2016/05/21/east-channel-dredging-approved"]


def test_expected_outcomes_cover_every_live_ending() -> None:
    words = set(EXPECTED.values())
    assert words == set(OutcomeWord) - {OutcomeWord.UNCHANGED, OutcomeWord.RESCUED}


def test_every_article_has_an_address() -> None:
    assert set(articles()) <= set(ROUTES)


@pytest.mark.parametrize("url", [u for u, r in ROUTES.items() if r.behaviour is Behaviour.PAGE])
def test_pages_hold_their_paragraphs_in_the_charset_they_name(site: DemoSite, url: str) -> None:
    response, body = fetch(site, url)
    story = articles()[url]
    text = html.unescape(body.decode(story.publisher.charset))
    assert response.status == 200
    assert f"charset={story.publisher.charset}".encode() in body or f'charset="{story.publisher.charset}"'.encode() in body
    assert all(p in text for p in story.paragraphs)
    assert "$" not in text
    assert 'application/ld+json">{' in text


def test_the_appeal_is_glued_to_the_first_sentence(site: DemoSite) -> None:
    url = "http://www.tidewater-post.example/transport/kelder-bridge-what-we-know.html"
    _, body = fetch(site, url)
    assert f"makes a difference.</div><p>{articles()[url].paragraphs[0]}" in body.decode()


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (Behaviour.NOT_FOUND, 404),
        (Behaviour.REMOVED, 410),
        (Behaviour.SOFT_404, 200),
        (Behaviour.CHALLENGE, 403),
        (Behaviour.REDIRECT, 301),
    ],
)
def test_status(site: DemoSite, behaviour: Behaviour, status: int) -> None:
    response, _ = fetch(site, the(behaviour))
    assert response.status == status
    assert response.getheader("Location", "") == ROUTES[the(behaviour)].location


def test_busy_once_then_the_page(site: DemoSite) -> None:
    url = the(Behaviour.FLAKY)
    first, _ = fetch(site, url)
    second, _ = fetch(site, url)
    assert (first.status, first.getheader("Retry-After"), second.status) == (503, "1", 200)
    assert site.requests == (url, url)


def test_chunked_gzip(site: DemoSite) -> None:
    response, body = fetch(site, the(Behaviour.CHUNKED_GZIP))
    assert response.getheader("Transfer-Encoding") == "chunked"
    assert articles()[the(Behaviour.CHUNKED_GZIP)].paragraphs[0] in html.unescape(gzip.decompress(body).decode())


def test_truncated_in_the_middle(site: DemoSite) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        fetch(site, the(Behaviour.TRUNCATED))
    missing = caught.value.expected
    assert missing is not None
    assert abs(len(caught.value.partial) - missing) <= 1


def test_robots(site: DemoSite) -> None:
    _, open_to_all = fetch(site, "http://meridian-wire.example/robots.txt")
    _, members = fetch(site, "http://members.meridian-wire.example/robots.txt")
    assert (b"Disallow: /search\n" in open_to_all, members) == (True, b"User-agent: *\nDisallow: /\n")


def test_not_modified(site: DemoSite) -> None:
    url = the(Behaviour.PAGE)
    first, _ = fetch(site, url)
    second, body = fetch(site, url, **{"If-None-Match": first.getheader("ETag", "")})
    assert (second.status, body) == (304, b"")


def test_front_page_and_unknown_host(site: DemoSite) -> None:
    front, body = fetch(site, "http://news.northfield-courier.example/")
    nowhere, _ = fetch(site, "http://nobody.example/")
    assert (front.status, nowhere.status) == (200, 404)
    assert b"Northfield Courier" in body


def test_the_archive_has_what_the_press_took_down(site: DemoSite) -> None:
    source, (url, moment) = sources_of([memory.ARCHIVE])[0], next(iter(REMEMBERED.items()))
    assert isinstance(source, CdxSource)
    _, index = fetch(site, source.question(url, None, None, 10).url)
    (row,) = whole_pages(parse_rows(index))
    copy, body = fetch(site, f"http://{memory.HOST}/web/{moment}id_/{url}")
    assert (copy.status, read_http_date(copy.getheader("Memento-Datetime"))) == (200, row.at)
    assert articles()[url].paragraphs[0] in html.unescape(body.decode())
    assert fetch(site, url)[0].status == 404
    assert parse_rows(fetch(site, source.question("http://nobody.example/", None, None, 10).url)[1]) == []
    assert fetch(site, f"http://{memory.HOST}/web/20010101000000id_/{url}")[0].status == 404


def test_stopping_hangs_up_kept_connections() -> None:
    connection = http.client.HTTPConnection("127.0.0.1", timeout=5)
    try:
        with DemoSite() as site:
            assert site.connect_to_rules() == [f"::127.0.0.1:{site.port}"]
            connection.port = site.port
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        assert connection.sock is not None
        assert connection.sock.recv(1) == b""
    finally:
        connection.close()
