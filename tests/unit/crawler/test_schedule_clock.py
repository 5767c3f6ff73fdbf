"""When jobs are due: expressions as crons read them, spans from the epoch, and clocks that change."""

from __future__ import annotations

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from crawler.schedule.clock import CronTimes, SpanTimes, parse_every, shortest_gap
from crawler.schedule.cron import parse_cron
from crawler.schedule.trigger import TimesTrigger
from tests.support.crons import expressions

moments = st.integers(946_684_800_000_000, 3_786_912_000_000_000).map(lambda micro: datetime.fromtimestamp(micro / 1e6, UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("17 3 * * *", "17 3 * * *"),
        ("*/15 2-4 * jan-mar mon-fri", "0,15,30,45 2-4 * 1-3 1-5"),
        ("0 0 * * 7", "0 0 * * 0"),
        ("0 0 * * 5-7", "0 0 * * 0,5-6"),
        ("0 0 1,15 * 5", "0 0 1,15 * 5"),
        ("0 12 */2 * *", "0 12 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31 * *"),
        ("0 0 1-31 * 1", "0 0 * * *"),  # "any day, or Mondays"; with a star for 1-31 it would mean Mondays only
        ("0 0 15 * 0-6", "0 0 * * *"),
        ("daily", "0 0 * * *"),
        ("@Hourly", "0 * * * *"),
        ("0 0 29 2 *", "0 0 29 2 *"),
    ],
)
def test_an_expression_in_its_plainest_form(written: str, plain: str) -> None:
    assert str(parse_cron(written)) == plain


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("* * * *", "it has 4 fields"),
        ("0 0 0 * * *", "it has 6 fields"),
        ("", "it has 0 fields"),
        ("60 0 * * *", "bad minute"),
        ("0 0 0 * *", "bad day-of-month"),
        ("5-1 0 * * *", "bad minute"),
        ("*/0 0 * * *", "bad minute"),
        ("0 0 31 2 *", "day"),
        ("0 0 30,31 2 *", "day"),
        ("0 0 L * *", "give days by number"),
        ("0 0 LW * *", "give days by number"),
        ("0 0 * * 5#3", "'#' is not read"),
        ("0 0 * * 5L", "give days by number"),
        ("0 0 ? * 1", "is not read"),
        ("٣ 0 * * *", "is not read"),
        ("0 0 */2 * 1", "crons disagree"),
        ("0 0 1 * */2", "crons disagree"),
    ],
)
def test_what_crons_do_not_read_alike_is_refused(written: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        parse_cron(written)


@given(st.text(st.sampled_from("0123456789*,-/ LWsunmo#?"), max_size=30))
def test_anything_else_is_refused_and_never_crashes(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_cron(str(parse_cron(text))) == parse_cron(text)


@given(expressions, moments)
def test_the_plain_form_means_the_same(written: str, start: datetime) -> None:
    cron = parse_cron(written)
    mine, theirs = CronSim(str(cron), start), CronSim(written, start)
    assert [next(mine) for _ in range(20)] == [next(theirs) for _ in range(20)]
    assert parse_cron(str(cron)) == cron


@given(expressions, moments, st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]))
def test_after_and_until_are_neighbours(written: str, moment: datetime, zone: str) -> None:
    times = CronTimes(parse_cron(written), zone)
    before, following = times.until(moment), times.after(moment)
    assert before <= moment < following
    assert times.after(following) > following
    assert times.until(following) == following


def test_clocks_that_change_neither_lose_nor_double_a_night() -> None:
    times = parse_every("30 1 * * *", "Europe/London")
    spring = [times.after(at("2026-03-28T12:00Z")), times.after(at("2026-03-29T12:00Z"))]  # 01:30 does not exist on the 29th
    assert spring == [at("2026-03-29T01:00Z"), at("2026-03-30T00:30Z")]
    autumn = times.after(at("2026-10-24T12:00Z"))  # 01:30 comes twice on the 25th
    assert (autumn, times.after(autumn), times.after(at("2026-10-25T01:10Z"))) == (
        at("2026-10-25T00:30Z"),
        at("2026-10-26T01:30Z"),
        at("2026-10-26T01:30Z"),
    )


@pytest.mark.parametrize(
    ("span", "crons"),
    [
        ("1h", ["0 * * * *"]),
        ("6h", ["0 0,6,12,18 * * *"]),
        ("15m", ["0,15,30,45 * * * *"]),
        ("90m", ["0 0,3,6,9,12,15,18,21 * * *", "30 1,4,7,10,13,16,19,22 * * *"]),
        ("1d", ["0 0 * * *"]),
        ("7d", ["0 0 * * 4"]),
        ("5h", []),
        ("2d", []),
        ("30s", []),
        ("61s", []),
    ],
)
def test_a_span_as_expressions_means_the_same(span: str, crons: list[str]) -> None:
    times = parse_every(span, "UTC")
    assert [str(cron) for cron in times.as_crons()] == crons
    now = at("2026-02-27T22:59:58Z")
    for _ in range(100 if crons else 0):
        now = times.after(now)
        assert now == min(CronTimes(cron).after(now - timedelta(seconds=1)) for cron in times.as_crons())


@given(st.integers(1, 10**7), moments)
def test_a_span_counts_from_the_epoch(seconds: int, moment: datetime) -> None:
    times = SpanTimes(seconds)
    due = times.until(moment)
    assert due <= moment < times.after(moment) == due + timedelta(seconds=seconds)
    assert due.timestamp() % seconds == 0


@pytest.mark.parametrize(
    ("every", "zone", "complaint"),
    [
        ("6h", "Europe/London", "counted in UTC"),
        ("0.5s", "UTC", "less than a second"),
        ("0 0 * * *", "Europe/Londn", "is not known here"),
        ("0 0 * * *", "../etc/passwd", "is not known here"),
        ("0 0 * * *", "", "is not known here"),
        ("6 parsecs", "UTC", "no cron expression"),
    ],
)
def test_a_time_that_cannot_be_kept_says_why(every: str, zone: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        parse_every(every, zone)


def test_the_shortest_gap() -> None:
    assert shortest_gap(parse_every("0,5 3 * * *", "UTC"), at("2026-01-01T00:00Z")) == 300
    assert shortest_gap(parse_every("6h", "UTC"), at("2026-01-01T00:00Z")) == 6 * 3600


def test_jitter_makes_a_run_late_and_moves_no_other_one() -> None:
    """Unlike APScheduler's own interval, which adds up the jitter of every run."""
    times = parse_every("1h", "UTC")
    trigger = TimesTrigger(times, jitter=1200, chance=random.Random(1))
    now = at("2026-01-01T00:30Z")
    fired = None
    for hour in range(1, 500):
        fired = trigger.get_next_fire_time(fired, now)
        due = at("2026-01-01T00:00Z") + timedelta(hours=hour)
        assert due <= fired <= due + timedelta(seconds=1200)
        now = fired + timedelta(seconds=1)
