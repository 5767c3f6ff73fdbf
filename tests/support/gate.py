"""A site that answers when the test lets it: a crawl of it is under way for as long as a test needs, however fast the machine is."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_PAGE = b"<!doctype html><title>Page</title><p>The council met on Monday and agreed to mend the bridge before the winter comes.</p>"


class Gate:
    """Serves one page under every address on loopback. While closed, requests are kept waiting."""

    def __init__(self, closed: bool = False) -> None:
        self.asked: list[str] = []
        self._open = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        if not closed:
            self.open()

    def open(self) -> None:
        self._open.set()

    def close(self) -> None:
        self._open.clear()

    def connect_to(self, host: str) -> str:
        return f"{host}:80:127.0.0.1:{self._server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gate = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gate.asked.append(self.path)
                gate._open.wait(1200)
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(_PAGE)))
                self.end_headers()
                self.wfile.write(_PAGE)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # a crawler that was killed
                    self.close_connection = True

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.open()
        self._server.shutdown()
        self._server.server_close()
