"""The site that is crawled: one child process on many loopback addresses, every answer ready before it is asked for.

Debian's nginx with ``gzip_static`` when it is installed, else an asyncio server of our own.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from pages import compressed, page, vocabulary

_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Vary", "Accept-Encoding"),
    ("Cache-Control", "public, max-age=60"),
    ("Set-Cookie", "sid=abc; Path=/; HttpOnly"),
    ("Set-Cookie", "ab=1; Path=/"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Content-Type-Options", "nosniff"),
    ("Strict-Transport-Security", "max-age=31536000"),
)


class Target:
    """``urls`` are shuffled over the hosts, the same way every time."""

    def __init__(self, directory: Path, pages: int, hosts: int) -> None:
        self.hosts = [f"127.0.0.{n}" for n in range(2, hosts + 2)]
        self.port = _free_port(self.hosts[0])
        self._directory = directory
        self._files = [directory / "www" / f"story-{n:05d}.html" for n in range(pages)]
        self.urls = [f"http://{self.hosts[n % hosts]}:{self.port}/{f.name}" for n, f in enumerate(self._files)]
        random.Random(7).shuffle(self.urls)
        self.mean_sizes = self._write_pages()
        self.server = "nginx" if shutil.which("nginx") else "asyncio"

    def _write_pages(self) -> tuple[int, int]:
        words, whole, gzipped = vocabulary(), 0, 0
        (self._directory / "www").mkdir()
        for number, file in enumerate(self._files):
            body = page(number, words)
            small = compressed(body)
            file.write_bytes(body)
            file.with_suffix(".html.gz").write_bytes(small)
            whole, gzipped = whole + len(body), gzipped + len(small)
        return whole // len(self._files), gzipped // len(self._files)

    def __enter__(self) -> Self:
        self._stop = self._start_nginx() if self.server == "nginx" else self._start_own()
        _wait_for(self.hosts[-1], self.port)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def _start_nginx(self) -> Callable[[], None]:
        d = self._directory
        listen = " ".join(f"listen {host}:{self.port};" for host in self.hosts)
        headers = " ".join(f'add_header {name} "{value}";' for name, value in _HEADERS[3:])
        temporary = " ".join(f"{what}_temp_path {d}/tmp;" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root; " if os.geteuid() == 0 else ""  # the pages lie in a private folder
        (d / "nginx.conf").write_text(
            f"{user}worker_processes 1; daemon off; pid {d}/nginx.pid; error_log {d}/nginx.log;\nevents {{ worker_connections 8192; }}\n"
            f"http {{ types {{ text/html html; }} charset utf-8; access_log off; sendfile on; tcp_nodelay on; keepalive_requests 100000;\n"
            f"gzip_static on; gzip_vary on; {temporary}\nserver {{ {listen} root {d}/www; {headers} }} }}\n"
        )
        server = subprocess.Popen(["nginx", "-e", f"{d}/nginx.log", "-c", f"{d}/nginx.conf"])

        def stop() -> None:
            server.send_signal(signal.SIGQUIT)
            server.wait()

        return stop

    def _start_own(self) -> Callable[[], None]:
        server = multiprocessing.get_context("spawn").Process(target=_serve, args=(self.hosts, self.port, self._files), daemon=True)
        server.start()

        def stop() -> None:
            server.terminate()
            server.join()

        return stop


def _answer(body: bytes) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in (*_HEADERS, ("Content-Length", str(len(body)))))
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


_MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class _Connection(asyncio.Protocol):
    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            path = self._received.split(b" ", 2)[1]
            self._received = self._received[end + 4 :]
            self._transport.write(self._answers.get(path, _MISSING))  # type: ignore[attr-defined]


def _serve(hosts: list[str], port: int, files: list[Path]) -> None:
    answers = {f"/{f.name}".encode(): _answer(f.with_suffix(".html.gz").read_bytes()) for f in files}

    async def forever() -> None:
        loop = asyncio.get_running_loop()
        for host in hosts:
            await loop.create_server(lambda: _Connection(answers), host, port)
        await asyncio.Event().wait()

    asyncio.run(forever())


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _wait_for(host: str, port: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
