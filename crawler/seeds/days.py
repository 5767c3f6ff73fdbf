"""Addresses with the day in them: ``https://host/news/%Y/%m/%-d/index.md``, one for each day of a range.

The directives are those of strftime, written out here: the C library's ``%-d`` is no standard, and its month names follow the locale.
A percent sign with two hex digits is an escape of the address and stays (RFC 3986 section 2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from archive.errors import InputError

MOVES_DAYS = 3
"""How long a digest's page of a day moves: nearly all of its revisions come within that time."""

MOST_DAYS = 40_000

_DIRECTIVE = re.compile(r"%(?:(?P<escape>[0-9A-Fa-f]{2})|(?P<code>-?[YymdjBb]))")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WRITTEN: dict[str, Callable[[date], str]] = {
    "Y": lambda day: f"{day.year:04}",
    "y": lambda day: f"{day.year % 100:02}",
    "m": lambda day: f"{day.month:02}",
    "-m": lambda day: str(day.month),
    "d": lambda day: f"{day.day:02}",
    "-d": lambda day: str(day.day),
    "j": lambda day: f"{day.timetuple().tm_yday:03}",
    "-j": lambda day: str(day.timetuple().tm_yday),
    "B": lambda day: _MONTHS[day.month - 1],
    "b": lambda day: _MONTHS[day.month - 1][:3],
}


@dataclass(frozen=True, slots=True)
class Window:
    """The days that were asked for, as they were asked for: nothing of it depends on the clock. All None: the last three days."""

    days: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_given(self) -> bool:
        return (self.days, self.since, self.until) != (None, None, None)

    def range(self, today: date) -> tuple[date, date]:
        """First and last day, both included. Raises `InputError` when there is no such range."""
        until = self.until or today
        since = self.since or _back(until, (MOVES_DAYS if self.days is None else self.days) - 1)
        if since > until:
            raise InputError(f"--since {since} is after {'--until ' if self.until else ''}{until}")
        if (until - since).days >= MOST_DAYS:
            raise InputError(f"{(until - since).days + 1} days are more than {MOST_DAYS}")
        return since, until


LAST_DAYS = Window()


def window(days: int | None = None, since: str | None = None, until: str | None = None) -> Window:
    """From the options. Raises `InputError` naming the one that cannot be used."""
    if days is not None and since is not None:
        raise InputError("--days and --since exclude each other")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InputError(f"--days: must be between 1 and {MOST_DAYS}")
    return Window(days, _day(since, "--since"), _day(until, "--until"))


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option}: {text!r} is no day like 2016-05-21") from None


def _back(day: date, days: int) -> date:
    try:
        return day - timedelta(days=days)
    except OverflowError:
        raise InputError(f"--days {days + 1} begins before there were calendars") from None


def is_dated(address: str) -> bool:
    """Whether an address has a directive in it, so that it names a page of each day."""
    return any(found["code"] in _WRITTEN for found in _DIRECTIVE.finditer(address))


def expand(pattern: str, since: date, until: date) -> Iterator[tuple[date, str]]:
    """The address of each day, oldest first; of days that share one (``%Y/%m/index.md``), once, with the last of them."""
    days = (since + timedelta(days=number) for number in range((until - since).days + 1))
    for address, sharing in groupby(days, lambda day: write(pattern, day)):
        *_, last = sharing
        yield last, address


def write(pattern: str, day: date) -> str:
    def replaced(found: re.Match[str]) -> str:
        code = found["code"]
        return _WRITTEN[code](day) if code in _WRITTEN else found.group()

    return _DIRECTIVE.sub(replaced, pattern)
