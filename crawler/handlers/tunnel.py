# ruff: noqa: N802, N803 - the names are those of Twisted's interfaces
"""https through an HTTP proxy: CONNECT (RFC 9110, section 9.3.6), then TLS with the origin inside."""

from __future__ import annotations

import re
from typing import Any

from scrapy.core.downloader.handlers.http11 import TunnelError, _tunnel_request_data, _TunnelingAgent
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from twisted.web.client import URI

from crawler.handlers.endpoints import EndpointFactory, GuardedEndpoint
from crawler.handlers.tls import TlsPolicy

_ANSWER_LIMIT = 64 * 1024  # bytes of the proxy's answer
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.\d ([1-5]\d\d)([^\r\n]{0,200})")


class _Opening(Protocol):
    """Asks for the tunnel and reads the proxy's answer; what comes behind it belongs to TLS."""

    transport: Any

    def __init__(self, request: bytes, opened: Deferred[bytes]) -> None:
        self._request = request
        self._opened: Deferred[bytes] | None = opened
        self._answer = b""

    def connectionMade(self) -> None:
        self.transport.write(self._request)

    def dataReceived(self, data: bytes) -> None:
        self._answer += data
        end = _END.search(self._answer)
        status = _STATUS.match(self._answer)
        if end is not None and status is not None and status[1].startswith(b"2"):
            self._settle(self._answer[end.end() :])
        elif end is not None or len(self._answer) > _ANSWER_LIMIT:
            said = b"".join(status.groups()) if status is not None else self._answer[:200]
            self._settle(TunnelError(f"the proxy refused the tunnel: {said.decode('ascii', 'backslashreplace')!r}"))
            self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._settle(TunnelError(f"the proxy hung up before the tunnel was open: {reason.getErrorMessage()}"))

    def _settle(self, result: bytes | TunnelError) -> None:
        opened, self._opened = self._opened, None
        if opened is None:
            return
        if isinstance(result, bytes):
            opened.callback(result)
        else:
            opened.errback(Failure(result))


class TunnelEndpoint:
    """Connects to the origin behind a proxy; the bytes of CONNECT never reach the HTTP protocol."""

    def __init__(self, uri: URI, authorization: bytes | None, tls: TlsPolicy, to_proxy: GuardedEndpoint) -> None:
        self._uri = uri
        self._tls = tls
        self._to_proxy = to_proxy
        host = b"[" + uri.host + b"]" if b":" in uri.host else uri.host
        self._request = _tunnel_request_data(host.decode("ascii"), uri.port, authorization)

    def connect(self, protocolFactory: Any) -> Deferred[Any]:
        opened: Deferred[bytes] = Deferred(lambda deferred: deferred.errback(CancelledError()))
        factory = Factory.forProtocol(lambda: _Opening(self._request, opened))
        factory.noisy = False

        def wait(opening: _Opening) -> Deferred[Any]:
            return opened.addCallbacks(self._start_tls, self._abort, (opening, protocolFactory), {}, (opening,), {})

        return self._to_proxy.connect(factory).addCallback(wait)

    def _start_tls(self, behind: bytes, opening: _Opening, factory: Any) -> Any:
        transport: Any = opening.transport
        creator = self._tls.creatorForNetloc(self._uri.host, self._uri.port)
        tls = TLSMemoryBIOFactory(creator, True, factory).buildProtocol(transport.getPeer())
        transport.protocol = tls
        tls.makeConnection(transport)
        if behind:
            tls.dataReceived(behind)
        return tls.wrappedProtocol

    @staticmethod
    def _abort(failure: Failure, opening: _Opening) -> Failure:
        opening.transport.abortConnection()
        return failure


class TunnelAgent(_TunnelingAgent):
    """Scrapy's agent (one pool key per proxy and origin) over our endpoints."""

    def __init__(
        self, *, reactor: Any, proxy: URI, authorization: bytes | None, tls: TlsPolicy, pool: Any, endpoints: EndpointFactory
    ) -> None:
        super().__init__(reactor=reactor, proxyConf=(proxy.host.decode("ascii"), proxy.port, authorization), contextFactory=tls, pool=pool)
        self._proxy = proxy
        self._tls = tls
        self._endpointFactory: Any = endpoints

    def _getEndpoint(self, uri: URI) -> Any:
        return TunnelEndpoint(uri, self._proxyConf[2], self._tls, self._endpointFactory.tcp(self._proxy))
