"""A small web on loopback for crawls that are killed: every kind of ending, no waiting, and a list of what was asked."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

_ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_WORDS = ("harbour", "council", "bridge", "river", "ferry", "tunnel", "market", "winter", "budget", "vote", "lock", "road", "flood")

KINDS = ("page", "page", "missing", "page", "moved", "page", "cut", "page", "silent", "page", "private", "page")
_OUTCOMES = {
    "page": "captured",
    "moved": "captured",
    "missing": "gone",
    "soft": "gone",
    "cut": "error",
    "silent": "error",
    "private": "skipped",
}


class SmallSite:
    """``targets`` addresses over ``hosts`` names, all led here by ``--connect-to``. Entering starts it, leaving stops it."""

    def __init__(self, targets: int = 64, hosts: int = 8, paragraphs: int = 4, first: int = 0, kinds: Sequence[str] = KINDS) -> None:
        self.paragraphs = paragraphs
        numbered = {n: kinds[n % len(kinds)] for n in range(first, first + targets)}
        self.expected = {f"http://site-{n % hosts}.example/{kind}/{n}": _OUTCOMES[kind] for n, kind in numbered.items()}
        self.open = threading.Event()
        """Pages are answered once this is set, as it is at first."""
        self.open.set()
        self.askers: set[str] = set()  # User-Agents
        self._server = _Server(self)
        self._lock = threading.Lock()
        self._asked: list[str] = []
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def asked(self) -> Sequence[str]:
        """Addresses asked for so far, in order, without robots.txt."""
        with self._lock:
            return tuple(self._asked)

    @property
    def port(self) -> int:
        return self._server.server_port

    def requests(self) -> int:
        return len(self._asked)

    def refetched(self) -> int:
        """Requests beyond the first for each target."""
        times = Counter(self.asked)
        return sum(times[url] - 1 for url in self.expected if times[url])

    def note(self, url: str, asker: str) -> None:
        with self._lock:
            self._asked.append(url)
            self.askers.add(asker)
        self.open.wait()

    def wait_for(self, askers: int, seconds: float = 600) -> None:
        """Until so many crawlers have asked for pages. Raises `TimeoutError`."""
        until = time.monotonic() + seconds
        while len(self.askers) < askers:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.askers} asked, not {askers}")
            time.sleep(0.02)

    def list_in(self, directory: Path, name: str = "urls.txt") -> Path:
        """The targets as an input file."""
        file = directory / name
        file.write_text("".join(f"{url}\n" for url in self.expected), encoding="utf-8")
        return file

    @property
    def options(self) -> list[str]:
        """Options of a crawl that finds this site and does not wait."""
        rule = f"::127.0.0.1:{self.port}"
        return ["--connect-to", rule, "--delay", "0", "--retries", "0", "--jobs", "1", "--no-progress", "--json"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, site: SmallSite) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that was killed hangs up: no traceback."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds a kept connection may be idle
    server: _Server

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self._send(200, _ROBOTS, "text/plain")
            return
        self.server.site.note(f"http://{self.headers.get('Host', '')}{self.path}", self.headers.get("User-Agent", ""))
        kind, _, number = self.path[1:].partition("/")
        if kind == "missing":
            self._send(404, b"<html><title>Not found</title><body><h1>Not found</h1></body></html>")
        elif kind == "moved":
            self._send(301, b"", location=f"/now/{number}")
        elif kind == "soft":
            self._send(200, b"<html><title>Page not found</title><body><h1>Page not found</h1><p>It may have moved.</p></body></html>")
        elif kind == "silent":
            self.close_connection = True
        else:
            body = page(number, self.server.site.paragraphs)
            self._send(200, body[: len(body) // 2] if kind == "cut" else body, promised=len(body))

    def _send(self, status: int, body: bytes, mime: str = "text/html; charset=utf-8", location: str = "", promised: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(max(promised, len(body))))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = promised > len(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def page(number: str, paragraphs: int) -> bytes:
    """An article that no other has, the same bytes for the same number; about 400 bytes a paragraph, of which gzip leaves a quarter."""
    dice = random.Random(number)
    text = "".join(f"<p>{' '.join(dice.choices(_WORDS, k=60)).capitalize()} {number}.</p>\n" for _ in range(paragraphs))
    title = f"{' '.join(dice.choices(_WORDS, k=6)).capitalize()} {number}"
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>\n{text}</article></body></html>".encode()
