"""Scrapy's redirects, without Referer and user-info: an archive visits as a stranger, and which page led where is in the WARC."""

from __future__ import annotations

import re
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.http import Response

from crawler.requests import fetch_url

_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class RedirectMiddleware(ScrapyRedirectMiddleware):
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """An address in another encoding than UTF-8 is asked for by the very bytes that the server sent."""
        location = response.headers.get("Location")
        if location and not _is_utf8(location):
            response.headers["Location"] = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte.group()[0], location)
        result: Request | Response = super().process_response(request, response)
        return result

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002  # Scrapy's signature
        request.headers.pop("Referer", None)

    def _build_redirect_request(self, source_request: Request, response: Response, *, url: str, **kwargs: Any) -> Request:
        """Raises `ValueError` where the address is none that can be fetched and recorded."""
        return super()._build_redirect_request(source_request, response, url=fetch_url(url), **kwargs)

    def _engine_started(self) -> None:
        """Scrapy's looks for its Referer middleware and warns that it is off, which is on purpose."""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
