"""The spider that fetches what digests cite. The ledger's scheduler feeds it; it gives every target its one ending."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Self, cast

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.model import Ending, Target
from archive.statuses import judge_revisit
from archive.times import now
from crawler.endings import RETRIED_REASONS, RETRIED_STATUSES, judge_response, retry_wait
from crawler.extensions.network import network_of
from crawler.failures import judge_failure
from crawler.inputs import session_from_scrapy
from crawler.keeper import Keeper
from crawler.outage import AGAIN_SECONDS, NotTheSitesFaultError
from crawler.requests import capture_of, exchange_of, target_of
from crawler.retry_after import retry_after
from crawler.session import Session

# At DEBUG they log whole requests, with signatures and session tokens.
for _name in ("boto3", "botocore", "s3transfer", "urllib3"):
    logging.getLogger(_name).setLevel(logging.INFO)


class SourcesSpider(scrapy.Spider):
    """``scrapy crawl sources -a input=DIGEST [-a kind=recrawl] [-a store=URI]``; the command line gives it a session instead."""

    name = "sources"

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        given = kwargs.pop("session", None)
        session = given or session_from_scrapy(crawler, kwargs)
        if given is None:
            crawler.signals.connect(session.close, signals.engine_stopped)
        return super().from_crawler(crawler, *args, session=session, **kwargs)

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the scheduler takes the targets from the ledger."""
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    def parse(self, response: Response, **_: Any) -> None:
        request = cast("Request", response.request)
        target = target_of(request)
        if target is None:
            return
        if network_of(self.crawler).answered(request, response.status):
            self._keeper.postpone(target, target.attempts, time.monotonic() + AGAIN_SECONDS)
            return
        exchange, capture = exchange_of(request), capture_of(request)
        if capture and capture.kind == "revisit":
            outcome, reason = judge_revisit(not_modified=response.status == 304)
        else:
            outcome, reason = judge_response(response.status, exchange.truncated if exchange else None, target.url, response.url)
        wait = retry_after(_header(response, "Retry-After"), now())
        if (response.status in RETRIED_STATUSES or reason in RETRIED_REASONS) and self._again(target, wait):
            return
        ending = Ending(target.id, outcome, reason, target.attempts + 1, now())
        self._keeper.end(target, replace(ending, http_status=_sane(response.status), final_url=response.url, capture=capture))

    def failed(self, failure: Failure) -> None:
        request = cast("Request", failure.request)  # type: ignore[attr-defined]  # set by Scrapy's scraper
        target = target_of(request)
        if target is None or failure.value is None:
            return
        error = failure.value
        if isinstance(error, NotTheSitesFaultError) or network_of(self.crawler).excuses(request, error):
            self._keeper.postpone(target, target.attempts, time.monotonic() + AGAIN_SECONDS)
            return
        exchange, capture = exchange_of(request), capture_of(request)
        outcome, reason = judge_failure(error, answered=bool(exchange and exchange.response))
        if reason in RETRIED_REASONS and self._again(target, None):
            return
        ending = Ending(target.id, outcome, reason, target.attempts + 1, now())
        status = capture.status if capture else None
        self._keeper.end(target, replace(ending, http_status=status, final_url=request.url, capture=capture, detail=_detail(failure)))

    def _again(self, target: Target, wait: float | None) -> bool:
        """Queue another attempt, unless all are used up."""
        attempts = target.attempts + 1
        if attempts > self.session.options.retries or self._keeper.fatal:
            return False
        self._keeper.postpone(target, attempts, time.monotonic() + retry_wait(attempts, wait))
        return True

    @property
    def _keeper(self) -> Keeper:
        keeper = self.crawler.get_extension(Keeper)
        if keeper is None:
            raise RuntimeError("the extension crawler.keeper.Keeper is not enabled")
        return keeper


def _sane(status: int) -> int | None:
    """The status code, when it is one: RFC 9110 section 15 knows three digits, servers know more."""
    return status if 100 <= status <= 999 else None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _detail(failure: Failure) -> str:
    return f"{type(failure.value).__name__}: {failure.value}"[:300]
