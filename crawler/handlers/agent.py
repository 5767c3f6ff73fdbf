"""One request through Scrapy's agent: our pool, endpoints, deadline and limit."""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import signals
from scrapy.core.downloader.handlers.http11 import (
    _BindAddressAgent,
    _RequestBodyProducer,
    _ResponseReader,
    _ScrapyAgent,
    _ScrapyProxyAgent,
)
from scrapy.exceptions import NotSupported
from scrapy.utils._download_handlers import check_stop_download, normalize_bind_address
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.url import add_http_if_no_scheme
from twisted.internet.defer import Deferred
from twisted.web.client import URI, Agent
from twisted.web.http_headers import Headers as TxHeaders

from crawler.handlers.endpoints import Destinations, EndpointFactory
from crawler.handlers.tls import TlsPolicy
from crawler.handlers.tunnel import TunnelAgent
from crawler.handlers.wire import RequestPool, Tape, WirePool

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

T = TypeVar("T")

_USER_INFO = re.compile(r"^([a-z]+://)[^/?#]*@", re.IGNORECASE)


def wire_url(request: Request) -> str:
    """The address as it is asked for: without fragment, and without user name and password, which nothing may keep."""
    return _USER_INFO.sub(r"\1", request.url.partition("#")[0])


class WireAgent(_ScrapyAgent):
    """Serves one request. ``tapes`` holds its exchange as soon as there is a connection."""

    def __init__(
        self,
        *,
        crawler: Crawler,
        pool: WirePool,
        tls: TlsPolicy,
        destinations: Destinations,
        bind_address: str | tuple[str, int] | None,
        maxsize: int,
    ) -> None:
        super().__init__(contextFactory=tls, bindAddress=bind_address, pool=pool, crawler=crawler, maxsize=maxsize)
        self._wire_pool = pool
        self.tapes: list[Tape] = []
        self.expired = False
        self.timeout = 0.0  # seconds for everything: name, connection, TLS, header, body
        self._tls = tls
        self._destinations = destinations
        self._limit = maxsize

    def download_request(self, request: Request) -> Deferred[Response]:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

        self.timeout = float(request.meta.get("download_timeout") or self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._limit = int(request.meta.get("download_maxsize", self._maxsize))
        agent = self._get_agent(request, self.timeout)
        headers = TxHeaders(request.headers)
        if isinstance(agent, TunnelAgent):
            headers.removeHeader(b"Proxy-Authorization")
        url = wire_url(request)
        body: Any = _RequestBodyProducer(request.body) if request.body else None
        answer: Deferred[Any] = agent.request(request.method.encode("ascii"), url.encode("ascii"), headers, body)
        answer.addCallback(self._cb_latency, request, monotonic())
        answer.addCallback(self._cb_bodyready, request)
        answer.addCallback(self._cb_bodydone, url)
        clock: Any = reactor
        deadline = clock.callLater(self.timeout, self._expire, answer)
        return answer.addBoth(self._stop_clock, deadline)

    def _stop_clock(self, result: T, deadline: Any) -> T:
        if deadline.active():
            deadline.cancel()
        return result

    def _expire(self, answer: Deferred[Response]) -> None:
        """The deadline passed: keep what came, or stop looking for a connection."""
        self.expired = True
        if self.tapes and self.tapes[-1].open:
            self.tapes[-1].cut("time")
        else:
            answer.cancel()

    def _new_tape(self) -> Tape:
        tape = Tape(self._limit)
        self.tapes.append(tape)
        return tape

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

        bind_address = normalize_bind_address(request.meta.get("bindaddress") or self._bindAddress)
        proxy = request.meta.get("proxy")
        pool: Any = RequestPool(self._wire_pool, self._new_tape)
        endpoints = EndpointFactory(reactor, self._tls, self._destinations, trusted=bool(proxy), timeout=timeout, bind_address=bind_address)
        if not proxy:
            agent = _BindAddressAgent(reactor, self._tls, timeout, bind_address, pool)
        else:
            address = add_http_if_no_scheme(proxy).encode("ascii")
            if urlparse_cached(request).scheme == "https":
                return self._tunnel_agent(request, URI.fromBytes(address), pool, endpoints)
            agent = _ScrapyProxyAgent(reactor, address, self._tls, timeout, bind_address, pool)
        agent._endpointFactory = endpoints
        return agent

    def _tunnel_agent(self, request: Request, proxy: URI, pool: Any, endpoints: EndpointFactory) -> TunnelAgent:
        if proxy.scheme == b"https":
            raise NotSupported("https pages through a proxy that itself speaks https: give the proxy as http://")
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

        authorization = request.headers.get(b"Proxy-Authorization")
        return TunnelAgent(reactor=reactor, proxy=proxy, authorization=authorization, tls=self._tls, pool=pool, endpoints=endpoints)

    def _cb_bodyready(self, txresponse: Any, request: Request) -> Any:
        """As in Scrapy, without its limit: it would throw away what came, here the tape cuts and keeps."""
        stop = check_stop_download(
            signals.headers_received,
            self._crawler,
            request,
            headers=self._headers_from_twisted_response(txresponse),
            body_length=txresponse.length,
        )
        if stop is not None or txresponse.length == 0:
            if stop is not None:
                txresponse._transport.stopProducing()
                txresponse._transport.loseConnection()
            return {
                "txresponse": txresponse,
                "stop_download": stop,
                "certificate": getattr(txresponse, "_scrapy_certificate", None),
                "ip_address": getattr(txresponse, "_scrapy_ip_address", None),
            }
        finished: Deferred[Any] = Deferred(lambda _: self._cancel(_, txresponse=txresponse))
        txresponse.deliverBody(
            _ResponseReader(
                finished=finished,
                txresponse=txresponse,
                request=request,
                maxsize=0,
                warnsize=0,
                fail_on_dataloss=False,
                crawler=self._crawler,
            )
        )
        return finished
