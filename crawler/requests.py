"""What a Scrapy request carries for us, behind functions: `Request.meta` is read and written nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urldefrag, urlsplit, urlunsplit

from scrapy import Request
from twisted.python.failure import Failure

from archive.model import Capture, Exchange, Target
from archive.urls import MAX_URI


def request_for(target: Target, errback: Callable[[Failure], object]) -> Request:
    """The first request of a target: its address as cited, without fragment and credentials. Raises `ValueError` when it is no URL."""
    return Request(fetch_url(target.url), meta={"target": target}, errback=errback, dont_filter=True)


def fetch_url(url: str) -> str:
    """The part of an address that goes over the wire: user-info is a secret, a fragment is the reader's.

    Raises `ValueError` for what is no URL, and for one that is too long to be recorded.
    """
    url = urldefrag(url)[0]
    if len(url) > MAX_URI:
        raise ValueError(f"an address of {len(url)} characters; the limit is {MAX_URI}")
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def target_of(request: Request) -> Target | None:
    """The target a request works for; None for robots.txt and others of our own."""
    return cast("Target | None", request.meta.get("target"))


def exchange_of(request: Request) -> Exchange | None:
    """The exchange of this very request: a redirect inherits the `meta` of the hop before, which is not its own."""
    exchange = cast("Exchange | None", request.meta.get("exchange"))
    return exchange if exchange and exchange.url == urldefrag(request.url)[0] else None


def keep_capture(request: Request, capture: Capture) -> None:
    request.meta["capture"] = (request.url, capture)


def capture_of(request: Request) -> Capture | None:
    """Where this very request's exchange is kept; None when nothing went over the wire."""
    url, capture = cast("tuple[str, Capture | None]", request.meta.get("capture", ("", None)))
    return capture if url == request.url else None


def hops_of(request: Request) -> list[str]:
    """Addresses that redirected to this one, first to last."""
    return cast("list[str]", request.meta.get("redirect_urls", []))
