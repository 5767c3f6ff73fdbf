"""Saved pages through real child processes: answers in order, bad lines answered too, memory for a few pages only."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archive.schema import document_schema
from pipelines.extract import document_json, extract
from pipelines.ordered import in_order
from pipelines.page_files import PageList, page_task
from pipelines.tasks import ExtractionTask, RecordedResponse
from pipelines.warc_files import WarcFile
from pipelines.work import Tally, Work
from pipelines.workers import WorkerPool
from tests.support.saved_pages import TOO_LONG, answer, bomb, foreign_record, json_lines, list_line, page, write_pages

pytestmark = pytest.mark.timeout(400)

URL = "http://herald.example/ferry"
VALID = Draft202012Validator(document_schema())


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(2, deadline=300) as pool:
        yield pool


def listed(text: str | bytes, pool: WorkerPool) -> tuple[list[dict[str, Any]], Tally]:
    tally = Tally()
    stream = io.BytesIO(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return json_lines(b"".join(PageList(stream, Work(pool, tally, lambda _: None)))), tally


def test_a_page_is_extracted_as_by_the_library(pool: WorkerPool, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(page(1))
    for content in (page(1), tmp_path / "x.html"):
        task = page_task(content, URL, "2016-05-21T00:00:00.000000Z")
        found = pool.submit(task).result(300)
        assert (found.line, found.unread) == (document_json(extract(page(1), None, task.context)), "")
    VALID.validate(json.loads(found.line))


def test_answers_are_in_order_whatever_each_takes(pool: WorkerPool) -> None:
    sizes = [1, 4000, 1, 1, 2000, 1] * 5
    tasks = [page_task(page(n, "<p>More and more words.</p>" * size), URL) for n, size in enumerate(sizes)]
    items = [(n, task if n % 4 else None) for n, task in enumerate(tasks)]
    found = list(in_order(pool, items))
    assert [n for n, _ in found] == list(range(30))
    assert [extracted is None for _, extracted in found] == [n % 4 == 0 for n in range(30)]
    assert all(f"trip {n}," in json.loads(extracted.line)["text"] for n, extracted in found if extracted)


@pytest.mark.parametrize(("size", "ahead"), [(0, 64), (20 << 20, 4)])
def test_an_endless_list_is_read_no_further_ahead_than_need_be(pool: WorkerPool, size: int, ahead: int) -> None:
    asked = itertools.count()
    content = page(1) + b" " * size
    answers = in_order(pool, ((next(asked), page_task(content, URL)) for _ in itertools.repeat(None)))
    for n, _ in itertools.islice(answers, 10):
        assert next(asked) <= 2 * n + ahead + 1  # this look counts too
    answers.close()  # type: ignore[attr-defined]  # it is a generator


def test_pages_that_travel_with_their_tasks_do_not_fill_a_child(tmp_path: Path) -> None:
    """Eight of them at once would take 200 MB."""
    pages = [answer(page(n) + b" " * (12 << 20)) for n in range(16)]
    tasks = [replace(page_task(b"", URL), source=RecordedResponse(one)) for one in pages]
    with WorkerPool(1, deadline=300, memory=170 << 20) as pool:
        found = [f.result(300) for f in [pool.submit(task) for task in tasks]]
    assert {f.flags for f in found} == {()}


def test_a_line_for_every_line(pool: WorkerPool, tmp_path: Path) -> None:
    paths = write_pages(tmp_path, range(3))
    (tmp_path / "cut.html.gz").write_bytes(paths[0].read_bytes()[:-20])
    (tmp_path / "bomb.html.gz").write_bytes(bomb(40 << 20))
    text = (
        list_line("first", paths[0])
        + "\n   \n"
        + "no JSON\n"
        + list_line(7, tmp_path / "none.html")
        + "[1]\n"
        + list_line("cut", tmp_path / "cut.html.gz")
        + json.dumps({"path": str(paths[1]), "url": URL})
        + "\n"
        + list_line("bomb", tmp_path / "bomb.html.gz")
        + json.dumps({"id": "u", "path": str(paths[1])})
        + "\n"
        + json.dumps({"id": "p", "path": 5, "url": URL})
        + "\n"
        + list_line("when", paths[1], captured_at="soon")
        + "[" * 100_000
        + "\n"
        + '{"id": "huge", "path": "'
        + "x" * (3 << 20)
        + '"}\n'
        + list_line("last", paths[2], captured_at="2016-06-01").rstrip()
    )
    rows, tally = listed(text, pool)
    first, none, last = rows[0], rows[2], rows[-1]
    assert [row.get("id") for row in rows] == ["first", None, 7, None, "cut", rows[5]["id"], "bomb", "u", "p", "when", None, None, "last"]
    assert [row["line"] for row in rows if "error" in row] == [4, 5, 6, 7, 9, 10, 11, 12, 13, 14]
    assert all(set(row) - {"id"} == {"line", "error"} for row in rows if "error" in row)
    assert len(rows[5]["id"]) == 32  # none was given: the document's own
    assert none["error"].endswith("none.html: cannot be read: No such file or directory")
    assert (first["title"], last["title"]) == ("Ferry runs again, trip 0", "Ferry runs again, trip 2")
    assert (first["captured_at"], last["captured_at"]) == ("", "2016-06-01T00:00:00.000000Z")
    assert (tally.made, tally.failed, tally.exit_code) == (3, 10, 3)
    for row in (first, last):
        assert row.pop("cpu") > 0
        VALID.validate(row)


@pytest.mark.parametrize("given", ["\ud800", "\u2028 a", '"\\', 10**30, -1, ""])
def test_an_id_comes_back_as_it_was_given(pool: WorkerPool, tmp_path: Path, given: object) -> None:
    paths = write_pages(tmp_path, [1])
    rows, _ = listed(list_line(given, paths[1]) + list_line(given, "none"), pool)
    assert [row["id"] for row in rows] == [given, given]


@pytest.mark.parametrize("url", ["x", "http://[", "http://h\ud800.example/\0", "javascript:alert(1)", "http://" + "a" * 100_000])
def test_odd_addresses(pool: WorkerPool, tmp_path: Path, url: str) -> None:
    rows, _ = listed(list_line("a", write_pages(tmp_path, [1])[1], url), pool)
    assert rows[0]["title"] == "Ferry runs again, trip 1"


def test_an_empty_list_and_one_that_is_no_text(pool: WorkerPool) -> None:
    assert listed("", pool)[1].exit_code == 0
    rows, tally = listed(bytes(range(256)), pool)
    assert {"line", "error"} == set(rows[0])
    assert tally.exit_code == 4


def test_a_page_that_takes_too_long_has_a_document_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "long.html").write_bytes(TOO_LONG)
    with WorkerPool(1, deadline=3) as pool:
        rows, tally = listed(list_line("long", tmp_path / "long.html"), pool)
    assert (rows[0]["id"], rows[0]["flags"], rows[0]["text_outcome"]) == ("long", ["extraction-failed", "deadline"], "none")
    assert (tally.made, tally.failed, tally.exit_code) == (0, 1, 4)


def test_pages_of_a_warc_with_the_context_of_their_records(pool: WorkerPool, tmp_path: Path) -> None:
    path = tmp_path / "other.warc"
    path.write_bytes(
        foreign_record("warcinfo", "", b"software: other\r\n", 1)
        + foreign_record("response", "dns:a.example", b"20140203040506\na.example. 60 IN A 192.0.2.1\n", 2)
        + foreign_record("response", "http://a.example/1", answer(page(1), "text/html; charset=utf-8"), 3)
        + foreign_record("response", "http://a.example/2.png", answer(b"\x89PNG\r\n\x1a\n", "image/png"), 4)
        + foreign_record("response", "http://a.example/3", answer(page(3), "text/html", "404 Not Found"), 5)
        + foreign_record("response", "http://a.example/4", answer(page(4), "text/html"), 6, date=None)
        + foreign_record("response", "http://a.example/5", answer(page(5), "application/octet-stream"), 7)
        + foreign_record("revisit", "http://a.example/1", b"HTTP/1.1 200 OK\r\n\r\n", 8)
        + foreign_record("response", "http://a.example/6", answer(b"<title>Just a moment...</title>", "text/html", "503 Wait"), 9)
    )
    tally, told = Tally(), list[str]()
    rows = json_lines(b"".join(WarcFile(path, Work(pool, tally, told.append))))
    assert [row["url"] for row in rows] == [f"http://a.example/{n}" for n in (1, 5, 6)]
    first = rows[0]
    VALID.validate(first)
    assert (first["captured_at"], first["http_status"], first["outcome"]) == ("2014-02-03T04:05:06.000000Z", 200, "captured")
    assert (first["warc_file"], first["warc_record_id"]) == (str(path), "<urn:uuid:00000000-0000-4000-8000-000000000003>")
    assert path.read_bytes()[first["warc_offset"] :][: first["warc_length"]].startswith(b"WARC/1.0\r\nWARC-Type: response")
    assert (rows[2]["outcome"], rows[2]["http_status"]) != ("captured", 503)
    assert (tally.made, tally.failed, tally.damaged) == (3, 1, False)
    assert len([line for line in told if "no WARC-Date" in line]) == 1
    assert told[-1].endswith("1 not HTML, 2 not a page's status")


def test_a_warc_that_was_cut_gives_what_stands_before(pool: WorkerPool, tmp_path: Path) -> None:
    records = [foreign_record("response", f"http://a.example/{n}", answer(page(n)), n) for n in range(3)]
    (tmp_path / "x.warc").write_bytes(b"".join(records)[:-50])
    tally, told = Tally(), list[str]()
    assert len(list(WarcFile(tmp_path / "x.warc", Work(pool, tally, told.append)))) == 2
    assert (tally.exit_code, len(told)) == (5, 1)


def test_a_pool_that_is_given_up_waits_for_no_page() -> None:
    """A failure of the command must not wait for a page that takes minutes."""
    tasks: list[ExtractionTask] = [page_task(TOO_LONG, URL) for _ in range(3)]
    futures = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012, SIM117  # leaving is what is tested
        with WorkerPool(1, deadline=100_000) as pool:
            assert pool.submit(page_task(page(1), URL)).result(300).unread == ""
            futures = [pool.submit(task) for task in tasks]
            raise KeyboardInterrupt
    assert all(future.done() for future in futures)
