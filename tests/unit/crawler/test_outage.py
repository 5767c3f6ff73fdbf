"""When a failure is this side's fault: with checks and a clock that do as they are told."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from twisted.internet.error import ConnectBindError, ConnectError, NoRouteError

from archive.errors import InputError, LimitReached, WarciteError
from crawler.lookup import NoAnswerError
from crawler.outage import PROVEN_SECONDS, PROXY_FAILURES, RECENT_SECONDS, Fetch, Outage

SILENT = NoAnswerError("silent.example: Temporary failure in name resolution")
PROXY = "http://proxy.example:3128"


@dataclass
class World:
    """What the checks find, and what they were asked."""

    route: bool = True
    names: bool = True
    sites: bool = True
    now: float = 1000.0
    asked: list[str] = field(default_factory=list)
    stopped: list[WarciteError] = field(default_factory=list)

    def has_route(self) -> bool:
        return self.route

    async def answers(self, name: str) -> bool:
        self.asked.append(name)
        return self.names

    async def connects(self, ip: str, port: int) -> bool:
        self.asked.append(f"{ip}:{port}")
        return self.sites


def play(world: World, scene: Callable[[Outage], list[bool]]) -> list[bool]:
    """What the scene found, after all checks it set off have ended."""

    async def run() -> list[bool]:
        found = scene(Outage(world.stopped.append, world, lambda: world.now))
        while len(tasks := asyncio.all_tasks()) > 1:
            await asyncio.wait(tasks - {asyncio.current_task()})  # type: ignore[arg-type]
        return found

    return asyncio.run(run())


def test_offline_from_the_start_stops_at_the_first_silence() -> None:
    world = World(route=False)
    assert play(world, lambda outage: [outage.excuses(Fetch("a.example"), SILENT)]) == [True]
    assert isinstance(world.stopped[0], LimitReached)
    assert "no network" in str(world.stopped[0])
    assert world.asked == []


@pytest.mark.parametrize("names", [True, False])
def test_a_silent_name_is_its_own_fault_where_its_top_level_domain_answers(names: bool) -> None:
    world = World(names=names)
    assert play(world, lambda outage: [outage.excuses(Fetch("www.a.example"), SILENT) for _ in range(2)]) == [True, True]
    assert world.asked == ["example."]
    assert bool(world.stopped) != names


def test_after_a_check_failures_count_for_a_while() -> None:
    world = World()

    async def run() -> None:
        outage = Outage(world.stopped.append, world, lambda: world.now)
        for excused, later in ((True, 1), (False, PROVEN_SECONDS), (True, 0)):
            assert outage.excuses(Fetch("a.example"), SILENT) is excused
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            world.now += later

    asyncio.run(run())
    assert (world.asked, world.stopped) == (["example."] * 2, [])


def test_after_a_success_nobody_asks() -> None:
    world = World(route=False, names=False)

    def scene(outage: Outage) -> list[bool]:
        outage.answered(Fetch("good.example", sent=True, ip="93.184.215.14", port=443, status=404))
        world.now += RECENT_SECONDS - 0.1
        return [outage.excuses(Fetch("a.example"), SILENT)]

    assert play(world, scene) == [False]
    assert (world.asked, world.stopped) == ([], [])


def test_where_only_private_sites_answered_a_silent_name_is_its_own_fault() -> None:
    world = World(route=False, names=False)

    def scene(outage: Outage) -> list[bool]:
        outage.answered(Fetch("inside.example", sent=True, ip="127.0.0.1", port=80, status=200))
        world.now += RECENT_SECONDS + 1
        return [outage.excuses(Fetch("a.example"), SILENT)]

    assert play(world, scene) == [False]
    assert (world.asked, world.stopped) == ([], [])


@pytest.mark.parametrize("sites", [True, False])
def test_sites_that_answered_before_are_tried_when_others_do_not(sites: bool) -> None:
    world = World(sites=sites)

    def scene(outage: Outage) -> list[bool]:
        for ip in ("93.184.215.14", "93.184.215.15", "127.0.0.1", "93.184.215.15"):
            outage.answered(Fetch("good.example", sent=True, ip=ip, port=80, status=200))
        world.now += 60
        late = DownloadTimeoutError("late")
        return [outage.excuses(Fetch("a.example", sent=True), late), outage.excuses(Fetch("a.example"), late)]

    assert play(world, scene) == [False, True]
    assert world.asked[0] == "93.184.215.14:80"
    assert bool(world.stopped) != sites


def test_a_site_that_cannot_be_reached_is_its_own_fault_where_there_is_a_route() -> None:
    errors = (NoRouteError(101, "x"), ConnectError(113, "x"), DownloadTimeoutError("x"), DownloadConnectionRefusedError("x"))
    world = World()
    known = CannotResolveHostError("a.example: Name or service not known")
    assert play(world, lambda outage: [outage.excuses(Fetch("a.example"), e) for e in (*errors, known)]) == [False] * 5
    offline = World(route=False)
    assert play(offline, lambda outage: [outage.excuses(Fetch("a.example"), e) for e in errors]) == [True, True, False, False]


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS])
def test_what_the_process_has_run_out_of_is_found_in_the_chain_of_causes(number: int) -> None:
    world = World()
    deep = DownloadFailedError("x")
    deep.__cause__ = ConnectBindError(number, "x")
    loose = RuntimeError("x")
    loose.__context__ = OSError(number, "x")
    assert play(world, lambda outage: [outage.excuses(Fetch("a.example"), e) for e in (deep, loose)]) == [True, True]
    assert all(isinstance(error, LimitReached) for error in world.stopped)


def test_a_proxy_that_cannot_be_reached_stops_the_crawl_after_some_tries() -> None:
    world = World()
    fetch, refused = Fetch("a.example", proxy=PROXY), DownloadConnectionRefusedError("refused")

    def scene(outage: Outage) -> list[bool]:
        for _ in range(PROXY_FAILURES - 1):
            outage.excuses(fetch, refused)
        outage.answered(Fetch("a.example", sent=True, proxy=PROXY, status=502))
        first = [outage.excuses(fetch, refused) for _ in range(PROXY_FAILURES - 1)]
        assert world.stopped == []
        sent = Fetch("a.example", sent=True, proxy=PROXY)
        return [*first, outage.excuses(sent, refused), outage.excuses(fetch, TunnelError("502")), outage.excuses(fetch, refused)]

    assert play(world, scene) == [True] * (PROXY_FAILURES - 1) + [False, False, True]
    assert PROXY in str(world.stopped[0])


def test_other_credentials_are_wanted_by_the_proxy_when_every_site_seems_to_say_so() -> None:
    world = World()

    def scene(outage: Outage) -> list[bool]:
        asked = [Fetch(f"{n}.example", sent=True, proxy=PROXY, status=407) for n in range(PROXY_FAILURES - 1)]
        refused = TunnelError("the proxy refused the tunnel: '407 Proxy Authentication Required'")
        return [*map(outage.answered, asked), outage.answered(asked[0]), outage.excuses(Fetch("last.example", proxy=PROXY), refused)]

    assert play(world, scene) == [True] * (PROXY_FAILURES - 1) + [False, True]
    assert isinstance(world.stopped[0], InputError)


def test_a_site_behind_a_proxy_that_works_cannot_stop_the_crawl_with_407() -> None:
    world = World()

    def scene(outage: Outage) -> list[bool]:
        outage.answered(Fetch("good.example", sent=True, proxy=PROXY, status=200))
        return [outage.answered(Fetch(f"{n}.example", sent=True, proxy=PROXY, status=407)) for n in range(10)]

    assert play(world, scene) == [False] * 10
    assert world.stopped == []
