"""Our times as a trigger of APScheduler, whose own cron trigger counts weekdays from Monday and whose interval drifts with its jitter."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger

from crawler.schedule.clock import Times


class TimesTrigger(BaseTrigger):
    """Each of ``times``, late by up to ``jitter`` seconds."""

    def __init__(self, times: Times, jitter: float, chance: random.Random) -> None:
        self.times = times
        self.jitter = jitter
        self.chance = chance

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        due = self.times.after(max(previous_fire_time or now, now))
        return due + timedelta(seconds=self.chance.uniform(0, self.jitter))
