"""A proxy before a real S3 server that spoils chosen answers. Requests pass unchanged, so signatures stay valid."""

from __future__ import annotations

import http.client
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(slots=True)
class Reply:
    """An answer on its way back. ``promised`` is the Content-Length sent when it differs from the body's."""

    status: int
    headers: dict[str, str]
    body: bytes
    promised: int | None = None


Forward = Callable[[], Reply]
Fault = Callable[[Forward], Reply | None]  # None: close the connection without an answer


def refuse(status: int, code: str) -> Fault:
    """Answer with an S3 error; the server never sees the request."""
    return lambda _: _error(status, code)


def drop(_: Forward) -> None:
    """Close before the server sees the request."""


def lose_answer(forward: Forward) -> None:
    """The server does what it was asked, and the client never hears of it."""
    forward()


def error_in_200(forward: Forward) -> Reply:
    forward()
    return _error(200, "InternalError")


def cut(forward: Forward) -> Reply:
    """Half the body, then the connection ends."""
    reply = forward()
    return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2], promised=len(reply.body))


def corrupt(forward: Forward) -> Reply:
    reply = forward()
    return Reply(reply.status, reply.headers, bytes([reply.body[0] ^ 1]) + reply.body[1:])


def ignore_condition(forward: Forward) -> Reply:
    """What a server looks like that takes If-None-Match for any other header."""
    reply = forward()
    return Reply(200, {"ETag": '"0"'}, b"") if reply.status == 412 else reply


@dataclass(slots=True)
class FaultyS3:
    """``faults`` holds, for a method, what happens to its next requests; afterwards all is well again."""

    endpoint: str
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)  # methods, in order

    def spoil(self, method: str, *faults: Fault) -> None:
        self.faults.setdefault(method, deque()).extend(faults)


@contextmanager
def faulty(server: str) -> Iterator[FaultyS3]:
    """Listens on loopback before the S3 server at the address ``server``."""
    target = urlsplit(server)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            proxy.seen.append(self.command)
            waiting = proxy.faults.get(self.command)
            fault = waiting.popleft() if waiting else None
            reply = fault(lambda: self.forward(body)) if fault else self.forward(body)
            if reply is None:
                self.close_connection = True
                return
            self.answer(reply)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_one  # noqa: N815

        def forward(self, body: bytes) -> Reply:
            connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=30)
            try:
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() != "expect":
                        connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                return Reply(answer.status, dict(answer.getheaders()), answer.read())
            finally:
                connection.close()

        def answer(self, reply: Reply) -> None:
            self.send_response_only(reply.status)
            length = len(reply.body) if reply.promised is None else reply.promised
            if self.command == "HEAD":
                length = int(reply.headers.get("Content-Length", 0))
            for name, value in reply.headers.items():
                if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = reply.promised is not None

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        proxy = FaultyS3(f"http://127.0.0.1:{listener.server_port}")
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield proxy
        finally:
            listener.shutdown()
            thread.join()


def _error(status: int, code: str) -> Reply:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>made by the test</Message></Error>'
    return Reply(status, {"Content-Type": "application/xml"}, body.encode())
