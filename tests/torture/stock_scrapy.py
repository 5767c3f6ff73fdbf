"""Scrapy as it comes: ``python -m tests.torture.stock_scrapy URLS JOBDIR|- FEED`` fetches a list and feeds one item a page."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess


class Stock(scrapy.Spider):
    name = "stock"

    async def start(self) -> AsyncIterator[Any]:
        for url in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
            try:
                yield scrapy.Request(url)
            except ValueError:
                self.logger.info("not an address: %r", url)

    def parse(self, response: scrapy.http.Response) -> Any:
        yield {"url": response.url, "status": response.status}


def main(urls: str, jobdir: str, feed: str) -> None:
    """Defaults, but for what would leave this machine (the cookie jar asks for the public suffix list) and for time-outs."""
    settings: dict[str, Any] = {
        "LOG_LEVEL": "ERROR",
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": 5,
        "RETRY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "FEEDS": {feed: {"format": "jsonlines", "overwrite": False}},
    }
    if jobdir != "-":
        settings["JOBDIR"] = jobdir
    process = AsyncCrawlerProcess(settings)
    process.crawl(Stock)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
