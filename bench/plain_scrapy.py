"""Scrapy as it comes, fetching a list and keeping nothing: ``plain_scrapy.py URLS``; prints how many pages came."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess


class Plain(scrapy.Spider):
    name = "plain"
    pages = 0
    urls = tuple(Path(sys.argv[1]).read_text().split())

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: scrapy.http.Response) -> None:
        Plain.pages += response.status == 200 and len(response.body) > 0


if __name__ == "__main__":
    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "WARNING",
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "COOKIES_ENABLED": False,  # its middleware asks the network for the public suffix list
        }
    )
    process.crawl(Plain)
    process.start()
    print(Plain.pages)
