"""Who keeps the exchanges: the door between the network and the spool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import scrapy
from scrapy.exceptions import NotConfigured

from archive.model import Exchange

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@runtime_checkable
class Recorder(Protocol):
    def record(self, exchange: Exchange, request: scrapy.Request) -> None:
        """Keep one exchange. Called once for each, before any middleware or spider sees the response.

        What it raises ends the request with that error.
        """


def find_recorder(crawler: Crawler) -> Recorder:
    """The crawl's recorder: the first enabled extension that has a ``record`` method. Raises `NotConfigured`."""
    extensions: tuple[object, ...] = crawler.extensions.middlewares
    for extension in extensions:
        if isinstance(extension, Recorder):
            return extension
    raise NotConfigured("no recorder: the crawl would fetch pages and keep none; enable an extension with record(exchange, request)")
