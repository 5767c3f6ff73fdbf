"""The door of the room: names in, events and problems out."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Event, Problem
from archive.urls import host_of
from pipelines.inputs.read import MAX_PROBLEMS, SPOOL_IN_MEMORY, InputReader, read_inputs, read_url_lists
from tests.support.shared import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "inputs"


def read(*names: object, stdin: bytes | None = None, url_lists: bool = False) -> tuple[list[Event], list[Problem]]:
    door = read_url_lists if url_lists else read_inputs
    found = list(door([str(name) for name in names], io.BytesIO(stdin) if stdin is not None else None))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def test_twins_are_read_once_and_a_folder_is_sorted() -> None:
    events, problems = read(FIXTURES / "day")
    assert problems == []
    assert [Path(event.digest_file).name for event in events] == ["index.md", "index.md", "the-harbour-of-lisse-opens.md"]
    folder = FIXTURES / "day" / "news" / "2031" / "02" / "3"
    assert len(read(folder / "README.md", folder / "index.md")[0]) == 2


def test_changed_twin_is_read(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_bytes((FIXTURES / "pages/spring.md").read_bytes())
    (tmp_path / "README.md").write_bytes((FIXTURES / "pages/formats.md").read_bytes())
    assert len(read(tmp_path)[0]) == 2


def test_kinds_are_told_by_content(tmp_path: Path) -> None:
    for number, source in enumerate(("pages/spring.md", "wiki/day.txt", "wiki/article.wiki", "lists/events.csv", "lists/rows.jsonl")):
        (tmp_path / f"{number}.bin").write_bytes((FIXTURES / source).read_bytes())
    more = (
        "feeds/rss.xml", "feeds/atom.xml", "feeds/rdf.xml", "sitemaps/news.xml", "sitemaps/index.xml", "bookmarks/browser.html",
        "references/list.bib", "references/items.json", "wikipages/day_now.html", "wikipages/day_2010.html", "wikipages/article.html",
        "wiki/news.wiki",
    )  # fmt: skip
    for number, source in enumerate(more, 5):
        (tmp_path / f"{number}.bin").write_bytes((FIXTURES / source).read_bytes())
    events, _ = read(tmp_path)
    counts = [sum(1 for event in events if event.digest_file.endswith(f"/{number}.bin")) for number in range(17)]
    assert counts == [1, 8, 1, 2, 3, 3, 2, 1, 2, 0, 5, 5, 4, 4, 2, 1, 1]


def test_a_stream_under_a_name_of_its_own() -> None:
    data = (FIXTURES / "feeds/rss.xml").read_bytes()
    for packed in (data, gzip.compress(data)):
        found = list(InputReader().read_stream("https://courier.example/feed", io.BytesIO(packed)))
        assert {item.digest_file for item in found if isinstance(item, Event)} == {"https://courier.example/feed"}
        assert {item.digest_sha256 for item in found if isinstance(item, Event)} == {hashlib.sha256(packed).hexdigest()}


def test_problems_of_one_input_are_counted_when_they_are_many() -> None:
    _, problems = read("-", stdin=b"http://a.example/\n" + b"mailto:a@b.example\nhttp:// /\n" * MAX_PROBLEMS, url_lists=True)
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].problem.startswith(f"{MAX_PROBLEMS} problems more")


def test_standard_input_and_digest() -> None:
    data = (FIXTURES / "pages/spring.md").read_bytes()
    events, problems = read("-", stdin=data)
    assert problems == []
    assert (events[0].digest_file, events[0].digest_sha256) == ("-", hashlib.sha256(data).hexdigest())
    file = FIXTURES / "pages/spring.md"
    assert read(file)[0][0].digest_sha256 == hashlib.sha256(data).hexdigest()
    assert read(file)[0][0].digest_file == str(file)


def test_long_standard_input_goes_through_a_file() -> None:
    data = b"".join(b"http://a.example/%d/%s\n" % (number, b"x" * 200) for number in range(20_000))
    assert len(data) > SPOOL_IN_MEMORY
    events, problems = read("-", stdin=data)
    assert problems == []
    assert sum(len(event.citations) for event in events) == 20_000
    assert {event.digest_sha256 for event in events} == {hashlib.sha256(data).hexdigest()}


def test_globs(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", "c[1].md"):
        (tmp_path / name).write_bytes((FIXTURES / "pages/spring.md").read_bytes())
    assert [Path(e.digest_file).name for e in read(tmp_path / "*.md")[0]] == ["a.md", "b.md", "c[1].md"]
    assert len(read(tmp_path / "c[1].md")[0]) == 1
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.md").write_bytes((FIXTURES / "pages/formats.md").read_bytes())
    assert [e.date for e in read(tmp_path / "**" / "a.md")[0]] == ["2031-02-03", "2031-03-11"]
    assert len(read(tmp_path / "**")[0]) == 4
    assert [(p.line, p.problem) for p in read(tmp_path / "*.nothing")[1]] == [(0, "no file matches")]


def test_every_whole_input_failure_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b" \n\n")
    (tmp_path / "binary").write_bytes(b"http://a.example/\n\0\0\1")
    (tmp_path / "packed").write_bytes(gzip.compress(b"PK\3\4 a ZIP file"))
    (tmp_path / "prose").write_text("He said that she said.\nThat was all of it.\n")
    (tmp_path / "page.html").write_text("<!doctype html><a href='http://a.example/'>x</a>\n")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    (tmp_path / "torn").write_bytes(b"\x1f\x8b\x08 no gzip data")
    names = ("binary", "dangling", "empty", "folder", "missing", "packed", "page.html", "prose", "torn")
    events, problems = read(*(tmp_path / name for name in names), "https://a.example/digest.md", "nul\0name", FIXTURES / "pages/spring.md")
    assert len(events) == 1
    assert [(Path(p.file).name, p.line) for p in problems] == [*((name, 0) for name in names), ("digest.md", 0), ("nul\0name", 0)]
    assert all(p.problem for p in problems)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_forbidden_file(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0)
    assert [p.problem for p in read(tmp_path)[1]] == ["cannot be read: Permission denied"]


def test_pipes_are_read_and_those_in_folders_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert [p.problem for p in read(tmp_path)[1]] == ["no file in this folder"]
    reading, writing = os.pipe()
    os.write(writing, b"http://a.example/1\n")
    os.close(writing)
    try:
        events, problems = read(f"/dev/fd/{reading}")
    finally:
        os.close(reading)
    assert problems == []
    assert [c.url for c in events[0].citations] == ["http://a.example/1"]


def test_a_file_name_need_not_be_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"http://example.com/a\n")
    for name in (os.fsdecode(path), tmp_path):
        [event] = read(name)[0]
        assert event.digest_file.endswith("/caf\N{REPLACEMENT CHARACTER}.txt")
    assert [p.file for p in read("nowhere/\udce9\ud800")[1]] == ["nowhere/??"]
    assert [p.file for p in read("nowhere/\udcc3\udca9")[1]] == ["nowhere/\u00e9"]


def test_hidden_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/index.md", ".hidden.md", "shown.md"):
        (tmp_path / name).write_bytes((FIXTURES / "pages/spring.md").read_bytes())
    assert [Path(e.digest_file).name for e in read(tmp_path)[0]] == ["shown.md"]


def test_not_utf8_is_read_and_named(tmp_path: Path) -> None:
    page = tmp_path / "2031_February_3.txt"
    page.write_bytes(
        "{{Current events header|2031|02|03}}\n* [[Bülent]] sings. [http://a.example/é (Courier)]\n".encode("cp1252")
        + "* [[Łódź]] too.\n".encode()
    )
    events, problems = read(page)
    assert [e.title for e in events] == ["Bülent sings.", "Łódź too."]
    assert events[0].citations[0].url == "http://a.example/%C3%A9"
    assert [(p.line, p.problem.split(":")[0]) for p in problems] == [(2, "not valid UTF-8")]


def test_url_lists_take_what_inputs_would_not(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.txt"
    hosts.write_text("a.example\nb.example\n")
    assert [p.line for p in read(hosts)[1]] == [0]
    assert [p.line for p in read(hosts, url_lists=True)[1]] == [1, 2, 1]
    assert [p.problem for p in read(hosts, url_lists=True)[1]][-1] == "no event in it"


def test_a_reader_left_early_closes_its_file(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"".join(b"http://a.example/%d\n" % number for number in range(5_000)))
    reading = InputReader().read(str(path))
    assert isinstance(next(reading), Event)
    del reading  # an open file left behind is a ResourceWarning, which is an error here


def check(data: bytes) -> None:
    for url_lists in (False, True):
        events, problems = read("-", stdin=data, url_lists=url_lists)
        assert events or problems
        for citation in (citation for event in events for citation in event.citations):
            assert citation.url.startswith(("http://", "https://"))
            assert host_of(citation.url)
            assert citation.line >= 1
        assert all(problem.problem and problem.file == "-" for problem in problems)


HINTS = [
    b"### [2031-02-3](/n/2031/02/3/index.md)\n", b"# T\n", b"### Source:\n", b"### Related:\n", b"##### t\n",
    b"1. [a](http://a.example/)\n",
    b"{{Current events header|2031|02|03}}\n", b"* [[A]]\n", b"** x [http://a.example/ (B)]\n", b"<ref>", b"{{cite web|url=http://a.example}}",
    b"url,event,date\n", b'{"url": "http://a.example"}\n', b"http://a.example/\n", b"\t", b'"', b",", b"\xff", b"\0", b"\r",
    b"\xef\xbb\xbf", b"&#xD800;",
    b"https://web.archive.org/web/2031/", b"](", b"[", b"\xff\xfe",
    b"<rss><channel>", b"<item>", b"<link>http://a.example/</link>", b"<title>x", b"</item>", b"<feed>", b"<entry>",
    b"<?xml version='1.0'?>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<urlset>", b"<sitemapindex>", b"<sitemap>", b"<url>", b"<loc>http://a.example/", b"</loc>",
    b"<!DOCTYPE NETSCAPE-Bookmark-file-1>", b"<DL><p>", b"<DT><H3>", b"<DT><A HREF='http://a.example/' ADD_DATE='1'>", b"</A>", b"</DL>",
    b"@misc{a,\n", b"title={", b"url = {http://a.example/}", b"}\n", b"@string{a=", b'[{"type": "x", "URL": "http://a.example/"', b"}]",
    b'"issued": {"date-parts": [[2031, 2, 3]]}', b"<div class='mw-parser-output vevent'>", b"<span class='bday'>2031-02-03</span>",
    b"<ul><li>", b"<a class='external' href='http://a.example/'>(a)</a>", b"<ol class='references'>", b"<cite class='citation'>",
    b"\x1f\x8b\x08", b"<\0r\0", b"\0<\0r",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(st.one_of(st.sampled_from(HINTS), st.binary(max_size=12)), max_size=25).map(b"".join)))
def test_any_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(path for path in FIXTURES.rglob("*") if path.is_file())), st.integers(0, 4000), st.binary(min_size=1, max_size=4)
)
def test_damaged_fixtures(path: Path, position: int, damage: bytes) -> None:
    data = path.read_bytes()
    check(data[:position] + damage + data[position + len(damage) :])
