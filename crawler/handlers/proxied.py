"""The guard where a proxy resolves and connects: what can be known here is looked at before the proxy is asked."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from scrapy.exceptions import CannotResolveHostError
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

from crawler.addresses import AllowedHosts, PrivateAddressError, is_own, is_private_name, is_public, parse_host_literal
from crawler.lookup import NoAnswerError
from crawler.resolver import NameResolver

logger = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
BLIND_AFTER = 3  # names without an answer, before any had one


class ProxiedNames:
    """Names of pages behind a proxy, looked up here first: one that has an address that is not public is refused.

    The proxy looks the name up again, so this is no more than what can be done from here: names that only the proxy knows are its
    own matter, but for those that mean nothing in public. Where no name server answers at all (the proxy may be the only way out),
    looking up is given up.
    """

    def __init__(self, allowed: AllowedHosts) -> None:
        self._allowed = allowed
        self._unanswered: set[str] | None = set()  # None once a name server has answered

    async def check(self, resolver: NameResolver, host: str, port: int) -> None:
        """Raises `PrivateAddressError`."""
        if self._allowed.allows(host, port) or parse_host_literal(host) is not None:
            return
        if is_private_name(host):
            raise PrivateAddressError(host, "a name of a private network")
        if self._unanswered is not None and len(self._unanswered) >= BLIND_AFTER:
            return
        found = await _addresses(resolver, host)
        if isinstance(found, CannotResolveHostError):
            self._note(host, found)
            return
        self._unanswered = None
        inside = next((ip for ip in found if not is_public(ip) or is_own(ip)), None)
        if inside is not None:
            raise PrivateAddressError(host, inside)

    def _note(self, host: str, failure: CannotResolveHostError) -> None:
        if not isinstance(failure, NoAnswerError):
            self._unanswered = None
        elif self._unanswered is not None:
            self._unanswered.add(host)
            if len(self._unanswered) == BLIND_AFTER:
                logger.info("no name server answers here: which addresses the proxy connects to is left to the proxy")


async def _addresses(resolver: NameResolver, host: str) -> list[str] | CannotResolveHostError:
    answered: asyncio.Future[list[str] | CannotResolveHostError] = asyncio.get_running_loop().create_future()
    resolver.resolveHostName(_Collector(host, answered), host)
    try:
        return await asyncio.wait_for(answered, WAIT_SECONDS)
    except TimeoutError:
        return NoAnswerError(f"{host}: no answer from any name server within {WAIT_SECONDS:g} s")


@implementer(IResolutionReceiver)
class _Collector:
    def __init__(self, host: str, answered: asyncio.Future[list[str] | CannotResolveHostError]) -> None:
        self._host = host
        self._answered = answered
        self._found: list[str] = []
        self._resolution: Any = None

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's names
        self._resolution = resolution

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._found.append(str(getattr(address, "host", "")))

    def resolutionComplete(self) -> None:  # noqa: N802
        if not self._answered.done():
            failure = getattr(self._resolution, "failure", None)
            self._answered.set_result(self._found or failure or CannotResolveHostError(self._host))
