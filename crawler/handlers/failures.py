"""What went wrong with a request, in words for the report and in classes for the outcome."""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached
from service_identity import VerificationError
from twisted.internet.defer import CancelledError
from twisted.internet.error import ConnectionClosed
from twisted.python.failure import Failure
from twisted.web._newclient import _WrapperException

from crawler.addresses import PrivateAddressError
from crawler.handlers.wire import HEADER_LIMIT, Tape


class PrivateAddressIgnored(PrivateAddressError, IgnoreRequest):
    """What the guard says, as Scrapy has it: a request that is not made is no failure to try again or to log."""


class TlsError(DownloadFailedError):
    """The TLS handshake failed: nothing of HTTP was sent."""


class ProtocolError(DownloadFailedError):
    """The answer is not HTTP, or HTTP that cannot be read: a header section without end, no status line."""


def explain(error: Exception, tape: Tape | None, request: Request, *, timed_out: float | None) -> Exception:
    """The failure to raise instead of ``error``; ``timed_out`` is the deadline in seconds if it passed."""
    host = urlparse_cached(request).hostname
    if timed_out is not None:
        return DownloadTimeoutError(f"{host}: no whole response header within {timed_out:g} seconds")
    cause: Any = error.__cause__
    if tape is None or not isinstance(cause, _WrapperException):
        return error
    if not tape.on_wire:
        return TlsError(f"TLS with {host} failed: {_tls_reason(cause.reasons) or 'the connection was lost'}")
    if tape.truncated == "length":
        return ProtocolError(f"{host}: no end of the response header after {min(tape.size, HEADER_LIMIT)} bytes")
    reasons = "; ".join(reason.getErrorMessage() for reason in cause.reasons)
    if all(reason.check(ConnectionClosed, CancelledError) for reason in cause.reasons):
        return DownloadFailedError(f"{host}: connection lost after {tape.size} bytes, before the response header ended: {reasons}")
    return ProtocolError(f"{host}: not HTTP that can be read: {reasons}")


def _tls_reason(reasons: list[Failure]) -> str | None:
    """What OpenSSL or the check of the name has against the peer, in one line; ``None`` when it is nothing of TLS."""
    for reason in reasons:
        error: Any = reason.value
        if isinstance(error, VerificationError):
            return "the certificate is not for this host"
        if isinstance(error, SSL.Error):
            lines = error.args[0] if error.args and isinstance(error.args[0], list) else []
            return "; ".join(str(line[-1]) for line in lines) or "the peer broke off the handshake"
    return None
