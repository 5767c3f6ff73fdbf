# ruff: noqa: N802, N815 - the names are those of Twisted's interfaces
"""The tee: keeps what one request sent and every byte that came back, after TLS and before any parsing.

Twisted's HTTP/1.1 client has one response outstanding on a connection, so what comes belongs to the request that was sent
last. Its classes are private: ``scrapy`` is pinned to a minor, and ``tests/integration/test_wire.py`` is the alarm.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientProtocol, _LenientHTTPClientParser
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress, IHandshakeListener
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger, LogPublisher
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, Request, _contentLength
from twisted.web.client import HTTPConnectionPool, _HTTP11ClientFactory
from twisted.web.http import _MalformedChunkedDataError
from twisted.web.http_headers import InvalidHeaderName
from twisted.web.iweb import IResponse
from zope.interface import implementer

from archive.model import Truncated

HEADER_LIMIT = 256 * 1024
"""Bytes of a header section, interim (1xx) responses included; what browsers accept."""


class Tape:
    """One exchange as it happens: request and response bytes, times, peer."""

    def __init__(self, limit: int) -> None:
        self.limit = limit  # bytes of the response to keep; 0 for no limit
        self.sent: list[bytes] = []
        self.received: list[bytes] = []
        self.size = 0
        self.started_at = datetime.now(UTC)
        self.started = monotonic()
        self.elapsed = 0.0
        self.ip: str | None = None
        self.tls: str | None = None
        self.on_wire = True  # False while a TLS handshake still holds the request back
        self.open = True
        self.truncated: Truncated | None = None
        self.protocol: WireProtocol | None = None

    def restart_clock(self) -> None:
        self.started_at = datetime.now(UTC)
        self.started = monotonic()

    def keep(self, data: bytes) -> None:
        self.received.append(data)
        self.size += len(data)

    def cut(self, reason: Truncated) -> None:
        """End the exchange now: what came is kept, the connection is dropped."""
        if self.open and self.protocol is not None:
            self.truncated = reason
            self.protocol.give_up()

    def end(self, truncated: Truncated | None, surplus: int = 0) -> None:
        """The last ``surplus`` bytes came behind the end of the response: they are not part of it."""
        if not self.open:
            return
        self.open = False
        self.protocol = None
        self.truncated = self.truncated or truncated
        self.elapsed = monotonic() - self.started
        if surplus:
            self.received = [b"".join(self.received)[:-surplus]]


class _Tee:
    """A transport for writing one request that keeps what goes through."""

    def __init__(self, transport: Any, sent: list[bytes]) -> None:
        self._transport = transport
        self._sent = sent

    def write(self, data: bytes) -> None:
        self._sent.append(data)
        self._transport.write(data)

    def writeSequence(self, parts: list[bytes]) -> None:
        self.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


_to_nobody: Any = LogPublisher()


class _WireParser(_LenientHTTPClientParser):
    """Scrapy's parser, as lenient as browsers: an archive would rather have the page.

    No limit of 16 KiB for one header line, no log line for each interim response, and bad headers do not end the response.
    """

    MAX_LENGTH = 2 * HEADER_LIMIT
    _log = Logger(observer=_to_nobody)

    def headerReceived(self, name: bytes, value: bytes) -> None:
        with suppress(InvalidHeaderName):
            super().headerReceived(name, value)

    def allHeadersReceived(self) -> None:
        """A framing that cannot be read is none: the body ends with the connection (RFC 9112, section 6.3)."""
        codings = b",".join(self.connHeaders.getRawHeaders(b"Transfer-Encoding", ())).lower()
        self.connHeaders.removeHeader(b"Transfer-Encoding")
        if codings.rpartition(b",")[2].strip() == b"chunked":
            self.connHeaders.addRawHeader(b"Transfer-Encoding", b"chunked")
        try:
            _contentLength(self.connHeaders)
        except ValueError:
            self.connHeaders.removeHeader(b"Content-Length")
        super().allHeadersReceived()


@implementer(IHandshakeListener)
class WireProtocol(_LenientHTTP11ClientProtocol):
    """A connection whose exchanges are written to tapes."""

    transport: Any
    new_tape: Callable[[], Tape] | None = None
    tape: Tape | None = None
    handshaken = False
    _lost: Failure | None = None

    def handshakeCompleted(self) -> None:
        first, self.handshaken = not self.handshaken, True
        if first and self.tape is not None:
            self.tape.restart_clock()
            self._note_peer(self.tape)

    def request(self, request: Request) -> Deferred[IResponse]:
        if self._state != "QUIESCENT" or self.new_tape is None:
            return super().request(request)
        self.tape = tape = self.new_tape()
        tape.protocol = self
        self._note_peer(tape)
        vars(request)["writeTo"] = lambda transport: Request.writeTo(request, _Tee(transport, tape.sent))
        answered = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _WireParser
        return answered

    def _note_peer(self, tape: Tape) -> None:
        tape.ip = getattr(self.transport.getPeer(), "host", None)
        version = getattr(self.transport.getHandle(), "get_protocol_version_name", None)
        tape.on_wire = version is None or self.handshaken
        if version is not None and self.handshaken:
            tape.tls = version().lower().replace("tlsv", "tls/")

    def dataReceived(self, data: bytes) -> None:
        tape = self.tape
        if tape is None:
            self.drop()
            return
        room = tape.limit - tape.size if tape.limit else len(data)
        whole = len(data) <= room
        data = data if whole else data[:room]
        tape.keep(data)
        super().dataReceived(data)
        if not tape.open:
            if not whole:
                self.drop()
        elif not whole or (tape.size > HEADER_LIMIT and self._parser is not None and self._parser.state != BODY):
            tape.cut("length")

    def _finishResponse(self, rest: bytes) -> None:
        """The parser has read a whole response; ``rest`` came behind it, so the connection cannot be used again."""
        if rest and self._currentRequest is not None:
            self._currentRequest.persistent = False
        clean = self._lost is None or self._lost.check(ConnectionDone) is not None
        self._end(None if clean else "disconnect", len(rest))
        super()._finishResponse(rest)

    def _disconnectParser(self, reason: Failure) -> None:
        tape, decoder = self.tape, getattr(self._parser, "bodyDecoder", None)
        flooded = getattr(decoder, "state", None) == "TRAILER" and reason.check(_MalformedChunkedDataError) is not None
        super()._disconnectParser(reason)
        if tape is not None and tape is self.tape:
            self._end("length" if flooded else "disconnect")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._lost = reason
        super().connectionLost(reason)
        self._end("disconnect")

    def _end(self, truncated: Truncated | None, surplus: int = 0) -> None:
        tape, self.tape, self.new_tape = self.tape, None, None
        if tape is not None:
            tape.end(truncated, surplus)

    def give_up(self) -> None:
        """Drop the connection; a request under way fails, or its response ends here, and is not sent again."""
        self.transport.abortConnection()
        self._disconnectParser(Failure(CancelledError()))

    def drop(self) -> None:
        """Drop a connection on which no request is under way."""
        if self._state == "QUIESCENT":
            self._state = "ABORTING"
        self.transport.abortConnection()

    def is_quiet(self) -> bool:
        """Whether an idle connection has nothing to read: else it is closing, or carries bytes that would answer the next request."""
        try:
            self.transport.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except (AttributeError, OSError):
            pass
        return False


class WireFactory(_HTTP11ClientFactory):
    noisy = False

    def buildProtocol(self, addr: IAddress | None) -> WireProtocol:  # noqa: ARG002 - Twisted's signature
        return WireProtocol(self._quiescentCallback)


class WirePool(HTTPConnectionPool):
    """Persistent connections that are looked at before they are used again, not more of them than ``max_idle``.

    A crawl of many hosts leaves an idle connection at each: without a bound they would take all descriptors of the process.
    """

    _factory = WireFactory
    retryAutomatically = False  # an attempt is a matter of the ledger, after the host's delay

    def __init__(self, reactor: Any, max_idle: int = 256) -> None:
        super().__init__(reactor)
        self._max_idle = max_idle
        self._idle: dict[WireProtocol, Any] = {}  # the longest idle first, with the key of the pool; some are in use again or closed

    def _putConnection(self, key: Any, connection: WireProtocol) -> None:
        super()._putConnection(key, connection)
        self._idle.pop(connection, None)
        self._idle[connection] = key
        if len(self._idle) > 2 * self._max_idle:
            self._idle = {idle: at for idle, at in self._idle.items() if idle in self._timeouts}
        while len(self._timeouts) > self._max_idle:
            oldest = next(iter(self._idle))
            key = self._idle.pop(oldest)
            if timeout := self._timeouts.get(oldest):
                self._removeConnection(key, oldest)
                timeout.cancel()

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        for connection in self._connections.get(key, ()):
            if connection.is_quiet():
                break
            connection.drop()
        return super().getConnection(key, endpoint)


class RequestPool:
    """The pool as one request sees it: its connections write to its tapes."""

    persistent = True

    def __init__(self, pool: WirePool, new_tape: Callable[[], Tape]) -> None:
        self._pool = pool
        self._new_tape = new_tape

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        return self._pool.getConnection(key, endpoint).addCallback(self._bind)

    def _bind(self, connection: WireProtocol) -> WireProtocol:
        connection.new_tape = self._new_tape
        return connection
