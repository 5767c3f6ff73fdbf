"""The invented press, and its web archive, as one web server on loopback for every host name."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from crawler.demo import memory, pages
from crawler.demo.press import articles, publishers
from crawler.demo.routes import MEMBERS_HOST, ROUTES, Behaviour, Route

_HTML = {"Content-Type": "text/html; charset=utf-8"}
_CHUNK = 1_000  # bytes
_NOWHERE = Route(Behaviour.NOT_FOUND, None)


class DemoSite:
    """A running site; entering starts it on a free port of 127.0.0.1 in a thread of its own, leaving stops it.

    Independent of any event loop, so that a Twisted reactor may run in the same process.
    """

    def __init__(self) -> None:
        self._server = _Server()
        self._thread = threading.Thread(target=self._server.serve_forever, name="demo-site", kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def requests(self) -> tuple[str, ...]:
        """The addresses asked for so far, in order, robots.txt among them."""
        return tuple(self._server.requested)

    def connect_to_rules(self) -> list[str]:
        """Rules for ``--connect-to`` that lead every host and port here."""
        return [f"::127.0.0.1:{self.port}"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close() waits for them

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requested: list[str] = []
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()

    def note(self, url: str) -> int:
        """Record a request; returns how often the address was asked for before."""
        with self._lock:
            self.requested.append(url)
            return self.requested.count(url) - 1

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Wake the threads that wait for a next request on a kept connection."""
        with self._lock:
            for connection in self._connections:
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "invented-press/1"
    sys_version = ""
    timeout = 30  # seconds a kept connection may be idle
    server: _Server

    def do_GET(self) -> None:
        url = f"http://{self._host()}{self.path}"
        seen = self.server.note(url)
        if self._host() == memory.HOST:
            status, body, headers = memory.reply(self.path)
            self._send(HTTPStatus(status), body, headers)
        elif self.path == "/robots.txt":
            self._robots()
        elif self.path == "/":
            self._front_page()
        else:
            self._route(url, ROUTES.get(url, _NOWHERE), first=seen == 0)

    def _host(self) -> str:
        return self.headers.get("Host", "").partition(":")[0].lower()

    def _robots(self) -> None:
        rules = "User-agent: *\nDisallow: /\n" if self._host() == MEMBERS_HOST else "User-agent: *\nDisallow: /search\n"
        self._send(HTTPStatus.OK, rules.encode(), {"Content-Type": "text/plain"})

    def _front_page(self) -> None:
        for publisher in publishers().values():
            if publisher.host == self._host():
                self._send(HTTPStatus.OK, pages.front_page(publisher), {"Content-Type": f"text/html; charset={publisher.charset}"})
                return
        self._send(HTTPStatus.NOT_FOUND, pages.not_found(), _HTML)

    def _route(self, url: str, route: Route, *, first: bool) -> None:
        match route.behaviour:
            case Behaviour.REDIRECT:
                self._send(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": route.location})
            case Behaviour.NOT_FOUND:
                self._send(HTTPStatus.NOT_FOUND, pages.not_found(), _HTML)
            case Behaviour.REMOVED:
                self._send(HTTPStatus.GONE, pages.removed(), _HTML)
            case Behaviour.SOFT_404:
                self._send(HTTPStatus.OK, pages.not_found(), _HTML)
            case Behaviour.CHALLENGE:
                self._send(HTTPStatus.FORBIDDEN, pages.challenge(), _HTML)
            case Behaviour.FLAKY if first:
                self._send(HTTPStatus.SERVICE_UNAVAILABLE, pages.unavailable(), {**_HTML, "Retry-After": "1"})
            case _:
                self._article(url, route.behaviour)

    def _article(self, url: str, behaviour: Behaviour) -> None:
        body = pages.article(articles()[url])
        # Like many real servers, this one leaves the charset to the page.
        headers = {"Content-Type": "text/html", "Last-Modified": "Thu, 15 Mar 2018 10:00:00 GMT"}
        if behaviour is Behaviour.CHUNKED_GZIP:
            self._send_chunked(gzip.compress(body, mtime=0), {**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
        elif behaviour is Behaviour.TRUNCATED:
            self._send(HTTPStatus.OK, body[: len(body) // 2], headers, length=len(body))
            self.close_connection = True
        else:
            self._send_fresh(body, headers)

    def _send_fresh(self, body: bytes, headers: dict[str, str]) -> None:
        """The page, or 304 when the client has it (RFC 9110, section 13.1.2)."""
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            self._head(HTTPStatus.NOT_MODIFIED, {"ETag": tag})
        else:
            self._send(HTTPStatus.OK, body, {**headers, "ETag": tag})

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str], length: int | None = None) -> None:
        self._head(status, {**headers, "Content-Length": str(len(body) if length is None else length)})
        self.wfile.write(body)

    def _send_chunked(self, body: bytes, headers: dict[str, str]) -> None:
        self._head(HTTPStatus.OK, {**headers, "Transfer-Encoding": "chunked"})
        for start in range(0, len(body), _CHUNK):
            chunk = body[start : start + _CHUNK]
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the requests are in `DemoSite.requests`."""
