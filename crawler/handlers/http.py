"""The download handler: fetches as Scrapy does and gives every exchange to the recorder, as it was on the wire."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from archive.model import Exchange
from crawler.addresses import PrivateAddressError, parse_allowed
from crawler.handlers.agent import WireAgent, wire_url
from crawler.handlers.endpoints import Destinations, parse_connect_to
from crawler.handlers.failures import PrivateAddressIgnored, explain
from crawler.handlers.proxied import ProxiedNames
from crawler.handlers.recorder import find_recorder
from crawler.handlers.tls import SharedTlsContext
from crawler.handlers.wire import Tape, WirePool
from crawler.resolver import unguarded

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_PROXY_CREDENTIALS = re.compile(rb"^proxy-authorization:[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)
_SCRAPY_TRUNCATION = frozenset({"dataloss", "partial"})


class WireDownloadHandler(HTTP11DownloadHandler):
    """``DOWNLOAD_HANDLERS`` for http and https.

    Every exchange of which something was sent goes to the recorder exactly once, also when it failed, and is in
    ``request.meta["exchange"]`` for callback and errback. A response that was cut (``DOWNLOAD_MAXSIZE`` bytes of the wire,
    ``DOWNLOAD_TIMEOUT`` seconds in all, a lost connection) still reaches the spider when its header section came whole:
    with the flag ``truncated:length``, ``truncated:time`` or ``truncated:disconnect``.

    Settings besides Scrapy's: ``WARCITE_CONNECT_TO``, ``WARCITE_ALLOW_PRIVATE``.

    Raises besides Scrapy's download exceptions `PrivateAddressIgnored`, `BlockedPortError`, `TlsError` and `ProtocolError`.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

        self._recorder = find_recorder(crawler)
        self._tls = build_from_crawler(SharedTlsContext, crawler)
        self._destinations = Destinations(
            parse_connect_to(crawler.settings.getlist("WARCITE_CONNECT_TO")),
            parse_allowed(crawler.settings.getlist("WARCITE_ALLOW_PRIVATE")),
        )
        self._proxied_names = ProxiedNames(self._destinations.allowed)
        persistent_per_host = self._pool.maxPersistentPerHost
        self._pool = self._wire_pool = WirePool(reactor, max_idle=_idle_connections())
        self._wire_pool.maxPersistentPerHost = persistent_per_host

    async def download_request(self, request: Request) -> Response:
        request.meta.pop("exchange", None)
        agent = WireAgent(
            crawler=self._crawler,
            pool=self._wire_pool,
            tls=self._tls,
            destinations=self._destinations,
            bind_address=self._bind_address,
            maxsize=self._default_maxsize,
        )
        try:
            await self._check_target(request)
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(agent.download_request(request))
        except PrivateAddressError as error:
            raise PrivateAddressIgnored(error.host, error.address) from error
        except (DownloadFailedError, DownloadCancelledError) as error:
            tape = agent.tapes[-1] if agent.tapes else None
            raise explain(error, tape, request, timed_out=agent.timeout if agent.expired else None) from error
        finally:
            self._record(agent.tapes, request)
            self._rest(request)
        return _flagged(response, request.meta.get("exchange"))

    async def _check_target(self, request: Request) -> None:
        url, proxied = urlparse_cached(request), bool(request.meta.get("proxy"))
        host, port = url.hostname or "", 443 if url.scheme == "https" else 80
        port = port if url.port is None else url.port
        self._destinations.check(host, port, proxied=proxied)
        if proxied:
            from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

            await self._proxied_names.check(unguarded(reactor.nameResolver), host, port)

    def _rest(self, request: Request) -> None:
        """The host's delay counts from the end of an exchange: from its beginning, a slow answer would be followed at once by the next."""
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            slot.lastseen = monotonic()

    def _record(self, tapes: Iterable[Tape], request: Request) -> None:
        for tape in tapes:
            tape.end("disconnect")
            if tape.sent and tape.on_wire:
                exchange = _exchange(tape, request)
                request.meta["exchange"] = exchange
                self._recorder.record(exchange, request)


def _idle_connections() -> int:
    """How many connections may wait for another request: a quarter of what the process may have open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 256 if files == resource.RLIM_INFINITY else max(8, min(256, files // 4))


def _exchange(tape: Tape, request: Request) -> Exchange:
    """The tape as a record. Through a proxy there is no address of the origin, and what opens the proxy is not kept."""
    proxied = bool(request.meta.get("proxy"))
    sent, response = b"".join(tape.sent), b"".join(tape.received)
    head, blank, body = sent.partition(b"\r\n\r\n")
    return Exchange(
        url=wire_url(request),
        request=_PROXY_CREDENTIALS.sub(b"", head + b"\r\n") + blank[2:] + body if proxied else sent,
        response=response,
        started_at=tape.started_at,
        elapsed=tape.elapsed,
        ip=None if proxied else tape.ip,
        protocol="http/1.0" if response.startswith(b"HTTP/1.0 ") else "http/1.1",
        tls=tape.tls,
        truncated=tape.truncated,
    )


def _flagged(response: Response, exchange: Exchange | None) -> Response:
    response.flags = [flag for flag in response.flags if flag not in _SCRAPY_TRUNCATION]
    if exchange is not None and exchange.truncated:
        response.flags.append(f"truncated:{exchange.truncated}")
    return response
