"""Progress of a crawl on standard error: a live display on a terminal, heartbeat lines without one."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.console import say
from archive.times import now
from crawler.keeper import Keeper

REFRESH_SECONDS = 0.5
HEARTBEAT_SECONDS = 30.0


class Progress:
    """Setting ``WARCITE_PROGRESS``: False turns it off. ``WARCITE_PROGRESS_SECONDS`` in the environment sets the heartbeat."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("WARCITE_PROGRESS", True):
            raise NotConfigured
        self._crawler = crawler
        self._started = time.monotonic()
        self._console = Console(stderr=True)
        self._live = self._console.is_terminal and os.environ.get("TERM") != "dumb"
        self._bar = Bar(
            TextColumn("sources"),
            BarColumn(),
            MofNCompleteColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[counts]}", markup=False),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._live,
        )
        self._task = self._bar.add_task("sources", total=None, counts="")
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        progress = cls(crawler)
        crawler.signals.connect(progress.opened, signals.spider_opened)
        crawler.signals.connect(progress.closed, signals.spider_closed)
        return progress

    def opened(self) -> None:
        if self._live:
            self._bar.start()
        self._tick()

    def closed(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self._live:
            self._show()
            self._bar.stop()

    @property
    def _seconds(self) -> float:
        return REFRESH_SECONDS if self._live else float(os.environ.get("WARCITE_PROGRESS_SECONDS") or HEARTBEAT_SECONDS)

    def _tick(self) -> None:
        self._show()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._tick)

    def _show(self) -> None:
        keeper = self._crawler.get_extension(Keeper)
        if keeper is None:
            return
        total, done = keeper.session.to_fetch, keeper.ended.total()
        counts = " ".join(f"{word}={count}" for word, count in sorted(keeper.ended.items()))
        megabytes = f"{keeper.bytes_fetched / 1e6:.1f} MB"
        if self._live:
            waiting = keeper.session.frontier.slowest(1)
            slowest = f" slowest: {waiting[0][0]} {waiting[0][1]} waiting" if waiting else ""
            self._bar.update(self._task, total=total, completed=done, counts=f"{counts} {megabytes}{slowest}")
            return
        rate = done / max(time.monotonic() - self._started, 0.001)
        eta = f"{(total - done) / rate:.0f}s" if done else "?"
        say(f"{now():%H:%M:%SZ} crawl {done}/{total} {counts} {megabytes} rate={rate:.1f}/s eta={eta}".replace("  ", " "))
        sys.stderr.flush()
