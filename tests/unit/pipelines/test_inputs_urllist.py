"""Lists of addresses in every layout, and of any length."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model import Event, Problem
from pipelines.inputs.columns import find_table
from pipelines.inputs.draft import Origin
from pipelines.inputs.lines import MAX_LINE
from pipelines.inputs.urllist import CHUNK, read_url_list
from tests.support.shared import ROOT

LISTS = ROOT / "tests" / "fixtures" / "inputs" / "lists"


def read(data: bytes, name: str = "dir/list.txt") -> tuple[list[Event], list[Problem]]:
    stream = io.BytesIO(data)
    found = list(read_url_list(stream, Origin(name, "0" * 64)))
    assert not stream.closed
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Problem)]


def rows(events: list[Event]) -> list[tuple[str | None, str, list[tuple[str, str, int]]]]:
    return [(e.date, e.title, [(c.label, c.url, c.line) for c in e.citations]) for e in events]


def urls(data: bytes) -> list[str]:
    return [c.url for e in read(data)[0] for c in e.citations]


def test_plain_text() -> None:
    events, problems = read((LISTS / "plain.txt").read_bytes())
    assert rows(events) == [
        (
            None,
            "list.txt lines 3-10",
            [
                ("", "http://a.example/1", 3),
                ("", "http://b.example/0,1-0@2-3214,36-356247,0.html", 4),
                ("Radio North", "https://c.example/x", 5),
                ("", "http://e.example/y", 10),
            ],
        )
    ]
    assert [(p.line, p.problem.split(":")[0]) for p in problems] == [(6, "mailto"), (7, "no http(s) address"), (8, "ftp"), (9, "bad host")]


def test_csv_with_events() -> None:
    events, problems = read((LISTS / "events.csv").read_bytes())
    assert rows(events) == [
        ("2031-02-03", "A lock, opened", [("Courier", "http://a.example/1", 2), ('The "Post"', "http://b.example/2", 3)]),
        ("2031-02-04", "A choir", [("Radio", "http://c.example/3", 4)]),
    ]
    second = events[0].citations[1]
    assert (second.archive_url, second.archive_date) == ("https://web.archive.org/web/20310204/http://b.example/2", "2031-02-04T00:00:00Z")
    assert [p.line for p in problems] == [5]


def test_tsv_without_header() -> None:
    events, problems = read((LISTS / "plain.tsv").read_bytes())
    assert problems == []
    assert rows(events)[0][2] == [("Courier", "http://a.example/1", 1), ("Post, The", "http://b.example/2", 2)]
    assert [c.date for c in events[0].citations] == ["2031-02-03", "2031-02-04"]


def test_json_lines() -> None:
    events, problems = read((LISTS / "rows.jsonl").read_bytes())
    assert rows(events) == [
        ("2031-02-03", "A lock", [("Courier", "http://a.example/1", 1), ("Post", "http://b.example/2", 2)]),
        ("2031-02-04", "A lock", [("", "http://c.example/3", 3)]),
        (None, "list.txt lines 4-4", [("", "http://d.example/4", 4)]),
    ]
    assert events[0].topics == ("Ports", "Barges", "Locks")
    assert [p.line for p in problems] == [5, 6]


def test_pages_of_a_wacz() -> None:
    events, problems = read((LISTS / "pages.jsonl").read_bytes())
    assert problems == []
    assert rows(events)[0][2] == [("A page", "https://a.example/", 2)]


@pytest.mark.parametrize(
    "data",
    [
        b"name;address\nA;http://a.example/1\nB;http://a.example/2\n",
        b"url,notes\nhttp://a.example/1,\nhttp://a.example/2,\n",
        b"Adresse|Datum\nhttp://a.example/1|2031-02-03\nhttp://a.example/2|2031-02-04\n",
        b"http://a.example/1,NEWS\nhttp://a.example/2,BLOG\n",
        b"# made by hand\nhttp://a.example/1\n# and\n\nhttp://a.example/2",
        b"1. http://a.example/1\n2. http://a.example/2\n",
        b"- Courier: http://a.example/1\n- Post: http://a.example/2\n",
        b"http://a.example/1\rhttp://a.example/2\r",
        '"http://a.example/1"\n"http://a.example/2"\n'.encode("utf-16"),
        b'\xef\xbb\xbf"url"\t"x"\r\n"http://a.example/1"\t"a"\r\n"http://a.example/2"\t"a\nb"\r\n',
    ],
)
def test_layouts(data: bytes) -> None:
    assert urls(data) == ["http://a.example/1", "http://a.example/2"]


def test_commas_of_addresses_make_no_table() -> None:
    data = b"http://monde.example/0,1-0@2-3214,36-356247,0.html\nhttp://monde.example/0,1-0@2-3214,36-356248,0.html\n"
    assert urls(data) == data.decode().split()
    assert find_table(data.decode().split()) is None


def test_unquoted_comma_is_named_not_cut() -> None:
    events, problems = read(b"url,date\nhttp://a.example/1,2031-02-03\nhttp://a.example/0,1-0,3.html,2031-02-03\n")
    assert [c.url for e in events for c in e.citations] == ["http://a.example/1"]
    assert [(p.line, p.problem.split(" ")[0]) for p in problems] == [(3, "4")]


def test_a_stray_quote_swallows_no_rows() -> None:
    body = b"".join(b"http://a.example/%d,note\n" % number for number in range(50))
    events, problems = read(b'url,notes\nhttp://a.example/x,"never closed\n' + body)
    assert len(events[0].citations) == 51
    assert [(p.line, p.problem) for p in problems] == [(2, "stray or unclosed quote: read without quoting")]


def test_other_charset_is_named_once() -> None:
    events, problems = read("http://a.example/é\nhttp://a.example/ü\n".encode("cp1252"))
    assert [c.url for c in events[0].citations] == ["http://a.example/%C3%A9", "http://a.example/%C3%BC"]
    assert [p.line for p in problems] == [1]


def test_a_line_without_end() -> None:
    events, problems = read(b"http://a.example/1\n" + b"x" * (3 * MAX_LINE) + b"\nhttp://a.example/2\n")
    assert [c.line for c in events[0].citations] == [1, 3]
    assert problems[0].line == 2


def test_chunks() -> None:
    data = b"".join(b"http://a.example/%d\n" % number for number in range(2 * CHUNK + 5))
    events, _ = read(data)
    assert [(e.title, len(e.citations)) for e in events] == [
        ("list.txt lines 1-1000", CHUNK),
        ("list.txt lines 1001-2000", CHUNK),
        ("list.txt lines 2001-2005", 5),
    ]
    assert len({e.id for e in events}) == 3


def _long_list(path: Path, count: int) -> Iterator[Event | Problem]:
    with path.open("wb") as out:
        out.writelines(b'{"date": "2031-02-03", "event": "Number %d", "url": "http://a.example/%d"}\n' % (n // 2, n) for n in range(count))
    with path.open("rb") as stream:
        yield from read_url_list(stream, Origin("list.jsonl", "0" * 64))


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        assert sum(1 for _ in _long_list(tmp_path / "list.jsonl", count)) == count // 2
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000, peaks
