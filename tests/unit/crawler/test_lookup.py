"""Looking names up, with a clock that stands still and name servers that do as they are told."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from scrapy.exceptions import CannotResolveHostError
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.task import Clock

from crawler.lookup import MAX_THREADS, Answer, Names, NoAnswerError

V4 = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 0))]
V6 = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:2800::1", 0, 0, 0))]


class Reactor(Clock):
    """What other threads want called waits here until the test calls it."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()

    def callFromThread(self, function: Callable[..., None], *arguments: Any) -> None:  # noqa: N802
        self._calls.put(lambda: function(*arguments))

    def take(self) -> None:
        self._calls.get(timeout=30)()


class Servers:
    """Answers a name once the test says so."""

    def __init__(self, answer: Sequence[Any] | Exception = V4) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.open = threading.Event()

    def __call__(self, host: str) -> Sequence[Any]:
        self.asked.append(host)
        self.open.wait(30)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def ready(answer: Sequence[Any] | Exception) -> Servers:
    servers = Servers(answer)
    servers.open.set()
    return servers


def failure(error: Exception) -> CannotResolveHostError | None:
    reactor, found = Reactor(), list[Answer]()
    Names(reactor, ask=ready(error)).look_up("a.example", found.append)
    reactor.take()
    return found[0].failure


def test_addresses_of_both_kinds_are_found_once_and_remembered() -> None:
    reactor, servers, found = Reactor(), ready([*V4, *V4, *V6]), list[Answer]()
    names = Names(reactor, ask=servers)
    names.look_up("a.example", found.append)
    reactor.take()
    names.look_up("a.example", found.append)
    assert servers.asked == ["a.example"]
    assert found == [Answer((IPv4Address("TCP", "93.184.215.14", 0), IPv6Address("TCP", "2606:2800::1", 0)))] * 2
    names.look_up("a.example", found.append, fresh=True)
    reactor.take()
    assert len(servers.asked) == 2


def test_who_asks_for_a_name_under_way_waits_for_the_same_answer() -> None:
    reactor, servers, found = Reactor(), Servers(), list[Answer]()
    names = Names(reactor, ask=servers)
    for _ in range(3):
        names.look_up("a.example", found.append)
    servers.open.set()
    reactor.take()
    assert (len(found), servers.asked) == (3, ["a.example"])
    assert reactor.getDelayedCalls() == []


def test_a_name_that_hangs_costs_its_own_request_only() -> None:
    reactor, servers = Reactor(), Servers()
    early, late = list[Answer](), list[Answer]()
    names = Names(reactor, seconds=20, ask=servers)
    names.look_up("slow.example", early.append)
    reactor.advance(19)
    assert early == []
    names.look_up("slow.example", late.append)
    reactor.advance(2)
    assert isinstance(early[0].failure, NoAnswerError)
    assert "20 s" in str(early[0].failure)
    servers.open.set()
    reactor.take()
    assert (len(early), late[0].failure) == (1, None)
    assert servers.asked == ["slow.example"]


def test_hanging_names_do_not_take_threads_without_end() -> None:
    reactor, servers, found = Reactor(), Servers(), list[Answer]()
    names = Names(reactor, ask=servers)
    for number in range(MAX_THREADS + 1):
        names.look_up(f"n{number}.example", found.append)
    assert [type(answer.failure) for answer in found] == [NoAnswerError]
    servers.open.set()
    for _ in range(MAX_THREADS):
        reactor.take()
    assert len(found) == MAX_THREADS + 1


def test_the_oldest_name_is_forgotten_first() -> None:
    reactor, servers = Reactor(), ready(V4)
    names = Names(reactor, kept=2, ask=servers)
    for host in ("a.example", "b.example", "c.example"):
        names.look_up(host, lambda _: None)
        reactor.take()
    for host in ("c.example", "b.example"):
        names.look_up(host, lambda _: None)
    assert len(servers.asked) == 3
    names.look_up("a.example", lambda _: None)
    reactor.take()
    assert len(servers.asked) == 4


def test_what_is_said_of_a_name_is_told_from_silence() -> None:
    for error in (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), socket.gaierror(socket.EAI_NODATA, "No address")):
        assert type(failure(error)) is CannotResolveHostError
    for silence in (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), socket.gaierror(socket.EAI_FAIL, "x"), OSError(24, "files")):
        assert type(failure(silence)) is NoAnswerError
    assert "a.example: Temporary failure" in str(failure(socket.gaierror(socket.EAI_AGAIN, "Temporary failure")))


def test_failures_are_not_remembered() -> None:
    reactor, servers = Reactor(), ready(socket.gaierror(socket.EAI_AGAIN, "x"))
    names = Names(reactor, ask=servers)
    for _ in range(2):
        names.look_up("a.example", lambda _: None)
        reactor.take()
    assert len(servers.asked) == 2
