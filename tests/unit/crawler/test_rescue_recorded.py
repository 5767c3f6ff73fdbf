"""Answers of the real archives, as clients of others recorded them: CDX, playback with its redirects, Common Crawl and its records."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.model import Capture, Via
from archive.times import now
from archive.warc.http import decode_body, parse_http
from crawler.rescue.cdx import is_blocked, parse_rows, read_answer, whole_pages
from crawler.rescue.commoncrawl import CommonCrawlSource, matching, read_collections
from crawler.rescue.copies import Copy, CopyRefused, Fetched, fetch_copy
from crawler.rescue.memento import moment_in, original_in
from crawler.rescue.source import Answer, ArchiveRefuses, ArchiveUnavailable, Candidate, Question
from tests.support.shared import shared

pytestmark = pytest.mark.corpus

CASSETTES = "corpus/inputs/wayback-api-cassettes/cassettes"
RECORDED = "corpus/inputs/cdx-api-responses"


def cassette(path: Path) -> list[Answer]:
    yaml = pytest.importorskip("yaml", reason="recorded answers are YAML")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [_answer(i["request"]["uri"], i["response"]) for i in yaml.load(path.read_bytes(), loader)["interactions"]]


def _answer(url: str, response: Mapping[str, Any]) -> Answer:
    headers = {name.lower(): values[0] for name, values in response["headers"].items()}
    body = response["body"]["string"]
    raw = body if isinstance(body, bytes) else body.encode()
    coding = headers.get("content-encoding")
    head = f"HTTP/1.1 200 OK\r\n{f'Content-Encoding: {coding}' if coding else 'X: y'}\r\n\r\n".encode()
    return Answer(url, response["status"]["code"], headers, decode_body(parse_http(head + raw)).body)


def recorded() -> Iterator[dict[str, Any]]:
    for file in sorted(shared(RECORDED).rglob("*.jsonl")):
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def as_answer(row: Mapping[str, Any]) -> Answer:
    text = row["response_text"] or ""
    body = base64.b64decode(text) if row["response_status_code"] == 206 else text.encode()
    return Answer(row["url"], row["response_status_code"], {k.lower(): v for k, v in (row["response_headers"] or {}).items()}, body)


def test_cdx_answers_of_the_wayback_machine() -> None:
    seen = 0
    for file in sorted(shared(CASSETTES).glob("test_*search*.yaml")):
        for answer in cassette(file):
            if "/cdx/search/cdx" not in answer.url:
                continue
            seen += 1
            if is_blocked(answer):
                with pytest.raises(ArchiveRefuses):
                    read_answer(answer)
                assert "blocked" in file.name
                continue
            rows = read_answer(answer)
            lines = [line for line in answer.body.splitlines() if len(line.split(b" ")) >= 7]
            assert len(rows) == len(lines), file.name
            assert all(row.status == 200 or row.mime == "warc/revisit" for row in whole_pages(rows))
    assert seen > 20


def test_odd_cdx_lines() -> None:
    folder = shared("corpus/inputs/wayback-api-cassettes/test_files")
    for name, passed_over in (("malformed_cdx.txt", None), ("bad_timestamp_cdx.txt", 2), ("zero_length_cdx.txt", 0)):
        body = (folder / name).read_bytes()
        rows, lines = parse_rows(body), [line for line in body.splitlines() if len(line.split(b" ")) >= 7]
        assert rows
        assert passed_over is None or len(lines) - len(rows) <= passed_over


class Playback:
    """An archive that plays a cassette back."""

    def __init__(self, answers: list[Answer]) -> None:
        self._answers = {answer.url: answer for answer in answers}

    async def __call__(self, question: Question, via: Via) -> Fetched:
        if question.url not in self._answers:
            raise ArchiveUnavailable(f"not recorded: {question.url}")
        capture = Capture("<urn:uuid:0>", question.url, now(), 200, "text/html", None, "response", "", 0, 1, via=via)
        return Fetched(self._answers[question.url], capture, whole=True)


def play(name: str, window: timedelta = timedelta(days=30)) -> Copy | str:
    answers = cassette(shared(CASSETTES) / f"test_get_memento{name}.yaml")
    first = answers[0].url
    at, original = moment_in(first), original_in(first)
    assert at is not None
    assert original is not None
    candidate = Candidate("web.archive.org", original, at, first)
    try:
        return asyncio.run(fetch_copy(candidate, original, Playback(answers), window))
    except (CopyRefused, ArchiveUnavailable) as error:
        return str(error)


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("", "https://www.fws.gov/birds/"),
        ("_with_inexact_string_datetime", "https://www.fws.gov/birds/"),
        ("_target_window", "https://www.fws.gov/birds/"),
        ("_returns_memento_with_accurate_url", "http://fws.gov/"),
        ("_follows_historical_redirects", "https://www.epa.gov/sites/production/files/signpost/cc.html"),
    ],
)
def test_copies_that_are_taken(name: str, original: str) -> None:
    copy = play(name)
    assert isinstance(copy, Copy), copy
    assert copy.original == original
    assert "id_/" in copy.memento
    assert moment_in(copy.memento) == copy.at


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("_raises_blocked_error", "not a copy"),
        ("_raises_no_memento_error", "not a copy"),
        ("_raises_for_mementos_that_redirect_in_a_loop", "redirects lead nowhere"),
        ("_works_on_archived_rate_limit_responses", "captured with status 429"),
        ("_with_path_based_redirects", "captured with status 404"),
        ("_with_schemeless_redirects", "captured with status 404"),
    ],
)
def test_copies_that_are_refused(name: str, why: str) -> None:
    assert why in str(play(name))


def test_a_copy_from_another_month_is_refused() -> None:
    assert "23 days from the copy asked for" in str(play("_target_window", timedelta(days=7)))


def test_every_recorded_index_answer_is_read() -> None:
    rows = none = 0
    for row in recorded():
        answer = as_answer(row)
        if answer.url.endswith(("-index", "/cdx/search/cdx")) and "showNumPages" not in (row["request_params"] or {}):
            if answer.status in {200, 404}:
                found = read_answer(answer)
                rows, none = rows + len(found), none + (not found)
            else:
                with pytest.raises(ArchiveUnavailable):
                    read_answer(answer)
    assert rows > 100
    assert none > 100


def test_the_list_of_crawls() -> None:
    body = next(as_answer(row).body for row in recorded() if row["url"].endswith("collinfo.json"))
    crawls = read_collections(body)
    assert len(crawls) == len(json.loads(body)) > 100
    near = next(crawl.end for crawl in crawls if crawl.id == "CC-MAIN-2016-22")
    assert [crawl.id for crawl in matching(crawls, near)] == ["CC-MAIN-2016-22", "CC-MAIN-2016-26"]


def test_records_of_common_crawl() -> None:
    """An index line, and what its range gave."""
    source, line, seen = CommonCrawlSource("cc", "", "https://data.commoncrawl.org/"), None, 0
    for row in recorded():
        answer = as_answer(row)
        if answer.status == 200 and answer.url.endswith("-index") and b'"offset"' in answer.body:
            line = read_answer(answer)
        if answer.status != 206 or not line:
            continue
        candidates = [c for one in whole_pages(line) if (c := source._candidate(one)) is not None and c.address == answer.url]
        fits = [c for c in candidates if c.span and c.span[1] == len(answer.body)]
        for candidate in fits[:1]:
            seen += 1
            copy = asyncio.run(fetch_copy(candidate, candidate.original, Playback([answer]), timedelta(days=1)))
            assert copy.original == candidate.original
            assert abs(copy.at - candidate.at) < timedelta(seconds=2)
    assert seen >= 3
