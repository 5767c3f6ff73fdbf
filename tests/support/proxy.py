"""A small forward proxy on loopback: absolute-form requests for http, CONNECT tunnels for https. Logs each request's head."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass
class ForwardProxy:
    """``routes`` maps ``host:port`` to where the proxy really connects, so that names need no DNS; ``refuse`` answers CONNECT with 403."""

    routes: dict[str, tuple[str, int]] = field(default_factory=dict)
    refuse: bool = False
    hang_up: bool = False
    log: list[bytes] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, client)

    def _start(self, run: object, *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=run, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()
        return thread

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        with client, contextlib.suppress(OSError):
            while head := self._read_head(client):
                self.log.append(head)
                method, target, _ = head.split(b"\r\n", 1)[0].split(b" ")
                if method == b"CONNECT":
                    self._tunnel(client, target.decode("ascii"))
                    return
                if not self._forward(client, head, target.decode("ascii")):
                    return
        self._open.discard(client)

    @staticmethod
    def _read_head(client: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            more = client.recv(65536)
            if not more:
                return b""
            data += more
        return data

    def _connect(self, authority: str) -> socket.socket:
        host, _, port = authority.rpartition(":")
        upstream = socket.create_connection(self.routes.get(authority, (host.strip("[]"), int(port))))
        self._open.add(upstream)
        return upstream

    def _forward(self, client: socket.socket, head: bytes, target: str) -> bool:
        """One request to the origin over a connection of its own; what comes back is passed on until the origin closes.

        Whether the client's connection stays open, for its next request: where the client can tell that the response is whole it may
        send that at once, and a close would lose it.
        """
        parts = urlsplit(target)
        authority = f"{parts.hostname}:{parts.port or 80}"
        origin_form = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"connection:", b"proxy-"))]
        lines[0] = lines[0].replace(target.encode("ascii"), origin_form.encode("ascii"))
        with self._connect(authority) as upstream:
            upstream.sendall(b"\r\n".join([lines[0], b"Connection: close", *lines[1:]]))
            answer = bytearray()
            with contextlib.suppress(ConnectionError):
                while data := upstream.recv(65536):
                    answer += data
                    client.sendall(data)
        return _is_whole(bytes(answer))

    def _tunnel(self, client: socket.socket, authority: str) -> None:
        if self.hang_up:
            return
        if self.refuse:
            client.sendall(b"HTTP/1.1 403 Not Through Me\r\nContent-Length: 0\r\n\r\n")
            return
        with self._connect(authority) as upstream:
            client.sendall(b"HTTP/1.1 200 Connection established\r\nProxy-Agent: small\r\n\r\n")
            back = self._start(self._pump, upstream, client)
            self._pump(client, upstream)
            back.join()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


def _is_whole(answer: bytes) -> bool:
    """Whether a response ends where its Content-Length says, so that another one can follow it."""
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"\r\nContent-Length: *(\d+)(?:\r\n|$)", head, re.IGNORECASE)
    return length is not None and int(length[1]) == len(body)
