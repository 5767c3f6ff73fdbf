"""What a run was told is recorded without secrets, and read back as it was."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.options import CrawlOptions
from archive.provenance import masked, read_command, read_options, told_fields

PRESIGNED = (
    "https://bucket.s3.example/day.md?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=HIDDEN%2F20260101"
    "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-Security-Token=HIDDEN&X-Amz-Signature=HIDDEN"
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://me:HIDDEN@news.example/a", "https://***@news.example/a"),
        ("--store=s3://HIDDEN:HIDDEN@bucket/x", "--store=s3://***@bucket/x"),
        ("https://HIDDEN@news.example", "https://***@news.example"),
        ("https://me:HIDDEN/HIDDEN#HIDDEN?@news.example/a", "https://***@news.example/a"),
        (PRESIGNED, PRESIGNED.replace("HIDDEN%2F20260101", "***").replace("HIDDEN", "***")),
        (
            "https://s.example/?AWSAccessKeyId=HIDDEN&Signature=HIDDEN&Expires=1",
            "https://s.example/?AWSAccessKeyId=***&Signature=***&Expires=1",
        ),
        ("https://s.example/?sv=2020&sig=HIDDEN", "https://s.example/?sv=2020&sig=***"),
        ("https://s.example/?X-Goog-Signature=HIDDEN&api%5Fkey=HIDDEN", "https://s.example/?X-Goog-Signature=***&api%5Fkey=***"),
        ("https://s.example/p;jsessionid=HIDDEN?a=1#access_token=HIDDEN", "https://s.example/p;jsessionid=***#access_token=***"),
    ],
)
def test_secrets_of_addresses(given: str, kept: str) -> None:
    assert masked(given) == kept


@pytest.mark.parametrize(
    "text",
    [
        "digests/2016/05",
        "--older-than",
        "https://medium.example/@author/story",
        "https://news.example:8080/@author",
        "https://web.archive.example/web/2016id_/http://news.example/?keyword=a&page=2&monkey=1",
        "someone@example.org",
        "::127.0.0.1:8080",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_read_back_as_it_was() -> None:
    options = CrawlOptions(connect_to=("a:80:127.0.0.1:8080",), rescue=True)
    fields = dict(told_fields(["crawl", "Übersicht.md", "--delay", "2"], asdict(options)))
    assert read_command(fields) == ("warcite", "crawl", "Übersicht.md", "--delay", "2")
    assert read_options(fields) == json.loads(json.dumps(asdict(options)))


@given(st.lists(st.text(), min_size=1), st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.text())))
def test_any_arguments_make_plain_lines(arguments: list[str], options: dict[str, object]) -> None:
    fields = told_fields([*arguments, "\udcff\udc80"], options)
    assert all(value.isascii() and value.isprintable() for _, value in fields)
    assert read_command(dict(fields)) is not None
    assert read_options(dict(fields)) is not None


def test_a_shell_may_give_more_than_a_record_should_hold() -> None:
    command = read_command(dict(told_fields(["crawl", *(f"{n}.md" for n in range(5000)), "x" * 5000], {})))
    assert command is not None
    assert len(command) == 101
    assert command[-1] == "... and 4903 more"
    (_, long), _ = told_fields(["x" * 5000], {})
    assert len(long) < 600


@pytest.mark.parametrize("value", ["", "{", "[1]", '"crawl"', '["\\ud800"]', "[" * 9999])
def test_what_others_wrote_is_no_record(value: str) -> None:
    assert read_command({"command": value}) is None
    assert read_options({"options": value}) is None
    assert read_command({}) is None
