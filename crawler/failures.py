"""Exceptions of a failed fetch, as reasons."""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionClosed, TCPTimedOutError

from archive.model import OutcomeWord, Reason
from crawler.addresses import PrivateAddressError
from crawler.handlers.failures import ProtocolError, TlsError
from crawler.middlewares.robots import RobotsDisallowed, RobotsUnavailable
from crawler.ports import BlockedPortError

_KINDS: tuple[tuple[type[BaseException], OutcomeWord, Reason], ...] = (
    (TlsError, OutcomeWord.ERROR, Reason.TLS),
    (ProtocolError, OutcomeWord.ERROR, Reason.PROTOCOL),
    (RobotsDisallowed, OutcomeWord.SKIPPED, Reason.ROBOTS),
    (RobotsUnavailable, OutcomeWord.SKIPPED, Reason.ROBOTS_UNAVAILABLE),
    (PrivateAddressError, OutcomeWord.SKIPPED, Reason.PRIVATE_ADDRESS),
    (BlockedPortError, OutcomeWord.SKIPPED, Reason.BAD_URL),
    (UnsupportedURLSchemeError, OutcomeWord.SKIPPED, Reason.SCHEME),
    (NotSupported, OutcomeWord.SKIPPED, Reason.SCHEME),
    (CannotResolveHostError, OutcomeWord.ERROR, Reason.DNS),
    (DownloadTimeoutError, OutcomeWord.ERROR, Reason.TIMEOUT),
    (DownloadConnectionRefusedError, OutcomeWord.ERROR, Reason.CONNECT),
    (DownloadCancelledError, OutcomeWord.ERROR, Reason.TOO_LARGE),
    (IgnoreRequest, OutcomeWord.ERROR, Reason.REDIRECTS),  # what is left of them: the redirect middleware gave up
    (DownloadFailedError, OutcomeWord.ERROR, Reason.DISCONNECTED),
    (ValueError, OutcomeWord.SKIPPED, Reason.BAD_URL),
    (TunnelError, OutcomeWord.ERROR, Reason.CONNECT),
    (TCPTimedOutError, OutcomeWord.ERROR, Reason.TIMEOUT),
    (ConnectionClosed, OutcomeWord.ERROR, Reason.DISCONNECTED),
    (ConnectError, OutcomeWord.ERROR, Reason.CONNECT),
    (OSError, OutcomeWord.ERROR, Reason.CONNECT),
)


def judge_failure(error: BaseException, answered: bool) -> tuple[OutcomeWord, Reason]:
    """The outcome of a fetch that did not reach a final response; ``answered``: the failure lies in what the server answered."""
    if answered and isinstance(error, ValueError):
        return OutcomeWord.ERROR, Reason.REDIRECTS  # a redirect to what is no address
    for kind, outcome, reason in _KINDS:
        if isinstance(error, kind):
            return outcome, reason
    return OutcomeWord.ERROR, Reason.INTERNAL
