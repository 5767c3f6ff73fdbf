"""What a Scrapy request carries for us, behind functions: `Request.meta` is read and written nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urldefrag, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from archive.model import Capture, Exchange, Target, Via
from archive.urls import MAX_URI
from archive.warc.revisits import KeptPage
from crawler.rescue.source import Question


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


def expect(request: Request, page: KeptPage | None) -> None:
    """Note what the answer may turn out to be, and ask for it on the page's conditions; None takes back what a redirect inherits."""
    for name in ("If-None-Match", "If-Modified-Since"):
        request.headers.pop(name, None)
    request.meta["kept_page"] = page
    for name, value in page.conditions if page else ():
        request.headers[name] = value.encode("latin-1")


def kept_page_of(request: Request) -> KeptPage | None:
    """The page that is kept of this very request's address, where there is one that its answer may repeat."""
    return cast("KeptPage | None", request.meta.get("kept_page"))


def archive_request(question: Question, slot: str, *, ask_robots: bool = False) -> Request:
    """A question to a web archive. Redirects are not followed: where they lead is for the rescue to judge.

    The robots.txt of a configured archive is not asked: its interface is for programs, and has limits of its own, which are kept.
    """
    meta = {"archive": True, "dont_redirect": True, "download_slot": slot, **({} if ask_robots else {"robots": True})}
    return Request(fetch_url(question.url), headers=dict(question.headers), meta=meta, callback=NO_CALLBACK, dont_filter=True)


def copy_request(question: Question, target: Target, via: Via, *, ask_robots: bool = False) -> Request:
    """A request for a copy of a target's page. The archive's host has the slot, and with it the crawl's delay."""
    request = archive_request(question, urlsplit(question.url).hostname or "", ask_robots=ask_robots)
    request.meta.update({"rescues": target, "via": via})
    return request


def is_to_archive(request: Request) -> bool:
    return bool(request.meta.get("archive"))


def rescued_by(request: Request) -> Target | None:
    """The target of which the answer may be a copy."""
    return cast("Target | None", request.meta.get("rescues"))


def via_of(request: Request) -> Via:
    """How an answer comes to us."""
    return cast("Via", request.meta.get("via", Via()))
