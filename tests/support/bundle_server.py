"""A loopback server of files as bundles are served: with ranges or without, with validators or without, and with faults on request."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support.loopback import LoopbackHandler, LoopbackServer

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


class BundleServer(LoopbackServer):
    """``files`` by path. ``log`` has path and Range of each request, ``credentials`` what came as Authorization; ``passing`` is told the
    bytes of each piece before it is sent, and may wait.
    """

    def __init__(self, files: dict[str, Served] | None = None, passing: Callable[[int], None] = lambda _: None) -> None:
        super().__init__(_Handler)
        self.files = files or {}
        self.passing = passing
        self.log: list[tuple[str, str]] = []
        self.credentials: set[str | None] = set()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def sent(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _ in self.log)


class _Handler(LoopbackHandler):
    server: BundleServer

    def answer(self) -> None:
        asked = self.headers.get("Range", "")
        path = urlsplit(self.path).path
        self.server.log.append((path, asked))
        self.server.credentials.add(self.headers.get("Authorization"))
        served = self.server.files.get(path)
        if served is None or served.statuses:
            self.send(served.statuses.pop(0) if served else 404, headers=served.headers if served else {})
            return
        whole = self._range(served, asked)
        if whole is not None:
            self._send(served, *whole)

    def _range(self, served: Served, asked: str) -> tuple[int, int] | None:
        """First byte and the one behind the last; the head is sent."""
        status, start, end, headers = 200, 0, len(served.data), {}
        found = _RANGE.fullmatch(asked) if served.ranges else None
        if found is not None and self.headers.get("If-Range") in {None, served.etag}:
            status, start, end = 206, int(found[1]), min(int(found[2] or end - 1) + 1, end)
            if start >= len(served.data):
                self.send(416, headers={"Content-Range": f"bytes */{len(served.data)}"})
                return None
            headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(served.data)}"}
        headers |= {"Content-Length": str(end - start)} if served.length else {"Connection": "close"}
        if served.etag:
            headers["ETag"] = served.etag
        self.head(status, headers | served.headers)
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
            self.server.passing(len(piece))
            self.connection.sendall(piece)
            start, sent = start + len(piece), sent + len(piece)
            if served.pause:
                time.sleep(served.pause)
