"""Scrapy's scheduler over the ledger: targets stay on disk until the engine has room for one.

Requests that Scrapy itself makes on the way (redirects) are few and wait in memory.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Self

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from archive.errors import WarciteError
from archive.model import Ending, OutcomeWord, Reason, Target
from archive.times import now
from crawler.keeper import Keeper
from crawler.requests import request_for


class LedgerScheduler(BaseScheduler):
    def __init__(self, crawler: Crawler, keeper: Keeper, errback: Callable[[Failure], object]) -> None:
        self._crawler = crawler
        self._errback = errback
        self._keeper = keeper
        self._frontier = keeper.session.frontier
        self._on_the_way: deque[Request] = deque()
        self._ready: deque[Target] = deque()
        self._alarm: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        keeper = crawler.get_extension(Keeper)
        if keeper is None:
            raise RuntimeError("LedgerScheduler needs the extension crawler.keeper.Keeper")
        scheduler = cls(crawler, keeper, crawler.spider.failed)  # type: ignore[union-attr]  # Keeper has checked the spider
        keeper.wake = scheduler.wake
        return scheduler

    def has_pending_requests(self) -> bool:
        return bool(self._on_the_way or self._ready or self._frontier.queued or self._keeper.reading)

    def enqueue_request(self, request: Request) -> bool:
        self._on_the_way.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._on_the_way:
            return self._on_the_way.popleft()
        if self._keeper.congested:
            return None
        if not self._ready:
            self._lease()
        while self._ready:
            target = self._ready.popleft()
            try:
                return request_for(target, self._errback)
            except ValueError as error:
                self._keeper.end(target, _no_url(target, error))
        self._set_alarm()
        return None

    def _lease(self) -> None:
        try:
            self._ready.extend(self._frontier.lease(self._keeper.session.options.concurrency, time.monotonic()))
        except WarciteError as error:
            self._keeper.stop(error)

    def close(self, reason: str) -> None:  # noqa: ARG002  # Scrapy's signature
        if self._alarm:
            self._alarm.cancel()

    def _set_alarm(self) -> None:
        """Ask the engine to come back when a waiting host is ready; its own heartbeat is 5 s apart."""
        ready_at = self._frontier.next_ready()
        if ready_at is None:
            return
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(max(0.01, ready_at - time.monotonic()), self.wake)

    def wake(self) -> None:
        # Scrapy has no public way to say "ask me again" without a request (2.19).
        slot = self._crawler.engine._slot
        if slot is not None:
            slot.nextcall.schedule()


def _no_url(target: Target, error: ValueError) -> Ending:
    return Ending(target.id, OutcomeWord.SKIPPED, Reason.BAD_URL, target.attempts + 1, now(), detail=str(error)[:300])
