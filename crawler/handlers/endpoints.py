# ruff: noqa: N802 - the names are those of Twisted's interfaces
"""Where TCP connections go: connect-to rules, the guard, TLS by the name in the URL."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scrapy.exceptions import CannotResolveHostError
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure
from twisted.web.client import URI, _StandardEndpointFactory
from twisted.web.error import SchemeNotSupported

from archive.errors import InputError
from crawler.addresses import AllowedHosts, PrivateAddressError
from crawler.handlers.tls import TlsPolicy
from crawler.ports import BLOCKED, BlockedPortError
from crawler.resolver import GuardedResolver, NameResolver, unguarded

_RULE = re.compile(
    r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*):(?P<port>\d*):(?P<address>\[[^\[\]]*\]|[^:\[\]]*):(?P<address_port>\d*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One connect-to rule; an empty part on the left matches anything, on the right keeps what the URL says."""

    host: str
    port: int | None
    address: str
    address_port: int | None

    def matches(self, host: str, port: int) -> bool:
        return self.host in {"", _bare(host)} and self.port in {None, port}


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """Connect-to rules in the order given; the first that matches wins, as in curl."""

    rules: tuple[Rule, ...] = ()

    def resolve(self, host: str, port: int) -> tuple[str, int]:
        """Where to connect instead of ``host:port``."""
        rule = self._match(host, port)
        if rule is None:
            return host, port
        return rule.address or host, rule.address_port or port

    def names_address(self, host: str, port: int) -> bool:
        """Whether the user named the address for this destination: then it may be one that is not public."""
        rule = self._match(host, port)
        return rule is not None and rule.address != ""

    def _match(self, host: str, port: int) -> Rule | None:
        return next((rule for rule in self.rules if rule.matches(host, port)), None)


def parse_connect_to(rules: Sequence[str]) -> ConnectTo:
    """Rules as curl's ``--connect-to`` takes them: ``HOST:PORT:ADDR:PORT``, IPv6 in brackets. Raises `InputError`."""
    return ConnectTo(tuple(_parse_rule(rule) for rule in rules))


def _parse_rule(rule: str) -> Rule:
    match = _RULE.fullmatch(rule)
    if match is None or re.search(r"\s", rule):
        raise InputError(f"--connect-to {rule!r}: expected HOST:PORT:ADDR:PORT, for example www.example.org:443:127.0.0.1:8443")
    return Rule(_bare(match["host"]), _port(rule, match["port"]), _bare(match["address"]), _port(rule, match["address_port"]))


def _port(rule: str, text: str) -> int | None:
    if not text:
        return None
    if len(text) > 5 or not 0 < int(text) < 65536:
        raise InputError(f"--connect-to {rule!r}: {text} is not a port")
    return int(text)


def _bare(host: str) -> str:
    return host.removeprefix("[").removesuffix("]").lower()


class GuardedEndpoint(HostnameEndpoint):
    """Connects to the fastest address of a host that the guard lets through; a trusted host is not guarded."""

    def __init__(self, reactor: Any, host: str, port: int, *, allowed: AllowedHosts | None, timeout: float, bind_address: Any) -> None:
        self._allowed = allowed
        self._refused: list[tuple[str, str]] = []
        self._failed: list[CannotResolveHostError] = []
        super().__init__(reactor, host, port, timeout=timeout, bindAddress=bind_address)

    def _getNameResolverAndMaybeWarn(self, reactor: Any) -> NameResolver:
        inner = unguarded(super()._getNameResolverAndMaybeWarn(reactor))
        return GuardedResolver(
            reactor, inner, self._allowed, refused=lambda host, address: self._refused.append((host, address)), failed=self._failed.append
        )

    def connect(self, protocolFactory: Any) -> Deferred[Any]:  # noqa: N803
        self._refused.clear()
        self._failed.clear()
        return super().connect(protocolFactory).addErrback(self._explain)

    def _explain(self, failure: Failure) -> Failure:
        if failure.check(DNSLookupError):
            if self._refused:
                raise PrivateAddressError(*self._refused[0])
            if self._failed:
                raise self._failed[0] from failure.value
        if failure.check(ValueError):
            raise CannotResolveHostError(str(failure.value)) from failure.value
        return failure


@dataclass(frozen=True, slots=True)
class Destinations:
    """What the user said about where to connect: ``WARCITE_CONNECT_TO`` and ``WARCITE_ALLOW_PRIVATE``."""

    connect_to: ConnectTo
    allowed: AllowedHosts

    def check(self, host: str, port: int, *, proxied: bool) -> None:
        """What can be told from a URL alone. Raises `PrivateAddressError` for an address that is not public and `BlockedPortError`;
        a connect-to rule lifts that only where it is used: without a proxy.
        """
        if proxied or not self.connect_to.names_address(host, port):
            self.allowed.check_literal(host, port)
            if port in BLOCKED and not self.allowed.names(host, port):
                raise BlockedPortError(host, port)

    def endpoint(self, reactor: Any, host: str, port: int, *, trusted: bool, timeout: float, bind_address: Any) -> GuardedEndpoint:
        guard = None if trusted or self.connect_to.names_address(host, port) else self.allowed
        host, port = self.connect_to.resolve(host, port)
        return GuardedEndpoint(reactor, host, port, allowed=guard, timeout=timeout, bind_address=bind_address)


class EndpointFactory(_StandardEndpointFactory):
    """Twisted's endpoints, with connect-to and the guard. Server name and certificate check keep the URL's name."""

    def __init__(
        self, reactor: Any, tls: TlsPolicy, destinations: Destinations, *, trusted: bool, timeout: float, bind_address: Any
    ) -> None:
        super().__init__(reactor, tls, timeout, bind_address)
        self._tls = tls
        self._destinations = destinations
        self._trusted = trusted

    def endpointForURI(self, uri: URI) -> Any:
        if uri.scheme == b"http":
            return LazyEndpoint(lambda: self.tcp(uri))
        if uri.scheme == b"https":
            return LazyEndpoint(lambda: wrapClientTLS(self._tls.creatorForNetloc(uri.host, uri.port), self.tcp(uri)))
        raise SchemeNotSupported(f"Unsupported scheme: {uri.scheme!r}")

    def tcp(self, uri: URI) -> Any:
        return self._destinations.endpoint(
            self._reactor,
            _bare(uri.host.decode("ascii")),
            uri.port,
            trusted=self._trusted,
            timeout=self._connectTimeout,
            bind_address=self._bindAddress,
        )


class LazyEndpoint:
    """An endpoint that is made when it connects: most requests find an open connection and never do."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def connect(self, factory: Any) -> Deferred[Any]:
        connected: Deferred[Any] = self._make().connect(factory)
        return connected
