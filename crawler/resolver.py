"""Names are checked where they become addresses, so that what was checked is what is connected to (no DNS rebinding)."""

# ruff: noqa: N802, N803 - the names are those of Twisted's interfaces
from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from scrapy.exceptions import CannotResolveHostError
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.addresses import AllowedHosts, is_own, is_public, parse_allowed
from crawler.lookup import Names, Resolution

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

logger = logging.getLogger(__name__)

NameResolver: TypeAlias = Any
"""An ``IHostnameResolver``: to mypy zope's interfaces are no types."""

Refused = Callable[[str, str], None]
"""Told the host and the address that was left out."""

Failed = Callable[[CannotResolveHostError], None]
"""Told why there is no address at all."""


def _log_refused(host: str, address: str) -> None:
    logger.warning("%r resolves to %s, which is not a public address: not used", host, address)


def _no_word(_: CannotResolveHostError) -> None:
    """Who connects finds no address, and says so."""


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the addresses of one resolution that may be reached."""

    def __init__(self, receiver: Any, host: str, *, allowed: bool, refused: Refused, failed: Failed) -> None:
        self._receiver = receiver
        self._host = host
        self._allowed = allowed
        self._refused = refused
        self._failed = failed
        self._resolution: Any = None

    def resolutionBegan(self, resolution: Any) -> None:
        self._resolution = resolution
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        ip = str(getattr(address, "host", ""))
        if self._allowed or (is_public(ip) and not is_own(ip)):
            self._receiver.addressResolved(address)
        else:
            self._refused(self._host, ip)

    def resolutionComplete(self) -> None:
        if failure := getattr(self._resolution, "failure", None):
            self._failed(failure)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """``TWISTED_DNS_RESOLVER``: IPv4 and IPv6, without addresses that are not public. ``allowed=None`` lets every address through.

    Settings: ``WARCITE_ALLOW_PRIVATE`` (`crawler.addresses.parse_allowed`), ``DNSCACHE_SIZE``, ``DNS_TIMEOUT`` (seconds). It must be
    among the settings of the crawler *process*: Scrapy ignores a resolver in a spider's ``custom_settings`` without a word.
    """

    def __init__(
        self,
        reactor: ReactorBase,
        inner: NameResolver,
        allowed: AllowedHosts | None,
        refused: Refused = _log_refused,
        failed: Failed = _no_word,
    ) -> None:
        self.inner = inner
        self._reactor: Any = reactor
        self._allowed = allowed
        self._refused = refused
        self._failed = failed

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        seconds = min(settings.getfloat("DNS_TIMEOUT"), settings.getfloat("DOWNLOAD_TIMEOUT") / 2)  # else a request ends unexplained
        names = Names(reactor, seconds=seconds, kept=settings.getint("DNSCACHE_SIZE"))
        return cls(reactor, names, parse_allowed(settings.getlist("WARCITE_ALLOW_PRIVATE")))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[Any]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        if not _is_name(hostName):
            resolutionReceiver.resolutionBegan(Resolution(hostName))
            resolutionReceiver.resolutionComplete()
            return resolutionReceiver
        allowed = self._allowed is None or self._allowed.allows(hostName, portNumber)
        receiver = _PublicOnly(resolutionReceiver, hostName, allowed=allowed, refused=self._refused, failed=self._failed)
        return self.inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


def _is_name(host: str) -> bool:
    """Whether ``getaddrinfo`` takes it: on what it does not (a label over 63 bytes), Twisted's resolver fails without ever answering."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return "\0" not in host


def unguarded(resolver: NameResolver) -> NameResolver:
    """The resolver beneath the guard, for destinations the user named (a connect-to rule, a proxy)."""
    return resolver.inner if isinstance(resolver, GuardedResolver) else resolver
