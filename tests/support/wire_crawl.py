"""A Scrapy crawl in a process of its own over `WireDownloadHandler`, with a recorder that keeps a list.

`crawl` starts ``python -m tests.support.wire_crawl``; the child reads what to do as JSON and answers with JSON.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.shared import ROOT


@dataclass(frozen=True)
class Kept:
    """One exchange as the recorder got it."""

    url: str
    request: bytes
    response: bytes
    ip: str | None
    protocol: str
    tls: str | None
    truncated: str | None
    elapsed: float
    started_at: str


@dataclass(frozen=True)
class Ending:
    """How Scrapy ended one request: ``error`` is the class name for an errback, ``None`` for a callback."""

    url: str
    error: str | None
    detail: str
    status: int | None
    flags: tuple[str, ...]
    body: bytes
    headers: tuple[tuple[str, str], ...]
    meta_truncated: str | None
    meta_is_recorded: bool


@dataclass(frozen=True)
class Crawled:
    exchanges: tuple[Kept, ...]
    endings: tuple[Ending, ...]
    log: str

    def one(self, url: str) -> Kept:
        kept = [exchange for exchange in self.exchanges if exchange.url == url]
        assert len(kept) == 1, f"{url}: {len(kept)} exchanges\n{self.log}"
        return kept[0]

    def ending(self, url: str) -> Ending:
        ended = [ending for ending in self.endings if ending.url == url]
        assert len(ended) == 1, f"{url}: {len(ended)} endings\n{self.log}"
        return ended[0]


def crawl(
    urls: Sequence[str | dict[str, Any]],
    settings: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    names: Mapping[str, list[str]] | None = None,
    timeout: float = 300,
) -> Crawled:
    """Fetch in the order given, one at a time unless the settings say otherwise. ``names`` replaces DNS."""
    requests = [url if isinstance(url, dict) else {"url": url} for url in urls]
    job = json.dumps({"requests": requests, "settings": dict(settings or {}), "names": dict(names) if names is not None else None})
    clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "tests.support.wire_crawl"],
        input=job.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**clean, **(env or {})},
        timeout=timeout,
        check=False,
    )
    log = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, log
    answer = json.loads(done.stdout)
    exchanges = [{**row, "request": _bytes(row["request"]), "response": _bytes(row["response"])} for row in answer["exchanges"]]
    endings = [
        {**row, "body": _bytes(row["body"]), "flags": tuple(row["flags"]), "headers": tuple(map(tuple, row["headers"]))}
        for row in answer["endings"]
    ]
    return Crawled(tuple(Kept(**row) for row in exchanges), tuple(Ending(**row) for row in endings), log)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _child() -> None:
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response
    from twisted.internet._resolver import GAIResolver
    from twisted.python.failure import Failure

    from archive.model import Exchange
    from crawler.addresses import parse_allowed
    from crawler.resolver import GuardedResolver

    job = json.load(sys.stdin)
    exchanges: list[Exchange] = []
    endings: list[dict[str, Any]] = []

    class ListRecorder:
        def record(self, exchange: Exchange, request: scrapy.Request) -> None:
            exchanges.append(exchange)

    class FixedNames(GuardedResolver):
        @classmethod
        def from_crawler(cls, crawler: Any, reactor: Any) -> FixedNames:
            def lookup(host: str, port: int, family: int, kind: int) -> list[Any]:
                found = job["names"].get(host, [host] if host[0].isdigit() or ":" in host else [])
                return [answer for address in found for answer in socket.getaddrinfo(address, port, family, kind)]

            allowed = parse_allowed(crawler.settings.getlist("WARCITE_ALLOW_PRIVATE"))
            return cls(reactor, GAIResolver(reactor, getaddrinfo=lookup), allowed)

    def ended(request: scrapy.Request, response: Response | None, error: BaseException | None) -> None:
        exchange = request.meta.get("exchange")
        headers = [] if response is None else [(k.decode("latin-1"), v.decode("latin-1")) for k, vs in response.headers.items() for v in vs]
        endings.append(
            {
                "url": request.url,
                "error": None if error is None else type(error).__name__,
                "detail": str(error or ""),
                "status": None if response is None else response.status,
                "flags": [] if response is None else response.flags,
                "body": _text(b"" if response is None else response.body),
                "headers": headers,
                "meta_truncated": getattr(exchange, "truncated", None),
                "meta_is_recorded": any(exchange is kept for kept in exchanges),
            }
        )

    class WireSpider(scrapy.Spider):
        name = "wire"

        async def start(self) -> Any:
            for position, asked in enumerate(job["requests"]):
                yield scrapy.Request(
                    asked["url"],
                    method=asked.get("method", "GET"),
                    body=asked.get("body", ""),
                    headers=asked.get("headers"),
                    meta={"handle_httpstatus_all": True, **asked.get("meta", {})},
                    priority=-position,
                    dont_filter=True,
                    callback=self.parse,
                    errback=self.failed,
                )

        async def parse(self, response: Response) -> None:  # type: ignore[override]
            ended(response.request, response, None)  # type: ignore[arg-type]

        def failed(self, failure: Failure) -> None:
            ended(failure.request, None, failure.value)  # type: ignore[attr-defined]

    settings = {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "crawler.handlers.http.WireDownloadHandler"),
        "TWISTED_DNS_RESOLVER": GuardedResolver if job["names"] is None else FixedNames,
        "EXTENSIONS": {ListRecorder: 0},
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "RETRY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "CONCURRENT_REQUESTS": 1,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "LOG_LEVEL": "INFO",
        "USER_AGENT": "wire-test",
    }
    process = AsyncCrawlerProcess({**settings, **job["settings"]})
    process.crawl(WireSpider)
    process.start()
    rows = [
        {
            "url": kept.url,
            "request": _text(kept.request),
            "response": _text(kept.response),
            "ip": kept.ip,
            "protocol": kept.protocol,
            "tls": kept.tls,
            "truncated": kept.truncated,
            "elapsed": kept.elapsed,
            "started_at": kept.started_at.isoformat(timespec="microseconds"),
        }
        for kept in exchanges
    ]
    json.dump({"exchanges": rows, "endings": endings}, sys.stdout)


if __name__ == "__main__":
    _child()
