"""Conditional requests: a recrawl asks for what has changed since the last capture, and keeps nothing twice (RFC 9110 section 13)."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.errors import WarciteError
from archive.index.previous import PreviousPages
from archive.model import Target
from archive.spool.seeds import InputTarget
from archive.warc.revisits import KeptPage
from crawler.keeper import Keeper
from crawler.requests import expect, target_of
from crawler.session import SOURCES_JOB

logger = logging.getLogger(__name__)


class ConditionalMiddleware:
    """Before each hop of a target: whether its address has a page in the archive, which is read now, so that it is known to be there.

    A crawl asks so for its inputs only: its sources are fetched once.
    """

    def __init__(self, pages: PreviousPages, *, sources: bool) -> None:
        self._pages = pages
        self._sources = sources

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        keeper = crawler.get_extension(Keeper)
        if keeper is None or keeper.session.previous is None:
            raise NotConfigured
        return cls(keeper.session.previous, sources=keeper.session.job != SOURCES_JOB)

    async def process_request(self, request: Request) -> None:
        """Input pages too: one that has not changed is read from its last capture (`crawler.seeds.desk`)."""
        target = target_of(request)
        if target is not None:
            expect(request, await self._page(target, request.url))

    async def _page(self, target: Target, url: str) -> KeptPage | None:
        """A page that cannot be read is fetched as if there were none: that costs bytes, and loses nothing."""
        if isinstance(target, InputTarget):
            found = self._pages.find_page(url)
        else:
            found = self._pages.find(target.key, url) if self._sources else None
        if found is None:
            return None
        try:
            return await asyncio.to_thread(self._pages.read, found)
        except WarciteError as error:
            logger.warning("%s is fetched whole: %s", url, error)
            return None
