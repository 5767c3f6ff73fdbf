"""Cron expressions for hypothesis: every form that `crawler.schedule.cron` reads, day and weekday together too."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from archive.errors import InputError
from crawler.schedule.cron import parse_cron

_MONTHS = ["jan", "FEB", "mar", "apr", "May", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "TUE", "wed", "thu", "fri", "Sat"]


def _value(first: int, last: int, names: list[str]) -> st.SearchStrategy[str]:
    numbers = st.integers(first, last).map(str)
    return numbers | st.sampled_from(names) if names else numbers


def _term(first: int, last: int, names: list[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.integers(first, last), st.integers(first, last)).map(sorted)
    spans = pairs.map(lambda pair: f"{pair[0]}-{pair[1]}")
    steps = st.tuples(spans, st.integers(1, last)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    return _value(first, last, names) | spans | steps


def _listed(first: int, last: int, names: list[str] | None = None) -> st.SearchStrategy[str]:
    return st.lists(_term(first, last, names or []), min_size=1, max_size=4).map(",".join)


def _stepped(last: int) -> st.SearchStrategy[str]:
    return st.just("*") | st.integers(1, last).map(lambda step: f"*/{step}")


_DATES, _WEEKDAYS = _listed(1, 31), _listed(0, 7, _DAYS)
_DAY_FIELDS = (
    st.tuples(_stepped(31) | _DATES, st.just("*"))
    | st.tuples(st.just("*"), _stepped(7) | _WEEKDAYS)
    | st.tuples(_DATES, _WEEKDAYS)  # either will do
)


@st.composite
def _expressions(draw: st.DrawFn) -> str:
    minute, hour = draw(_stepped(59) | _listed(0, 59)), draw(_stepped(23) | _listed(0, 23))
    day, weekday = draw(_DAY_FIELDS)
    text = f"{minute} {hour} {day} {draw(_stepped(12) | _listed(1, 12, _MONTHS))} {weekday}"
    try:
        parse_cron(text)
    except InputError:  # 31st of February
        assume(False)
    return text


expressions = _expressions()
