"""The spider that fetches nothing live: what an archive holds for dead waits in the ledger, and the second pass looks for it."""

from __future__ import annotations

from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.inputs import options_from_scrapy
from crawler.rescue.entry import open_rescue
from crawler.spiders.sources import SourcesSpider


class RescueSpider(SourcesSpider):
    """``scrapy crawl rescue [-a run=RUN] [-a store=URI]``; archives, threshold and rate come from the configuration file."""

    name = "rescue"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        session = open_rescue(options_from_scrapy(crawler, kwargs), kwargs.pop("run", None))
        crawler.signals.connect(session.close, signals.engine_stopped)
        return super().from_crawler(crawler, *args, session=session, **kwargs)
