"""Questions to archives through the crawl itself: recorded, at the archive's rate, retried, and not asked twice.

A host that says 429 is left alone by every crawl of the machine, for as long as it says or a minute: who goes on is locked out at the
firewall, an hour at first. One that fails several times in a row is asked no more in this run.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.model import Target, Via
from archive.options import CrawlOptions
from archive.times import now
from archive.urls import host_of
from archive.warc.http import decode_body, parse_http
from crawler.extensions.network import network_of
from crawler.outage import AGAIN_SECONDS
from crawler.requests import archive_request, capture_of, copy_request, exchange_of
from crawler.rescue.answers import Answers
from crawler.rescue.archives import hosts_of
from crawler.rescue.cdx import is_blocked
from crawler.rescue.copies import Fetch, Fetched
from crawler.rescue.limiter import PAUSE_SECONDS, Limiter
from crawler.rescue.rescuer import GIVEN_UP_AFTER
from crawler.rescue.source import Answer, ArchiveUnavailable, Question
from crawler.retry_after import retry_after

RETRIED = frozenset({413, 421, 500, 502, 503, 504, 599})
"""As the client of the EDGI project retries, which is kept with the Internet Archive's engineers."""

_LONGEST_BACKOFF = 60.0  # seconds
_MAX_BODY = 64 << 20  # bytes of an answer without its codings


class Lookups:
    """``stopped`` says that the crawl is ending. Use as Ask and, bound to a target, as Fetch (`copies_of`)."""

    def __init__(self, crawler: Crawler, options: CrawlOptions, state: Path, stopped: Callable[[], bool]) -> None:
        self._crawler = crawler
        self._options = options
        self._state = state
        self._stopped = stopped
        self._known = hosts_of(options.archives)
        self._answers = Answers(state / "answers.sqlite", options.rescue_remember)
        self._limiters: dict[str, Limiter] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._failed: Counter[str] = Counter()

    def close(self) -> None:
        self._answers.close()

    # --- look-ups -------------------------------------------------------------------------------

    async def ask(self, question: Question) -> Answer:
        """One look-up, from what was answered before or at the archive's rate. Raises `ArchiveUnavailable`."""
        async with self._locks.setdefault(host_of(question.url), asyncio.Lock()):
            if (known := self._answers.get(question)) is not None:
                return known
            answer = await self._asked(question)
            if _is_worth_keeping(answer):
                self._answers.put(question, answer)
            return answer

    async def _asked(self, question: Question) -> Answer:
        host = host_of(question.url)

        def request() -> Request:
            return archive_request(question, f"look-ups at {host}")

        response, sent = await self._send(request, host, rated=True)
        return _answer(response, sent)

    # --- copies ---------------------------------------------------------------------------------

    def copies_of(self, target: Target) -> Fetch:
        """Requests for copies of one target's page; each answer is kept."""

        async def fetch(question: Question, via: Via) -> Fetched:
            host = host_of(question.url)

            def request() -> Request:
                return copy_request(question, target, via, ask_robots=host not in self._known)

            response, sent = await self._send(request, host, rated=False)
            capture = capture_of(sent)
            if capture is None:
                raise ArchiveUnavailable(f"the answer of {host} could not be kept")
            whole = not any(flag.startswith("truncated:") for flag in response.flags)
            return Fetched(_answer(response, sent), capture, whole)

        return fetch

    # --- both -----------------------------------------------------------------------------------

    async def _send(self, make: Callable[[], Request], host: str, *, rated: bool) -> tuple[Response, Request]:
        """An answer that says something: neither a failure nor a wish to be asked later."""
        if self._failed[host] >= GIVEN_UP_AFTER:
            raise ArchiveUnavailable(f"not asked: {host} did not answer before")
        limiter, why = self._limiter(host), ""
        for attempt in range(self._options.retries + 1):
            await (limiter.turn() if rated else limiter.open())
            if self._stopped():
                raise asyncio.CancelledError
            response, request, why = await self._once(make)
            if response is None:
                await asyncio.sleep(min(2.0**attempt, _LONGEST_BACKOFF))
            elif response.status == 429 and b"Memento-Datetime" not in response.headers:
                said = response.headers.get("Retry-After")
                limiter.stop_for(retry_after(said.decode("latin-1") if said else None, now()) or PAUSE_SECONDS)
            elif response.status in RETRIED and b"Memento-Datetime" not in response.headers:
                await asyncio.sleep(min(2.0**attempt, _LONGEST_BACKOFF))
            else:
                self._failed[host] = 0
                return response, request
        self._failed[host] += 1
        raise ArchiveUnavailable(f"{host}: {why}")

    async def _once(self, make: Callable[[], Request]) -> tuple[Response | None, Request, str]:
        """One request; a failure that may be this side's is not counted, and asked again."""
        network = network_of(self._crawler)
        while True:
            request = make()
            try:
                response = await self._crawler.engine.download_async(request)
            except IgnoreRequest as error:
                raise ArchiveUnavailable(f"not asked: {error}") from error
            except Exception as error:  # noqa: BLE001  # whatever it was, this archive did not answer
                if self._stopped() or not network.excuses(request, error):
                    return None, request, f"{type(error).__name__}: {error}"[:200]
            else:
                if self._stopped() or not network.answered(request, response.status):
                    return response, request, f"it answered {response.status}"
            await asyncio.sleep(AGAIN_SECONDS)

    def _limiter(self, host: str) -> Limiter:
        if host not in self._limiters:
            self._limiters[host] = Limiter(self._state, host, self._options.cdx_rate, time.time)
        return self._limiters[host]


def _is_worth_keeping(answer: Answer) -> bool:
    """Not a page for people where an answer for programs should be: it tells of trouble, which passes."""
    page = answer.headers.get("content-type", "").startswith("text/html") and "memento-datetime" not in answer.headers
    return answer.status in {404, 410} or 300 <= answer.status < 400 or is_blocked(answer) or (answer.status == 200 and not page)


def _answer(response: Response, request: Request) -> Answer:
    """What came, without its codings."""
    exchange = exchange_of(request)
    if exchange is None:
        raise ArchiveUnavailable(f"nothing is recorded of {request.url}")
    message = parse_http(exchange.response)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in reversed(message.headers)}
    return Answer(request.url, response.status, headers, decode_body(message, _MAX_BODY).body)
