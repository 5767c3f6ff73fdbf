"""When a job is due: a cron expression in a time zone, or a span counted from the epoch, which needs no memory of the last run."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim

from archive.config import seconds
from archive.errors import InputError
from crawler.schedule.cron import Cron, parse_cron

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 1440  # minutes
_TICK = timedelta(microseconds=1)
_SPAN = re.compile(r"\s*[0-9]+(\.[0-9]+)?\s*[smhd]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CronTimes:
    """The times of a cron expression on the clocks of ``zone``, as Debian's cron keeps them where the clocks change."""

    cron: Cron
    zone: str = "UTC"

    def after(self, at: datetime) -> datetime:
        """The first time after ``at``, UTC."""
        local = CronSim(str(self.cron), at.astimezone(ZoneInfo(self.zone)))
        return next(found for found in (time.astimezone(UTC) for time in local) if found > at)

    def until(self, at: datetime) -> datetime:
        """The last time not after ``at``, UTC."""
        local = CronSim(str(self.cron), (at + _TICK).astimezone(ZoneInfo(self.zone)), reverse=True)
        return next(found for found in (time.astimezone(UTC) for time in local) if found <= at)

    def as_crons(self) -> list[Cron]:
        return [self.cron]


@dataclass(frozen=True, slots=True)
class SpanTimes:
    """Every ``seconds`` since 1970-01-01T00:00Z: 6h is midnight, 6, 12 and 18 o'clock UTC, whenever the scheduler was started."""

    seconds: float
    zone: str = "UTC"

    def after(self, at: datetime) -> datetime:
        return self.until(at) + timedelta(seconds=self.seconds)

    def until(self, at: datetime) -> datetime:
        return at - (at - _EPOCH) % timedelta(seconds=self.seconds)

    def as_crons(self) -> list[Cron]:
        """The expressions that together mean the same in UTC; none when cron cannot say it."""
        minutes, rest = divmod(self.seconds, 60)
        if rest or not minutes:
            return []
        if minutes == 7 * _DAY:
            return [Cron(frozenset({0}), frozenset({0}), weekdays=frozenset({4}))]  # the epoch was a Thursday
        if _DAY % minutes:
            return []
        of_hour: dict[int, set[int]] = defaultdict(set)
        for minute in range(0, _DAY, int(minutes)):
            of_hour[minute // 60].add(minute % 60)
        hours: dict[frozenset[int], set[int]] = defaultdict(set)
        for hour, found in of_hour.items():
            hours[frozenset(found)].add(hour)
        return [Cron(found, frozenset(together)) for found, together in hours.items()]


Times = CronTimes | SpanTimes


def parse_every(text: str, zone: str) -> Times:
    """``17 3 * * *``, ``daily`` or a span like ``6h``. Raises `InputError`."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"timezone: {zone!r} is not known here; write it like Europe/London") from error
    if not _SPAN.fullmatch(text):
        return CronTimes(parse_cron(text), zone)
    if zone != "UTC":
        raise InputError(f"timezone: a span like {text} is counted in UTC; write a cron expression for times in {zone}")
    span = seconds(text, "every")
    if span < 1:
        raise InputError(f"every: {text!r} is less than a second")
    return SpanTimes(span)


def shortest_gap(times: Times, at: datetime, count: int = 50) -> float:
    """Seconds between two neighbours of the next ``count`` times."""
    gaps = []
    for _ in range(count):
        following = times.after(at)
        gaps.append((times.after(following) - following).total_seconds())
        at = following
    return min(gaps)
