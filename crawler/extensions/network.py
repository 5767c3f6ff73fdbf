"""Is there a network at all? The extension that asks, and stops the crawl where there is none."""

from __future__ import annotations

import asyncio
import resource
import socket
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from archive.errors import WarciteError
from archive.urls import host_of
from crawler.keeper import Keeper
from crawler.lookup import Answer, Names, NoAnswerError
from crawler.outage import Fetch, Outage
from crawler.requests import exchange_of
from crawler.resolver import unguarded

CONNECT_SECONDS = 10.0


class Network:
    """Told of every fetch by the spider and by the robots middleware: see `crawler.outage.Outage`."""

    def __init__(self, crawler: Crawler) -> None:
        _raise_file_limit(crawler.settings.getint("CONCURRENT_REQUESTS"))
        self._crawler = crawler
        self._outage = Outage(self._stop, _Checks())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def answered(self, request: Request, status: int) -> bool:
        """Whether an answer does not count, since it is the proxy's own."""
        return self._outage.answered(_fetch(request, status))

    def excuses(self, request: Request, error: BaseException) -> bool:
        """Whether a failure does not count, since it is (or may be) none of the site's."""
        return self._outage.excuses(_fetch(request), error)

    def _stop(self, error: WarciteError) -> None:
        keeper = self._crawler.get_extension(Keeper)
        if keeper is not None:
            keeper.stop(error)


def _raise_file_limit(requests: int) -> None:
    """As many open files as the crawl may need, as far as the system lets a process ask for them."""
    wanted = 1024 + 4 * requests
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def network_of(crawler: Crawler) -> Network:
    network = crawler.get_extension(Network)
    if network is None:
        raise RuntimeError("the extension crawler.extensions.network.Network is not enabled")
    return network


def _fetch(request: Request, status: int | None = None) -> Fetch:
    url, exchange = urlparse_cached(request), exchange_of(request)
    return Fetch(
        host=host_of(request.url),
        sent=exchange is not None,
        proxy=request.meta.get("proxy"),
        ip=exchange.ip if exchange else None,
        port=url.port or (443 if url.scheme == "https" else 80),
        status=status,
    )


class _Checks:
    """`crawler.outage.Checks` by this machine's own means."""

    def has_route(self) -> bool:
        """Whether the kernel knows a way to the public Internet. Nothing is sent: the addresses are TEST-NET-1 and its IPv6 sister."""
        for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
            try:
                with socket.socket(family, socket.SOCK_DGRAM) as probe:
                    probe.connect((address, 9))
            except OSError:
                continue
            return True
        return False

    async def answers(self, name: str) -> bool:
        """Whether some name server has anything to say about a name, be it that it does not exist."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

        names = unguarded(reactor.nameResolver)
        if not isinstance(names, Names):
            return True
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        names.look_up(name, answered.set_result, fresh=True)
        return not isinstance((await answered).failure, NoAnswerError)

    async def connects(self, ip: str, port: int) -> bool:
        """Whether a site that answered before still takes a connection; nothing is asked of it."""
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(ip, port), CONNECT_SECONDS)
        except OSError:  # of which TimeoutError is one
            return False
        writer.close()
        return True
