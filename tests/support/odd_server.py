"""A loopback web server that sends exactly the bytes it is told to, at the pace it is told to, and logs what it received.

A reply is a sequence of steps: bytes are sent, a number is a pause in seconds, `Close`, `Reset` and `Forever` do what they say.
A reply without `Close` or `Reset` keeps the connection open for the next request.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Close:
    """Close the connection (FIN; over TLS with close_notify)."""


@dataclass(frozen=True)
class Reset:
    """Reset the connection (RST)."""


@dataclass(frozen=True)
class Forever:
    """Send these bytes again and again until the client goes away, ``pause`` seconds apart."""

    data: bytes
    pause: float = 0.0


Step = bytes | float | Close | Reset | Forever
Reply = tuple[Step, ...]

CLOSE, RESET = Close(), Reset()
MSG_MORE: int = getattr(socket, "MSG_MORE", 0)


def wire_bytes(reply: Reply) -> bytes:
    """What a reply sends, as far as it ends."""
    return b"".join(step for step in reply if isinstance(step, bytes))


def chunked(*parts: bytes, extension: bytes = b"", trailers: bytes = b"") -> bytes:
    """A body in chunked transfer coding, last chunk and trailers included."""
    chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
    return chunks + b"0\r\n" + trailers + b"\r\n"


@dataclass
class Seen:
    """One request as it came."""

    connection: int
    raw: bytes
    path: str


@dataclass
class OddServer:
    """Serves ``replies`` by path (query included) on a free port of ``host``; use as a context manager."""

    replies: Mapping[str, Reply]
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    port: int = 0
    greeting: bytes = b""  # sent before anything is read
    otherwise: Reply | None = None  # to paths that are not among the replies
    log: list[Seen] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.socket(family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.host, self.port))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def raw(self, path: str) -> list[bytes]:
        """The requests for a path, as they came."""
        return [seen.raw for seen in self.log if seen.path == path]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        self._open.add(connection)
        try:
            if self.tls is not None:
                plain = connection
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._open.discard(plain)
                self._open.add(connection)
            connection.sendall(self.greeting)
            while request := self._read_request(connection):
                target = request.split(b" ", 2)[1].decode("ascii")
                path = "/" + target.split("/", 3)[3] if "://" in target else target
                self.log.append(Seen(number, request, path))
                reply = self.replies[path] if self.otherwise is None else self.replies.get(path, self.otherwise)
                if b"\r\nconnection: close\r\n" in request.lower():
                    reply = (*reply, CLOSE)
                if not self._play(connection, reply):
                    return
        except OSError:
            pass  # the client went away, or did not accept the certificate
        finally:
            self._open.discard(connection)
            connection.close()

    @staticmethod
    def _read_request(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(body) < length:
            more = connection.recv(65536)
            data, body = data + more, body + more
        return data

    def _play(self, connection: socket.socket, reply: Reply) -> bool:
        """Whether the connection stays open."""
        for step, after in pairwise((*reply, None)):
            match step:
                case bytes():
                    # The FIN goes with the last bytes: between the two a client could send its next request here, and lose it.
                    held = isinstance(after, Close) and not isinstance(connection, ssl.SSLSocket)
                    connection.sendall(step, MSG_MORE if held else 0)
                case Forever(data, pause):
                    while not self._stopped.wait(pause):
                        connection.sendall(data)
                case Reset():
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return False
                case Close():
                    if isinstance(connection, ssl.SSLSocket):
                        connection = connection.unwrap()
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):  # closing with unread bytes would send RST
                        pass
                    return False
                case _:
                    self._stopped.wait(step)
        return True
