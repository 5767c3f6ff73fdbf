"""A site on loopback that is fetched again and again: every way in which a server says, or does not say, that a page is the same."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from tests.support.pywb import fetch, replaying
from tests.torture.small_site import page

DATE = "Thu, 15 Mar 2018 10:00:00 GMT"


class Asked(NamedTuple):
    url: str
    tag: str | None  # If-None-Match
    date: str | None  # If-Modified-Since


class Editions:
    """``/<kind>/<number>`` for every host name. ``edition`` is what tests count up; ``changed`` says in which one a page last changed.

    Kinds: tagged, dated, plain, chunked (other borders each time), recoded (chunked in later editions only), gzip, retagged (another
    tag each edition, the same page), moved (to a tagged page), liar (304 to whoever asks again), missing (in the second edition).
    """

    def __init__(self, body: Callable[[str, str], bytes] | None = None) -> None:
        self.edition = 1
        self.changed: Mapping[str, int] = {}
        self.body = body or (lambda kind, number: page(f"{kind}-{number}", 30))
        self._server = _Server(self)
        self._lock = threading.Lock()
        self._asked: list[Asked] = []
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def content(self, url: str) -> bytes:
        """The page at an address in this edition, without any coding."""
        kind, _, number = url.split("/", 3)[3].partition("/")
        body = self.body(kind, number)
        if url not in self.changed:
            return body
        edition = b"Edition %d. " % self.changed[url]
        return body.replace(b"<p>", b"<p>" + edition, 1) + b"<!-- " + edition + b"-->"  # not every page has plain paragraphs

    def note(self, asked: Asked) -> None:
        with self._lock:
            self._asked.append(asked)

    def take_asked(self) -> list[Asked]:
        """What was asked since the last time, without robots.txt."""
        with self._lock:
            asked, self._asked = self._asked, []
        return asked

    @property
    def options(self) -> list[str]:
        rule = f"::127.0.0.1:{self._server.server_port}"
        return ["--connect-to", rule, "--delay", "0", "--retries", "0", "--jobs", "1", "--no-progress", "--json"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, site: Editions) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that was killed hangs up: no traceback."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self._send(404, b"")
            return
        site, url = self.server.site, f"http://{self.headers.get('Host', '')}{self.path}"
        asked = Asked(url, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since"))
        site.note(asked)
        kind = self.path.split("/")[1]
        if kind == "moved":
            self._send(302, b"", Location=self.path.replace("moved", "tagged"))
        elif kind == "missing" and site.edition == 2:
            self._send(404, b"<html><title>Not found</title><h1>Not found</h1></html>")
        else:
            self._page(kind, site.content(url), asked)

    def _page(self, kind: str, body: bytes, asked: Asked) -> None:
        edition = self.server.site.edition
        tag = f'"{kind}-{hash(body) & 0xFFFFFF:x}{f"-{edition}" if kind == "retagged" else ""}"'
        validators = {"tagged": {"ETag": tag}, "retagged": {"ETag": tag}, "dated": {"Last-Modified": DATE}}.get(kind, {})
        if ("ETag" in validators and asked.tag == tag) or ("Last-Modified" in validators and asked.date == DATE):
            self._send(304, b"", **validators)
        elif kind == "liar" and edition > 1:
            self._send(304, b"")
        elif kind == "gzip":
            self._send(200, gzip.compress(body, 5, mtime=0), **{"Content-Encoding": "gzip"})
        elif kind == "chunked" or (kind == "recoded" and edition > 1):
            self._send_chunked(body, 300 + 1000 * edition)
        else:
            self._send(200, body, **validators)

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self._head(status, headers if status == 304 else {**headers, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _send_chunked(self, body: bytes, size: int) -> None:
        self._head(200, {"Transfer-Encoding": "chunked"})
        for at in range(0, len(body), size):
            piece = body[at : at + size]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent: `Editions.take_asked` tells."""


def wrong_replays(cwd: Path, site: Editions) -> Iterator[str]:
    """Revisits that pywb does not replay with the page as the site has it; which of those are of a page that changed is the caller's."""
    archive = cwd / "warcite-archive"
    warcs = {path.name: path.read_bytes() for path in (archive / "warc").iterdir()}
    lines = sorted(line for path in (archive / "cdxj").iterdir() for line in gzip.decompress(path.read_bytes()).splitlines(keepends=True))
    revisits = [line.decode().split(" ", 2) for line in lines if b'"warc/revisit"' in line]
    assert revisits, "there is nothing to replay"
    with replaying(cwd / "pywb", warcs, b"".join(lines)) as collection:
        for _, at, line in revisits:
            url = json.loads(line)["url"]
            status, headers, body = fetch(f"{collection}/{at}id_/{url}")
            body = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
            if status != 200 or body != site.content(url) or "memento-datetime" not in headers:
                yield f"{at} {url}: {status}, {len(body)} bytes of {len(site.content(url))}"


def stored_bytes(archive: Path) -> int:
    """Of all objects in a file:// store."""
    return sum(path.stat().st_size for path in archive.rglob("*") if path.is_file())
