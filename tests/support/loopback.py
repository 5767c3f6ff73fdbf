"""The frame of the tests' web servers: one for all host names, in a thread of its own. A server says what there is, its handler how."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, ClassVar, Self

HTML = MappingProxyType({"Content-Type": "text/html; charset=utf-8"})
PLAIN = MappingProxyType({"Content-Type": "text/plain"})


class LoopbackServer(ThreadingHTTPServer):
    """Entering starts it, leaving stops it; requests that are under way then are not waited for."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, handler: type[LoopbackHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.port = self.server_port
        self.gate = threading.Event()
        """Set at first; a test clears it to hold answers back, where a handler waits for it."""
        self.gate.set()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def connect_to(self, host: str = "") -> str:
        """The rule for ``--connect-to`` that leads a host here, or all."""
        return f"{host}::127.0.0.1:{self.port}"

    @property
    def options(self) -> list[str]:
        """Options of a crawl that finds this server and does not wait."""
        return ["--connect-to", self.connect_to(), "--delay", "0", "--retries", "0", "--jobs", "1", "--no-progress", "--json"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a crawler that was killed hangs up: no traceback
            super().handle_error(request, client_address)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.gate.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class LoopbackHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout: ClassVar[float | None] = 60  # seconds a kept connection may be idle

    @property
    def url(self) -> str:
        return f"http://{self.headers.get('Host', '')}{self.path}"

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, status: int, body: bytes = b"", headers: Mapping[str, str] = HTML) -> None:
        self.head(status, {**headers, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        raise NotImplementedError

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the servers keep what tests ask about."""
