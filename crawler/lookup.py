# ruff: noqa: N802, N803 - the names are those of Twisted's interfaces
"""Names to addresses: ``getaddrinfo`` with a deadline, in threads that nobody has to wait for.

Twisted runs look-ups in its one pool of threads and cannot end them: some thirty name servers that do not answer keep every other
name waiting, and the process from ending. Here each name that is being looked up has a thread of its own, and a request
waits for it only so long.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeAlias

from scrapy.exceptions import CannotResolveHostError
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

REMEMBERED_SECONDS = 600.0
MAX_THREADS = 256

_OF_THE_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
"""Answers about the name itself; all others (``EAI_AGAIN`` ...) say that nobody could be asked, or that nobody knew."""

Address: TypeAlias = "IPv4Address | IPv6Address"
Ask: TypeAlias = Callable[[str], Sequence[Any]]


class NoAnswerError(CannotResolveHostError):
    """No name server answered, or none could say: nothing is known about the name, and the fault may be on this side."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a look-up: addresses without port, or why there are none."""

    addresses: tuple[Address, ...] = ()
    failure: CannotResolveHostError | None = None


@implementer(IHostResolution)
class Resolution:
    """One look-up as its receiver sees it; ``failure`` is set when it is complete."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.failure: CannotResolveHostError | None = None

    def cancel(self) -> None:
        raise NotImplementedError


def _system(host: str) -> Sequence[Any]:
    return socket.getaddrinfo(host, 0, socket.AF_UNSPEC, socket.SOCK_STREAM)


@implementer(IHostnameResolver)
class Names:
    """An ``IHostnameResolver`` that remembers what it found for ten minutes. ``seconds`` is how long a request waits for an answer."""

    def __init__(self, reactor: Any, *, seconds: float = 20.0, kept: int = 10_000, ask: Ask = _system) -> None:
        self._reactor = reactor
        self._seconds = seconds
        self._kept = kept
        self._ask = ask
        self._known: OrderedDict[str, tuple[float, Answer]] = OrderedDict()
        self._waiting: dict[str, list[Callable[[Answer], None]]] = {}

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[Any]] | None = None,
        transportSemantics: str = "TCP",  # noqa: ARG002 - Twisted's signature
    ) -> Resolution:
        resolution = Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def complete(answer: Answer) -> None:
            resolution.failure = answer.failure
            for address in answer.addresses:
                if not addressTypes or isinstance(address, tuple(addressTypes)):
                    resolutionReceiver.addressResolved(type(address)("TCP", address.host, portNumber))
            resolutionReceiver.resolutionComplete()

        self.look_up(hostName, complete)
        return resolution

    def look_up(self, host: str, done: Callable[[Answer], None], *, fresh: bool = False) -> None:
        """Call ``done`` once, in the reactor's thread: at once when the answer is remembered (and ``fresh`` is not asked for)."""
        known = self._known.get(host)
        if known is not None and known[0] > monotonic() and not fresh:
            done(known[1])
        elif host not in self._waiting and len(self._waiting) >= MAX_THREADS:
            done(Answer(failure=NoAnswerError(f"{host}: {MAX_THREADS} names are waiting for their name servers already")))
        else:
            self._wait(host, done)

    def _wait(self, host: str, done: Callable[[Answer], None]) -> None:
        def once(answer: Answer) -> None:
            if deadline.active():
                deadline.cancel()
                done(answer)

        def expire() -> None:
            done(Answer(failure=NoAnswerError(f"{host}: no answer from any name server within {self._seconds:g} s")))

        deadline = self._reactor.callLater(self._seconds, expire)
        first = host not in self._waiting
        self._waiting.setdefault(host, []).append(once)
        if first:
            threading.Thread(target=self._run, args=(host,), name=f"look up {host}", daemon=True).start()

    def _run(self, host: str) -> None:
        answer = self._answer(host)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the crawl did not wait for this name
            self._reactor.callFromThread(self._answered, host, answer)

    def _answer(self, host: str) -> Answer:
        try:
            found = self._ask(host)
        except socket.gaierror as error:
            kind = CannotResolveHostError if error.errno in _OF_THE_NAME else NoAnswerError
            return Answer(failure=kind(f"{host}: {error.strerror}"))
        except (OSError, UnicodeError) as error:
            return Answer(failure=NoAnswerError(f"{host}: {error}"))
        addresses = dict.fromkeys((family, sockaddr[0]) for family, _, _, _, sockaddr in found)
        kinds: dict[Any, type[Address]] = {socket.AF_INET: IPv4Address, socket.AF_INET6: IPv6Address}
        return Answer(tuple(kinds[family]("TCP", str(ip), 0) for family, ip in addresses if family in kinds))

    def _answered(self, host: str, answer: Answer) -> None:
        if answer.addresses:
            self._known[host] = (monotonic() + REMEMBERED_SECONDS, answer)
            self._known.move_to_end(host)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        for done in self._waiting.pop(host, ()):
            done(answer)
