"""robots.txt by RFC 9309: fetched through the same recorder, 4xx allows everything, 5xx and unreachable allow nothing.

Crawl-delay is no part of the RFC, but hosts that write it mean it: it raises the host's delay, up to a minute.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.warc.http import decode_body, parse_http
from crawler.extensions.network import network_of
from crawler.outage import NotTheSitesFaultError
from crawler.requests import exchange_of

logger = logging.getLogger(__name__)

AGENT = "warcite"
"""Our product token (RFC 9309, section 2.2.1)."""

MAX_BYTES = 512 << 10  # RFC 9309 section 2.5 asks for at least 500 KiB
MAX_DELAY = 60.0  # seconds
HOSTS_KEPT = 2000
FAILURE_SECONDS = 60.0  # how long a robots.txt that could not be had is not asked for again
TRIES = 3  # in a row before that: a target's further attempts are real ones


class RobotsDisallowed(IgnoreRequest):
    """robots.txt forbids the address."""


class RobotsUnavailable(IgnoreRequest):
    """robots.txt could not be had, which means that nothing is allowed (RFC 9309, section 2.3.1.4)."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """One host's robots.txt: parsed, or why there is none; ``until`` is when a failure is forgotten (monotonic seconds)."""

    parser: Protego | None = None
    failure: Exception | None = None
    until: float = float("inf")
    failures: int = 0  # in a row


@dataclass(frozen=True, slots=True)
class Robots:
    """What a robots.txt says to us; ``delay`` is in seconds, 0 for none and `MAX_DELAY` at most."""

    parser: Protego
    delay: float


def parse_rules(body: bytes) -> Robots:
    """Read the first `MAX_BYTES` of a robots.txt. Never raises: what cannot be read allows everything."""
    parser = Protego.parse(body[:MAX_BYTES].decode("utf-8", "replace"))
    delay = parser.crawl_delay(AGENT) or 0.0
    return Robots(parser, min(delay, MAX_DELAY) if delay > 0 else 0.0)


class RobotsMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings.get("WARCITE_ROBOTS", "obey") == "ignore":
            raise NotConfigured
        self._crawler = crawler
        self._rules: OrderedDict[str, asyncio.Future[_Rules]] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots"):
            return
        rules = await self._rules_for(request.url)
        if rules.failure is not None:
            raise rules.failure
        if rules.parser is not None and not rules.parser.can_fetch(request.url, AGENT):
            raise RobotsDisallowed("forbidden by robots.txt")

    async def _rules_for(self, url: str) -> _Rules:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._rules.get(origin)
        if known is None or (known.done() and known.result().until < time.monotonic()):
            failures = known.result().failures if known else 0
            known = self._rules[origin] = asyncio.get_running_loop().create_future()
            known.set_result(await self._fetch(origin, parts.hostname or "", failures))
            self._forget_old()
        self._rules.move_to_end(origin)
        return await known

    def _forget_old(self) -> None:
        while len(self._rules) > HOSTS_KEPT and next(iter(self._rules.values())).done():
            self._rules.popitem(last=False)

    async def _fetch(self, origin: str, host: str, failures: int) -> _Rules:
        request = Request(f"{origin}/robots.txt", meta={"robots": True}, priority=1000, dont_filter=True, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  # whatever it was, it is the reason why nothing may be fetched
            if network_of(self._crawler).excuses(request, error):
                return _Rules(failure=NotTheSitesFaultError(str(error)), until=0.0, failures=failures)
            return _failed(error, failures)
        if network_of(self._crawler).answered(response.request or request, response.status):
            return _Rules(failure=NotTheSitesFaultError("the proxy wants other credentials"), until=0.0, failures=failures)
        if response.status >= 500 or response.status == 429 or any(f.startswith("truncated:time") for f in response.flags):
            return _failed(RobotsUnavailable(f"robots.txt answered {response.status}"), failures)
        if not 200 <= response.status < 300:
            return _Rules()
        robots = parse_rules(_body(response))
        self._slow_down(host, robots.delay)
        return _Rules(robots.parser)

    def _slow_down(self, host: str, delay: float) -> None:
        if delay <= self._crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0}
        if host in downloader.slots:
            downloader.slots[host].delay = delay


def _failed(error: Exception, failures: int) -> _Rules:
    """The first failures are forgotten at once: the next attempt of the same target asks again."""
    until = time.monotonic() + FAILURE_SECONDS if failures + 1 >= TRIES else 0.0
    return _Rules(failure=error, until=until, failures=failures + 1)


def _body(response: Response) -> bytes:
    """The body without its codings: Scrapy's own decompression is off, since pages stay as they came."""
    exchange = response.request and exchange_of(response.request)
    if not exchange:
        return response.body[:MAX_BYTES]
    return decode_body(parse_http(exchange.response), limit=MAX_BYTES).body[:MAX_BYTES]
