"""A proxy before a real S3 server that spoils chosen requests or answers. Requests pass unchanged, so signatures stay valid."""

from __future__ import annotations

import http.client
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.loopback import LoopbackHandler, LoopbackServer

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_STEP = 512  # bytes at a time on a slow line


@dataclass(slots=True)
class Reply:
    """An answer on its way back. ``promised`` is the Content-Length sent when it differs from the body's."""

    status: int
    headers: dict[str, str]
    body: bytes
    promised: int | None = None
    slow: bool = False  # 1 KB a second


class Request:
    """A request that reached the proxy: its head is read, its body not yet."""

    def __init__(self, handler: BaseHTTPRequestHandler, server: str) -> None:
        self._handler = handler
        self._server = urlsplit(server)
        self._left = int(handler.headers.get("Content-Length", 0))
        self._body = b""
        parts = urlsplit(handler.path)
        self.method = handler.command
        self.bucket, _, self.name = unquote(parts.path).removeprefix("/").partition("/")
        self.query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}

    @property
    def create_only(self) -> bool:
        return "If-None-Match" in self._handler.headers

    def read(self, most: int | None = None) -> bytes:
        """The body so far, after ``most`` further bytes (all) were read."""
        count = self._left if most is None else min(most, self._left)
        data = self._handler.rfile.read(count) if count else b""
        self._left -= count
        self._body += data
        return self._body

    @property
    def left(self) -> int:
        return self._left

    def forward(self) -> Reply:
        """What the server answers."""
        body = self.read()
        connection = http.client.HTTPConnection(str(self._server.hostname), self._server.port, timeout=60)
        try:
            connection.putrequest(self.method, self._handler.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self._handler.headers.items():
                if name.lower() != "expect":
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        with suppress(OSError):
            self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._handler.connection.close()

    def wait_for_hang_up(self) -> None:
        """Say nothing until the client gives up."""
        with suppress(OSError):
            self._handler.connection.settimeout(60)
            while self._handler.connection.recv(65536):
                pass


Fault = Callable[[Request], Reply | None]  # None: close the connection without an answer
Choose = Callable[[Request], Fault | None]


def refuse(status: int, code: str) -> Fault:
    """Answer with an S3 error; the server never sees the request."""

    def refused(request: Request) -> Reply:
        request.read()
        return _error(status, code)

    return refused


def well(request: Request) -> Reply:
    """No fault."""
    return request.forward()


def drop(request: Request) -> None:
    """Close before the server sees the request."""
    request.read()


def lose_answer(request: Request) -> None:
    """The server does what it was asked, and the client never hears of it."""
    request.forward()


def hang(request: Request) -> None:
    """No answer in time; the server never sees the request."""
    request.read()
    request.wait_for_hang_up()


def hang_after(request: Request) -> None:
    """The server does what it was asked, and the client gives up waiting to hear of it."""
    request.forward()
    request.wait_for_hang_up()


def reset(request: Request) -> None:
    """A TCP reset in the middle of the request's body."""
    request.read(request.left // 2)
    request.reset()


def slow(request: Request) -> Reply:
    """1 KB a second in both directions."""
    while request.left:
        request.read(_STEP)
        time.sleep(_STEP / 1024)
    reply = request.forward()
    reply.slow = True
    return reply


def error_in_200(request: Request) -> Reply:
    request.forward()
    return _error(200, "InternalError")


def cut(request: Request) -> Reply:
    """Half the body, then the connection ends."""
    reply = request.forward()
    return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2], promised=len(reply.body))


def corrupt(request: Request) -> Reply:
    """One bit flipped in the middle of the body."""
    reply = request.forward()
    middle = len(reply.body) // 2
    flipped = bytes(byte ^ 1 for byte in reply.body[middle : middle + 1])
    return Reply(reply.status, reply.headers, reply.body[:middle] + flipped + reply.body[middle + 1 :])


def ignore_condition(client: S3Client) -> Fault:
    """Make the server, where ``client`` is at home, take If-None-Match for any other header: what is there is overwritten."""

    def overwritten(request: Request) -> Reply:
        if request.create_only:
            client.delete_object(Bucket=request.bucket, Key=request.name)
        return request.forward()

    return overwritten


class FaultyS3(LoopbackServer):
    """Listens before the S3 server at the address ``server``. ``choose`` says what happens to a request; where it says nothing ``faults``
    does, by method, for the next ones; else all is well.
    """

    def __init__(self, server: str) -> None:
        super().__init__(_Handler)
        self.behind = server
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.faults: dict[str, deque[Fault]] = {}
        self.choose: Choose = lambda _: None
        self.seen: list[str] = []  # "PUT some/key", in order
        self.spoiled = 0
        self.shut = False
        self.mistakes: list[str] = []  # of the faults themselves

    def spoil(self, method: str, *faults: Fault) -> None:
        self.faults.setdefault(method, deque()).extend(faults)

    def fault_for(self, request: Request) -> Fault:
        self.seen.append(f"{request.method} {request.name}")
        waiting = self.faults.get(request.method)
        fault = self.choose(request) or (waiting.popleft() if waiting else well)
        self.spoiled += fault is not well
        return fault

    def shut_door(self) -> None:
        """From now on connections are refused, and nobody else answers on the port."""
        if not self.shut:
            self.shut = True
            self.shutdown()
            self.socket.close()
            self.socket = socket.socket()
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind(self.server_address)  # and does not listen

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.shut = True
        super().__exit__(kind, error, trace)
        assert self.mistakes == []


class _Handler(LoopbackHandler):
    server: FaultyS3
    timeout = None

    def answer(self) -> None:
        request = Request(self, self.server.behind)
        if self.server.shut:
            self.close_connection = True
            request.reset()
        elif (reply := self._spoiled(request)) is None:
            self.close_connection = True
        else:
            self._pass_on(reply)

    do_HEAD = do_PUT = do_POST = do_DELETE = LoopbackHandler.do_GET  # noqa: N815

    def _spoiled(self, request: Request) -> Reply | None:
        try:
            return self.server.fault_for(request)(request)
        except OSError:  # the client hung up
            return None
        except Exception as error:
            self.server.mistakes.append(f"{request.method} {request.name}: {error!r}")
            return None

    def _pass_on(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        length = len(reply.body) if reply.promised is None else reply.promised
        if self.command == "HEAD":
            length = int(reply.headers.get("Content-Length", 0))
        for name, value in reply.headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        step = _STEP if reply.slow else len(reply.body) or 1
        for start in range(0, len(reply.body), step):
            self.wfile.write(reply.body[start : start + step])
            time.sleep(step / 1024 if reply.slow else 0)
        self.close_connection = reply.promised is not None


def _error(status: int, code: str) -> Reply:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>made by the test</Message></Error>'
    return Reply(status, {"Content-Type": "application/xml"}, body.encode())
