"""Trouble on this side of the network, told from sites that are gone: it stops the crawl, and no target ends because of it.

A machine that is offline cannot reach any site; were each failure an ending, a whole digest would be written off for good.
"""

from __future__ import annotations

import asyncio
import errno
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError, IgnoreRequest
from twisted.internet.error import ConnectError

from archive.errors import InputError, LimitReached, WarciteError
from crawler.addresses import is_public
from crawler.lookup import NoAnswerError

AGAIN_SECONDS = 2.0  # until a target is tried again whose failure does not count
RECENT_SECONDS = 5.0  # after a success nobody asks whether there is a network
PROVEN_SECONDS = 30.0  # after a check neither
PROXY_FAILURES = 5  # in a row: connections to the proxy, or hosts for which it wants other credentials
_OURS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_AGAIN = "; what is left stays queued: run the same command again"


@dataclass(frozen=True, slots=True)
class Fetch:
    """What a request that ended says about the network."""

    host: str
    sent: bool = False  # there was a connection, and something was sent
    proxy: str | None = None
    ip: str | None = None
    port: int = 0
    status: int | None = None


class NotTheSitesFaultError(IgnoreRequest):
    """The fetch failed, and it does not count."""


class Checks(Protocol):
    """Ways to find out whether there is a network, without asking anybody who would not be asked anyway."""

    def has_route(self) -> bool: ...
    def answers(self, name: str) -> Awaitable[bool]: ...
    def connects(self, ip: str, port: int) -> Awaitable[bool]: ...


class Outage:
    """Told of every fetch; ``stop`` is called once, with what is wrong and what to do."""

    def __init__(self, stop: Callable[[WarciteError], None], checks: Checks, clock: Callable[[], float] = monotonic) -> None:
        self._stop = stop
        self._checks = checks
        self._clock = clock
        self._worked_at = self._proven_at = float("-inf")
        self._good: deque[tuple[str, int]] = deque(maxlen=3)  # public sites that answered last: different addresses
        self._proxy_failures = 0
        self._refused_by_proxy: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def answered(self, fetch: Fetch) -> bool:
        """An answer came; true when it is (or may be) only the proxy's, that wants other credentials: then it does not count."""
        if fetch.proxy and fetch.status == 407:
            return self._refused(fetch)
        self._worked_at = self._clock()
        self._proxy_failures = 0
        self._refused_by_proxy.clear()
        site = (fetch.ip or "", fetch.port)
        if is_public(site[0]) and site not in self._good:
            self._good.append(site)
        return False

    def excuses(self, fetch: Fetch, error: BaseException) -> bool:
        """Whether a failure is (or may be) none of the site's: then the target is to be tried again and its attempt does not count."""
        if trouble := _own_trouble(error):
            self._stop(trouble)
            return True
        if fetch.proxy:
            return self._proxy_failed(fetch, error)
        unanswered = isinstance(error, NoAnswerError)
        unreachable = isinstance(error, ConnectError) or (isinstance(error, DownloadTimeoutError) and not fetch.sent)
        if not (unanswered or unreachable) or self._is_settled(unanswered=unanswered):
            return False
        if not unanswered and len(self._good) < 2:
            return self._offline(f"there is no route to {fetch.host}") if isinstance(error, ConnectError) else False
        if self._offline(f"no name server can be reached to ask for {fetch.host}"):
            return True
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._check(fetch.host if unanswered else None))
        return True

    def _is_settled(self, *, unanswered: bool) -> bool:
        """Whether it is known well enough that there is a network."""
        now = self._clock()
        if now < self._worked_at + RECENT_SECONDS or now < self._proven_at + PROVEN_SECONDS:
            return True
        # All that answered is on this machine or its network: names of the world may not be for it to know.
        return unanswered and not self._good and self._worked_at > float("-inf")

    def _offline(self, what: str) -> bool:
        """Stop where this machine has no way out at all. Not where something was reached: that may be all it is meant to reach."""
        if self._worked_at > float("-inf") or self._checks.has_route():
            return False
        self._stop(LimitReached(f"no network: {what}{_AGAIN}"))
        return True

    async def _check(self, unanswered: str | None) -> None:
        """A name is nobody's fault on this side when its top-level domain can be looked up, nor is a site when others are reachable."""
        top = (unanswered or "").rstrip(".").rpartition(".")[2]
        try:
            if top and not await self._checks.answers(f"{top}."):
                self._stop(LimitReached(f"no network: no name server answers, for {unanswered} or any other name{_AGAIN}"))
            elif len(self._good) > 1 and not any([await self._checks.connects(ip, port) for ip, port in self._good]):
                self._stop(LimitReached(f"no network: sites that answered a while ago are not reachable any more{_AGAIN}"))
        finally:
            self._proven_at = self._clock()
            self._task = None

    def _proxy_failed(self, fetch: Fetch, error: BaseException) -> bool:
        if "407" in str(error)[:80] and type(error).__name__ == "TunnelError":
            return self._refused(fetch)
        if fetch.sent or not isinstance(error, ConnectError | DownloadConnectionRefusedError | CannotResolveHostError):
            return False
        self._proxy_failures += 1
        if self._proxy_failures >= PROXY_FAILURES:
            self._stop(LimitReached(f"the proxy {fetch.proxy} cannot be reached ({error}){_AGAIN}"))
        return True

    def _refused(self, fetch: Fetch) -> bool:
        """A site behind the proxy could send this too, so it takes several, and none that answered otherwise."""
        if fetch.host in self._refused_by_proxy or self._worked_at > float("-inf"):
            return False
        self._refused_by_proxy.add(fetch.host)
        if len(self._refused_by_proxy) == PROXY_FAILURES:
            self._stop(InputError(f"the proxy {fetch.proxy} does not take its user name and password (407): see http_proxy, https_proxy"))
        return True


def _own_trouble(error: BaseException) -> WarciteError | None:
    """What this process has run out of, anywhere in the chain of causes."""
    numbers = {getattr(one, "errno", None) or getattr(one, "osError", None) for one in _causes(error)}
    if numbers & {errno.EMFILE, errno.ENFILE}:
        return LimitReached(f"too many open files: raise the limit (ulimit -n) or lower --concurrency{_AGAIN}")
    if numbers & _OURS:
        return LimitReached(f"no memory left for connections{_AGAIN}")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
