"""Scrapy's redirects, without a Referer: an archive visits as a stranger, and which page led where is in the WARC."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.http import Response


class RedirectMiddleware(ScrapyRedirectMiddleware):
    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002  # Scrapy's signature
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Scrapy's looks for its Referer middleware and warns that it is off, which is on purpose."""
