from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.endings import judge_response, retry_wait
from crawler.retry_after import retry_after

AT = datetime(2016, 5, 21, 12, 0, 0, tzinfo=UTC)
STORY = "http://www.example.com/2016/story.html"


@pytest.mark.parametrize(
    ("status", "truncated", "answered", "expected"),
    [
        (200, None, STORY, "captured/ok"),
        (200, None, "https://example.com/2016/story.html", "captured/ok"),
        (200, None, "http://www.example.com/", "gone/front-page"),
        (200, None, "https://www.example.com/index.html", "gone/front-page"),
        (200, None, "http://www.example.com/?story=1", "captured/ok"),
        (200, "disconnect", STORY, "error/truncated"),
        (200, "time", STORY, "error/timeout"),
        (200, "length", STORY, "error/too-large"),
        (404, "disconnect", STORY, "gone/not-found"),
        (410, None, STORY, "gone/removed"),
        (403, None, STORY, "blocked/forbidden"),
        (429, None, STORY, "blocked/rate-limited"),
        (451, None, STORY, "blocked/legal"),
        (400, None, STORY, "error/http-error"),
        (302, None, STORY, "error/http-error"),
        (503, None, STORY, "error/server-error"),
        (99999999999999999999, None, STORY, "error/protocol"),
    ],
)
def test_every_answer_has_an_outcome_and_a_reason(status: int, truncated, answered: str, expected: str) -> None:
    assert "/".join(judge_response(status, truncated, STORY, answered)) == expected


def test_a_cited_front_page_is_no_loss() -> None:
    assert judge_response(200, None, "http://example.com", "https://www.example.com/")[0] == "captured"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sat, 21 May 2016 12:00:30 GMT", 30.0),
        ("Sat, 21 May 2016 11:00:00 GMT", 0.0),
        ("soon", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, AT) == seconds


@given(st.text())
def test_retry_after_takes_anything(value: str) -> None:
    wait = retry_after(value, AT)
    assert wait is None or 0 <= retry_wait(1, wait) <= 600


def test_waits_double_up_to_a_minute() -> None:
    assert [retry_wait(n, None) for n in (1, 2, 3, 7, 50)] == [1, 2, 4, 60, 60]
