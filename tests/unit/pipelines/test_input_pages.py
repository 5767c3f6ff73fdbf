"""What a fetched input page tells: its events, and the pages that it leads to."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import sha256_hex
from archive.model import Citation, Event, Problem, Related
from archive.warc.records import encode_exchange
from archive.warc.writer import new_record_id
from pipelines.input_pages import InputReading, InputTask, Lead, read_input, reading_json, reading_of_json
from pipelines.workers import WorkerPool
from tests.support.digest_site import day_index, event_page
from tests.support.exchanges import exchange

DAY = "2016-05-21"
INDEX = "http://d.example/news/2016/05/21/index.md"


def task(tmp_path: Path, url: str, body: bytes | str, *headers: str, base: str = "") -> InputTask:
    data = body.encode() if isinstance(body, str) else body
    head = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", f"Content-Length: {len(data)}", *headers))
    encoded = encode_exchange(
        exchange(url, head.encode() + b"\r\n" + data),
        warcinfo_id=new_record_id(),
        segment="s",
        new_id=new_record_id,
        fields=(),
    )
    path = tmp_path / "s.warc.gz"
    path.write_bytes(encoded.data)
    return InputTask(url, base or url, path, encoded.capture.offset, encoded.capture.length)


def read(job: InputTask) -> InputReading:
    return read_input(job, job.warc)


def test_an_index_names_the_pages_of_its_events(tmp_path: Path) -> None:
    text = day_index(DAY, [("A bridge", "a-bridge"), ("A ferry", "u.s.-ferry")])
    found = read(task(tmp_path, INDEX, text))
    assert [event.title for event in found.events] == ["A bridge", "A ferry"]
    folder = INDEX.removesuffix("index.md")
    assert [lead.url for lead in found.leads] == [f"{folder}a-bridge.md", f"{folder}u.s.-ferry.md"]
    assert [lead.event for lead in found.leads] == [event.id for event in found.events]
    assert found.events[0].digest_sha256 == sha256_hex(text.encode())


def test_links_are_relative_to_where_the_page_was_found(tmp_path: Path) -> None:
    text = day_index(DAY, [("A bridge", "a-bridge")]) + "\n### [Elsewhere](http://other.example/page.md)\n"
    found = read(task(tmp_path, "http://d.example/today", text, base="https://www.d.example/x/index.md"))
    assert [lead.url for lead in found.leads] == ["https://www.d.example/news/2016/05/21/a-bridge.md"]
    assert [event.title for event in found.events] == ["A bridge", "Elsewhere"]


@pytest.mark.parametrize("url", ["http://d.example/news/2016/05/21/calm.md", "http://d.example/zh/news/2016/05/21/calm.md?v=2"])
def test_the_page_of_an_event_without_sources_leads_nowhere(tmp_path: Path, url: str) -> None:
    text = f"Formats: [HTML](/news/2016/05/21/calm.html)\n\n{event_page(DAY, 'Calm')}"
    found = read(task(tmp_path, url, text))
    assert ([event.title for event in found.events], found.leads, found.unread) == (["Calm"], (), False)


def test_an_event_page_gives_sources_and_no_leads(tmp_path: Path) -> None:
    text = event_page(DAY, "Bridge", ("Post", "http://p.example/1"))
    found = read(task(tmp_path, "http://d.example/b.md", gzip.compress(text.encode()), "Content-Encoding: gzip"))
    assert [c.url for event in found.events for c in event.citations] == ["http://p.example/1"]
    assert (found.leads, found.problems) == ((), ())


def test_what_is_no_input_is_said(tmp_path: Path) -> None:
    found = read(task(tmp_path, "http://d.example/x", "<!doctype html><html><title>Not found</title></html>"))
    assert (found.unread, found.events, found.leads) == (True, (), ())
    assert [problem.file for problem in found.problems] == ["http://d.example/x"]


def test_a_child_reads_and_says_why_it_could_not(tmp_path: Path) -> None:
    good = task(tmp_path, INDEX, day_index(DAY, [("A bridge", "a-bridge")]))
    with WorkerPool(1) as pool:
        extracted = pool.submit(good).result(120)
        assert reading_of_json(extracted.line) == read(good)
        gone = reading_of_json(pool.submit(InputTask(INDEX, INDEX, tmp_path / "no.warc.gz", 0, 10)).result(120).line)
    assert gone.unread
    assert [problem.file for problem in gone.problems] == [INDEX]


_TEXT = st.text(max_size=20)
_CITATIONS = st.builds(Citation, _TEXT, st.integers(1, 9), _TEXT, _TEXT, st.integers(1, 9), st.none() | _TEXT, st.none() | _TEXT, _TEXT)
_EVENTS = st.builds(
    Event,
    *(_TEXT, st.none() | _TEXT, _TEXT, _TEXT, st.lists(_TEXT).map(tuple), st.none() | _TEXT, _TEXT, _TEXT),
    st.lists(_CITATIONS, max_size=3).map(tuple),
    st.lists(st.builds(Related, _TEXT, _TEXT, st.lists(_TEXT).map(tuple)), max_size=3).map(tuple),
)


@given(st.lists(_EVENTS, max_size=3), st.lists(st.builds(Lead, _TEXT, st.none() | _TEXT), max_size=3), st.booleans())
def test_a_reading_travels_as_it_is(events: list[Event], leads: list[Lead], unread: bool) -> None:
    reading = InputReading(tuple(events), (Problem("a", 0, "b"),), tuple(leads), unread)
    line = reading_json(reading)
    assert b"\n" not in line
    assert reading_of_json(line) == reading
