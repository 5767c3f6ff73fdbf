from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from crawler.seeds.days import MOST_DAYS, Window, expand, is_dated, window, write

DAY = date(2016, 5, 3)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("https://h/news/%Y/%m/%-d/index.md", "https://h/news/2016/05/3/index.md"),
        ("https://h/%Y%m%d.xml", "https://h/20160503.xml"),
        ("https://h/%y/%-m/%d", "https://h/16/5/03"),
        ("https://h/%Y_%B_%-d|%b", "https://h/2016_May_3|May"),
        ("https://h/%Y/%j-%-j", "https://h/2016/124-124"),
        ("https://h/caf%C3%A9/%20/%Y?a=%2F", "https://h/caf%C3%A9/%20/2016?a=%2F"),
        ("https://h/%d0%B1/%-d", "https://h/%d0%B1/3"),  # what can be an escape is one
        ("https://h/%Q%", "https://h/%Q%"),
    ],
)
def test_directives(pattern: str, address: str) -> None:
    assert write(pattern, DAY) == address
    assert is_dated(pattern) == (pattern != address)


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_written_days_are_those_of_the_calendar(day: date) -> None:
    assert write("%Y-%m-%d", day) == day.isoformat()
    assert write("%-d.%-m.%y %j", day) == f"{day.day}.{day.month}.{day.year % 100:02} {day.timetuple().tm_yday:03}"


def test_a_range_has_both_ends_and_days_that_share_a_page_share_it() -> None:
    assert [d for d, _ in expand("%Y-%m-%d", DAY, DAY + timedelta(days=2))] == [DAY + timedelta(days=n) for n in range(3)]
    assert list(expand("https://h/%Y/%m", date(2016, 1, 30), date(2016, 3, 1))) == [
        (date(2016, 1, 31), "https://h/2016/01"),
        (date(2016, 2, 29), "https://h/2016/02"),
        (date(2016, 3, 1), "https://h/2016/03"),
    ]


def test_the_window() -> None:
    assert Window().range(DAY) == (date(2016, 5, 1), DAY)
    assert not Window().is_given
    assert window(1).range(DAY) == (DAY, DAY)
    assert window(until="2016-03-01").range(DAY) == (date(2016, 2, 28), date(2016, 3, 1))
    assert window(since="2016-05-01").range(DAY) == (date(2016, 5, 1), DAY)
    assert window(5, until="2016-01-05").range(DAY) == (date(2016, 1, 1), date(2016, 1, 5))


@pytest.mark.parametrize(
    "options",
    [(0, None, None), (-1, None, None), (MOST_DAYS + 1, None, None), (1, "2016-05-01", None), (None, "2016-5-1", None), (None, None, "x")],
)
def test_options_that_make_no_window(options: tuple[int | None, str | None, str | None]) -> None:
    with pytest.raises(InputError, match="--"):
        window(*options)


@pytest.mark.parametrize("given", [window(since="2016-05-04"), window(since="0001-01-01"), window(MOST_DAYS, until="0001-01-02")])
def test_windows_that_make_no_range(given: Window) -> None:
    with pytest.raises(InputError):
        given.range(DAY)
