"""What archives answer, read: CDX in its three forms, TimeMaps, Common Crawl's lists; and which copy is tried first."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rescue.cdx import CdxSource, Row, is_blocked, parse_rows, read_answer, whole_pages
from crawler.rescue.choice import best_first
from crawler.rescue.commoncrawl import CommonCrawlSource, matching, read_collections
from crawler.rescue.given import claim_of
from crawler.rescue.links import read_links
from crawler.rescue.memento import MementoSource, raw_address
from crawler.rescue.moments import http_date, read_http_date, read_timestamp, timestamp
from crawler.rescue.source import Answer, ArchiveRefuses, ArchiveUnavailable, Candidate, Question, Wanted

URL = "http://paper.example/2016/story?id=7"
NEAR = datetime(2016, 5, 21, tzinfo=UTC)
HEADING = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
ROW = ["example,paper)/2016/story?id=7", "20160522101500", URL, "text/html", "200", "AAAA", "999"]
WAYBACK = CdxSource("web.archive.example", "https://web.archive.example/cdx", "https://web.archive.example/web/{timestamp}id_/{url}")


class Told:
    """An archive that gives the answers it was given, in order, and remembers the questions."""

    def __init__(self, *answers: Answer | bytes) -> None:
        self.answers = [a if isinstance(a, Answer) else Answer("", 200, {}, a) for a in answers]
        self.questions: list[Question] = []

    async def __call__(self, question: Question) -> Answer:
        self.questions.append(question)
        return self.answers.pop(0)


def rows(*rows: list[str]) -> bytes:
    return json.dumps([HEADING, *rows] if rows else []).encode()


def moved(row: list[str], at: str, **columns: str) -> list[str]:
    return [columns.get(name, value) for name, value in zip(HEADING, [row[0], at, *row[2:]], strict=True)]


# --- CDX ------------------------------------------------------------------------------------------


def test_the_three_forms_say_the_same() -> None:
    expected = [Row(URL, datetime(2016, 5, 22, 10, 15, tzinfo=UTC), "text/html", 200, "AAAA")]
    line = {"urlkey": ROW[0], "timestamp": ROW[1], "url": URL, "mime": "text/html", "status": "200", "digest": "sha1:AAAA"}
    assert parse_rows(rows(ROW)) == expected
    assert parse_rows(json.dumps(line).encode() + b"\n") == expected
    assert parse_rows(" ".join(ROW).encode() + b"\n") == expected


def test_nothing_and_what_is_no_answer() -> None:
    assert parse_rows(b"") == parse_rows(b"[]") == parse_rows(b"[]\n") == []
    for body in (b"<html>Sorry", b'{"message": "no"}', b"[[", b"[" * 100_000):
        with pytest.raises(ArchiveUnavailable):
            parse_rows(body)


def test_rows_that_cannot_be_read_are_passed_over() -> None:
    bad = [moved(ROW, "20160012101500"), moved(ROW, "2016"), moved(ROW, "x" * 14), moved(ROW, "20160522101500", original="")]
    assert parse_rows(rows(*bad, ROW)) == parse_rows(rows(ROW, *bad[:1])) == parse_rows(rows(ROW))


def test_a_resume_key_is_no_row() -> None:
    assert len(parse_rows(json.dumps([HEADING, ROW, [], ["example%2Cpaper 20160522"]]).encode())) == 1


def test_only_pages_and_the_revisits_of_pages() -> None:
    gone = moved(ROW, "20160601000000", statuscode="404", digest="GONE")
    again = moved(ROW, "20160602000000", mimetype="warc/revisit", statuscode="-")
    of_gone = moved(ROW, "20160603000000", mimetype="warc/revisit", statuscode="-", digest="GONE")
    unknown = moved(ROW, "20160604000000", mimetype="warc/revisit", statuscode="-", digest="ELSE")
    kept = whole_pages(parse_rows(rows(ROW, gone, again, of_gone, unknown)))
    assert [timestamp(row.at) for row in kept] == ["20160522101500", "20160602000000"]


def test_a_blocked_site_is_final() -> None:
    error = {
        "x-archive-wayback-runtime-error": "RuntimeIOException: org.archive...AdministrativeAccessControlException: Blocked Site Error"
    }
    blocked = Answer("", 403, error, b"Blocked Site Error")
    assert is_blocked(blocked)
    with pytest.raises(ArchiveRefuses):
        read_answer(blocked)
    with pytest.raises(ArchiveUnavailable):
        read_answer(Answer("", 403, {}, b"go away"))
    assert read_answer(Answer("", 404, {}, b'{"message": "No Captures found"}')) == []


def test_the_question_and_the_copies_address() -> None:
    ask = Told(rows(ROW, moved(ROW, "20150601000000", digest="B")))
    found = asyncio.run(WAYBACK.candidates(Wanted(URL, NEAR), ask))
    assert [c.address for c in found] == [
        f"https://web.archive.example/web/20160522101500id_/{URL}",
        f"https://web.archive.example/web/20150601000000id_/{URL}",
    ]
    asked = ask.questions[0].url
    assert "from=20150522000000" in asked
    assert "url=http%3A%2F%2Fpaper.example%2F2016%2Fstory%3Fid%3D7" in asked
    assert "from=" not in WAYBACK.question(URL, None, None, 10).url


def test_a_page_that_is_captured_all_the_time_is_asked_for_again() -> None:
    many = [moved(ROW, timestamp(NEAR - timedelta(days=300) + timedelta(minutes=n)), digest=str(n)) for n in range(3000)]
    ask = Told(rows(*many), rows(ROW))
    found = asyncio.run(WAYBACK.candidates(Wanted(URL, NEAR), ask))
    assert [timestamp(c.at) for c in found] == ["20160522101500"]
    assert "from=20160520000000" in ask.questions[1].url
    assert "to=20160819000000" in ask.questions[1].url


def test_a_whole_host_in_one_question() -> None:
    dead = [Wanted(f"https://www.paper.example/{n}", NEAR) for n in range(3)]
    there = ["example,paper)/1", "20160522101500", "http://paper.example:80/1", "text/html", "200", "A", "9"]
    ask = Told(rows(there))
    found = asyncio.run(WAYBACK.of_host("www.paper.example", dead, ask))
    assert {key: len(candidates) for key, candidates in found.items()} == {
        "example,paper)/0": 0,
        "example,paper)/1": 1,
        "example,paper)/2": 0,
    }
    assert "matchType=host" in ask.questions[0].url


def test_a_host_of_which_nothing_asked_for_is_known_says_nothing() -> None:
    """Servers that cannot be asked so answer with something, or nothing: every address is asked for then."""
    for answer in (rows(), rows(["paper.example", "20160522101500", "paper.example", "text/html", "200", "A", "9"])):
        assert asyncio.run(WAYBACK.of_host("paper.example", [Wanted(URL, NEAR)] * 3, Told(answer))) == {}


# --- which first --------------------------------------------------------------------------------


def test_the_first_from_the_cited_day_on_then_the_nearest() -> None:
    days = {d: Candidate("a", URL, NEAR + timedelta(days=d), f"http://a/{d}") for d in (-400, -3, 0, 2, 89, 91, 1000)}
    order = [c.address for c in best_first(days.values(), NEAR)]
    assert order == [f"http://a/{d}" for d in (0, 2, 89, -3, 91, -400, 1000)]
    assert best_first(days.values(), None)[0].address == "http://a/-400"


def test_the_same_bytes_are_tried_once() -> None:
    twice = [Candidate("a", URL, NEAR + timedelta(days=d), f"http://a/{d}", "SAME") for d in (1, 2)]
    assert [c.address for c in best_first(twice, NEAR)] == ["http://a/1"]
    assert len(best_first([Candidate("a", URL, NEAR, f"http://a/{n}") for n in range(2)], NEAR)) == 2


# --- Memento ------------------------------------------------------------------------------------

TIMEMAP = (
    f'<{URL}>;rel="original",\n'
    '<http://a.example/timemap/link/x>; rel="self"; type="application/link-format"; from="Sun, 22 May 2016 10:15:00 GMT",\n'
    f'<http://a.example/kept/20160522101500/{URL}>; rel="first memento"; datetime="Sun, 22 May 2016 10:15:00 GMT",\n'
    '<http://a.example/other-form/7>; rel=memento; datetime="Mon, 23 May 2016 10:15:00 GMT"; note="a, \\"quoted\\"; one"\n'
).encode()


def test_a_timemap() -> None:
    ask = Told(TIMEMAP)
    source = MementoSource("a.example", timemap="http://a.example/timemap/link/{url}")
    found = asyncio.run(source.candidates(Wanted(URL, NEAR), ask))
    assert [c.address for c in found] == [f"http://a.example/kept/20160522101500id_/{URL}", "http://a.example/other-form/7"]
    assert ask.questions[0].url == f"http://a.example/timemap/link/{URL}"


def test_a_timemap_in_pages_is_read_from_the_nearest_on() -> None:
    pages = "".join(
        f'<http://a.example/page/{year}>; rel="timemap"; from="Fri, 01 Jan {year} 00:00:00 GMT"; until="Thu, 31 Dec {year} 00:00:00 GMT",\n'
        for year in (2010, 2016, 2021)
    )
    ask = Told(pages.encode(), TIMEMAP, b"", b"")
    found = asyncio.run(MementoSource("a", timemap="http://a.example/{url}").candidates(Wanted(URL, NEAR), ask))
    assert [q.url for q in ask.questions[1:]] == [f"http://a.example/page/{year}" for year in (2016, 2021, 2010)]
    assert len(found) == 2


def test_a_timegate_that_redirects_and_one_that_does_not() -> None:
    source = MementoSource("a", timegate="http://a.example/{url}")
    memento = f"http://a.example/20160522101500mp_/{URL}"
    redirect = Answer("", 302, {"location": memento, "vary": "accept-datetime"}, b"")
    page = Answer("", 200, {"content-location": memento, "memento-datetime": "Sun, 22 May 2016 10:15:00 GMT"}, b"page")
    for answer in (redirect, page):
        ask = Told(answer)
        found = asyncio.run(source.candidates(Wanted(URL, NEAR), ask))
        assert [(c.address, timestamp(c.at)) for c in found] == [(f"http://a.example/20160522101500id_/{URL}", "20160522101500")]
        assert ask.questions[0].headers == (("Accept-Datetime", "Sat, 21 May 2016 00:00:00 GMT"),)


def test_a_timegate_that_has_none_and_one_that_lies() -> None:
    source = MementoSource("a", timegate="http://a.example/{url}")
    assert asyncio.run(source.candidates(Wanted(URL, NEAR), Told(Answer("", 404, {}, b"")))) == []
    assert asyncio.run(source.candidates(Wanted(URL, NEAR), Told(b"<html>a page without Memento-Datetime"))) == []


def test_raw_addresses() -> None:
    assert raw_address(f"https://a/web/20160522101500/{URL}") == f"https://a/web/20160522101500id_/{URL}"
    assert raw_address(f"https://a/web/20160522mp_/{URL}") == f"https://a/web/20160522id_/{URL}"
    assert raw_address("https://archive.example/AbC12") == "https://archive.example/AbC12"


# --- Common Crawl -------------------------------------------------------------------------------


def collection(week: str, **more: str) -> dict[str, str]:
    return {"id": f"CC-MAIN-{week}", "cdx-api": f"https://index.example/{week}", **more}


def test_the_crawls_from_the_cited_day_on() -> None:
    listed = [
        collection("2016-30"),
        collection("2016-22", to="2016-06-01T10:00:00"),
        collection("2016-18"),
        collection("2009-2010"),
        {"id": 7},
    ]
    crawls = read_collections(json.dumps(listed).encode())
    assert [c.id[-7:] for c in crawls] == ["09-2010", "2016-18", "2016-22", "2016-30"]
    assert [c.id[-7:] for c in matching(crawls, NEAR)] == ["2016-22", "2016-30"]
    assert [c.id[-7:] for c in matching(crawls, datetime(2020, 1, 1, tzinfo=UTC))] == ["2016-30"]
    for body in (b"<html>", b"{}", b"[" * 100_000):
        with pytest.raises(ArchiveUnavailable):
            read_collections(body)


def test_the_place_of_a_record() -> None:
    line = {"timestamp": "20160524020304", "url": URL, "mime": "text/html", "status": "200", "digest": "D"}
    line |= {"length": "100", "offset": "20", "filename": "crawl-data/x.warc.gz"}
    elsewhere = line | {"filename": "https://evil.example/x.warc.gz", "digest": "E"}
    listed = json.dumps([collection("2016-22")]).encode()
    ask = Told(listed, b"\n".join(json.dumps(row).encode() for row in (elsewhere, line)))
    (found,) = asyncio.run(CommonCrawlSource("cc", "https://index.example/", "https://data.example/").candidates(Wanted(URL, NEAR), ask))
    assert found.question == Question("https://data.example/crawl-data/x.warc.gz", (("Range", "bytes=20-119"),))
    assert found.memento == "https://data.example/crawl-data/x.warc.gz#bytes=20-119"


# --- what digests say -----------------------------------------------------------------------------


def test_what_is_said_of_a_dead_address() -> None:
    citation = {"url": URL, "label": "Paper", "date": None, "archive_url": None, "archive_date": None, "position": 1}
    link = f"https://web.archive.org/web/20160601120000/{URL}"
    event = {"date": "2016-05-21", "title": "T", "summary": "S", "related": [{"title": "R", "url": "/r", "contexts": ["C"]}]}
    later = {**event, "date": "2016-05-23", "citations": [{**citation, "archive_url": link, "archive_date": "2016-06-01T12:00:00Z"}]}
    other = {**citation, "url": "http://other.example/"}
    claim = claim_of(URL, "example,paper)/2016/story?id=7", [{**event, "citations": [other, citation]}, later])
    assert claim.wanted == Wanted(URL, NEAR)
    assert [(c.date, c.title, c.related) for c in claim.cited] == [("2016-05-21", "T", ("R", "C")), ("2016-05-23", "T", ("R", "C"))]
    assert [(c.address, timestamp(c.at)) for c in claim.named] == [(raw_address(link), "20160601120000")]
    assert claim_of(URL, "example,paper)/2016/story?id=7", []).wanted.near is None


# --- whatever comes -----------------------------------------------------------------------------


@given(
    st.one_of(
        st.binary(max_size=300),
        st.recursive(st.text() | st.none() | st.integers(), st.lists, max_leaves=9).map(lambda x: json.dumps(x).encode()),
    )
)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    for read in (parse_rows, read_collections):
        with contextlib.suppress(ArchiveUnavailable):
            read(body)


@given(st.text(alphabet='<>;,="\\ abrel', max_size=60))
def test_any_link_header_is_read(text: str) -> None:
    for link in read_links(text):
        assert "<" not in link.target


@given(st.integers(min_value=-30_000_000_000, max_value=250_000_000_000))
def test_moments_come_back(seconds: int) -> None:
    at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    assert read_timestamp(timestamp(at)) == at
    assert read_http_date(http_date(at)) == at


@given(st.text(max_size=30))
def test_any_moment_is_read_or_none(text: str) -> None:
    read_timestamp(text)
    read_http_date(text)
