"""Cron expressions of five fields, read by cronsim, kept as sets: each place they are written to has traps of its own.

Cron's rule (crontab(5), Debian): a day must match both day of month and day of week, unless both are restricted: then one is
enough. Crons disagree on whether a field like ``*/2`` restricts, so that we refuse it beside another day field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from archive.errors import InputError

MINUTES, HOURS, DAYS, MONTHS, WEEKDAYS = range(60), range(24), range(1, 32), range(1, 13), range(7)
_MACROS = {
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "weekly": "0 0 * * 0",
    "monthly": "0 0 1 * *",
    "yearly": "0 0 1 1 *",
}
_LETTERS = frozenset("0123456789*,-/ ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Cron:
    """When a clock shows a time of these sets. ``weekdays`` count from Sunday, 0. ``either``: a day of month or a weekday is enough."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] = frozenset(DAYS)
    months: frozenset[int] = frozenset(MONTHS)
    weekdays: frozenset[int] = frozenset(WEEKDAYS)
    either: bool = False

    def __str__(self) -> str:
        """The expression in its plainest form, which every cron reads alike: numbers, ranges, lists and ``*``; Sunday is 0."""
        pairs = (
            (self.minutes, MINUTES),
            (self.hours, HOURS),
            (self.days, DAYS),
            (self.months, MONTHS),
            (self.weekdays, WEEKDAYS),
        )
        return " ".join(_field(values, every) for values, every in pairs)


def parse_cron(text: str) -> Cron:
    """Raises `InputError` that says what is wrong with ``text``."""
    written = _MACROS.get(text.strip().lower().removeprefix("@"), text).upper()
    fields = written.split()
    if len(fields) != 5:
        raise InputError(f"{text!r} is no cron expression: it has {len(fields)} fields, not minute, hour, day, month and weekday")
    if strange := set(written) - _LETTERS:
        raise InputError(f"{text!r}: {min(strange)!r} is not read; use numbers, names of days and months, * , - and /")
    try:
        found = CronSim(written, datetime(2000, 1, 1, tzinfo=UTC))
        next(found)
        next(found)
    except CronSimError as error:
        raise InputError(f"{text!r}: {str(error).lower()}") from error
    except StopIteration as error:
        raise InputError(f"{text!r} names a day that never comes") from error
    if any(not isinstance(value, int) or value < 0 for value in found.days | found.weekdays):
        raise InputError(f"{text!r}: L and W are not read by every cron; give days by number")
    return _made(text, fields, found)


def _made(text: str, fields: list[str], found: CronSim) -> Cron:
    day, weekday = fields[2], fields[4]
    if "*" not in {day, weekday} and (day.startswith("*") or weekday.startswith("*")):
        raise InputError(f"{text!r}: crons disagree on what {day} and {weekday} mean together; write the step out, like 1,3,5")
    days = frozenset(found.days)
    weekdays = frozenset(value % 7 for value in found.weekdays if isinstance(value, int))
    either = "*" not in {day, weekday}
    if either and (days == frozenset(DAYS) or weekdays == frozenset(WEEKDAYS)):  # then any day will do
        days, weekdays, either = frozenset(DAYS), frozenset(WEEKDAYS), False
    return Cron(frozenset(found.minutes), frozenset(found.hours), days, frozenset(found.months), weekdays, either)


def ranges(values: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of neighbours, each by its first and last value, in order."""
    found: list[tuple[int, int]] = []
    for value in sorted(values):
        if found and found[-1][1] == value - 1:
            found[-1] = (found[-1][0], value)
        else:
            found.append((value, value))
    return found


def _field(values: frozenset[int], every: range) -> str:
    if values == frozenset(every):
        return "*"
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges(values))
