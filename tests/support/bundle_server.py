"""A loopback server of files as bundles are served: with ranges or without, with validators or without, and with faults on request."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")


@dataclass
class Served:
    """What is at a path. After ``cut_every`` bytes the connection is closed, ``cuts`` times in all; with ``dies``, all is over then."""

    data: bytes
    ranges: bool = True
    etag: str | None = '"one"'
    length: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)  # of the next answers, instead of the file
    cut_every: int = 0
    cuts: int = 0
    dies: bool = False
    pause: float = 0.0  # seconds between two pieces
    piece: int = 1 << 16


@dataclass
class BundleServer:
    """``files`` by path; use as a context manager. ``log`` has path and Range of each request."""

    files: dict[str, Served] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    host: str = "127.0.0.1"

    def __enter__(self) -> Self:
        server = self

        class Handler(_Handler):
            owner = server

        self._http = ThreadingHTTPServer((self.host, 0), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(10)

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def sent(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _ in self.log)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: BundleServer

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        path = urlsplit(self.path).path
        self.owner.log.append((path, asked))
        served = self.owner.files.get(path)
        if served is None or served.statuses:
            self._bare(served.statuses.pop(0) if served else 404, served.headers if served else {})
            return
        whole = self._range(served, asked)
        if whole is not None:
            self._send(served, *whole)

    def _bare(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _range(self, served: Served, asked: str) -> tuple[int, int] | None:
        """First byte and the one behind the last; the head is sent."""
        found = _RANGE.fullmatch(asked) if served.ranges else None
        condition = self.headers.get("If-Range")
        if found is None or (condition is not None and condition != served.etag):
            self.send_response(200)
            start, end = 0, len(served.data)
        else:
            start, end = int(found[1]), min(int(found[2] or len(served.data) - 1) + 1, len(served.data))
            if start >= len(served.data):
                self._bare(416, {"Content-Range": f"bytes */{len(served.data)}"})
                return None
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(served.data)}")
        headers = {"Content-Length": str(end - start)} if served.length else {"Connection": "close"}
        if served.etag:
            headers["ETag"] = served.etag
        for name, value in (headers | served.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = not served.length
        return start, end

    def _send(self, served: Served, start: int, end: int) -> None:
        sent = 0
        view = memoryview(served.data)
        while start < end:
            if served.cut_every and served.cuts and sent >= served.cut_every:
                served.cuts -= 1
                served.statuses += [503] * (100 if served.dies else 0)
                self.close_connection = True
                return
            piece = view[start : min(start + served.piece, end)]
            try:
                self.connection.sendall(piece)
            except OSError:
                self.close_connection = True
                return
            start, sent = start + len(piece), sent + len(piece)
            if served.pause:
                time.sleep(served.pause)
