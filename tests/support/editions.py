"""A site on loopback that is fetched again and again: every way in which a server says, or does not say, that a page is the same."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.support.loopback import HTML, LoopbackHandler, LoopbackServer
from tests.support.pywb import fetch, replaying
from tests.torture.small_site import page

DATE = "Thu, 15 Mar 2018 10:00:00 GMT"


class Asked(NamedTuple):
    url: str
    tag: str | None  # If-None-Match
    date: str | None  # If-Modified-Since


class Editions(LoopbackServer):
    """``/<kind>/<number>`` for every host name. ``edition`` is what tests count up; ``changed`` says in which one a page last changed.

    Kinds: tagged, dated, plain, chunked (other borders each time), recoded (chunked in later editions only), gzip, retagged (another
    tag each edition, the same page), moved (to a tagged page), liar (304 to whoever asks again), missing (in the second edition).
    """

    def __init__(self, body: Callable[[str, str], bytes] | None = None) -> None:
        super().__init__(_Handler)
        self.edition = 1
        self.changed: Mapping[str, int] = {}
        self.body = body or (lambda kind, number: page(f"{kind}-{number}", 30))
        self.asked: list[Asked] = []

    def content(self, url: str) -> bytes:
        """The page at an address in this edition, without any coding."""
        kind, _, number = url.split("/", 3)[3].partition("/")
        body = self.body(kind, number)
        if url not in self.changed:
            return body
        edition = b"Edition %d. " % self.changed[url]
        return body.replace(b"<p>", b"<p>" + edition, 1) + b"<!-- " + edition + b"-->"  # not every page has plain paragraphs

    def take_asked(self) -> list[Asked]:
        """What was asked since the last time, without robots.txt."""
        taken, self.asked = self.asked, []
        return taken


class _Handler(LoopbackHandler):
    server: Editions

    def answer(self) -> None:
        if self.path == "/robots.txt":
            self.send(404)
            return
        asked = Asked(self.url, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since"))
        self.server.asked.append(asked)
        kind = self.path.split("/")[1]
        if kind == "moved":
            self.send(302, b"", {**HTML, "Location": self.path.replace("moved", "tagged")})
        elif kind == "missing" and self.server.edition == 2:
            self.send(404, b"<html><title>Not found</title><h1>Not found</h1></html>")
        else:
            self._page(kind, self.server.content(self.url), asked)

    def _page(self, kind: str, body: bytes, asked: Asked) -> None:
        edition = self.server.edition
        tag = f'"{kind}-{hash(body) & 0xFFFFFF:x}{f"-{edition}" if kind == "retagged" else ""}"'
        validators = {"tagged": {"ETag": tag}, "retagged": {"ETag": tag}, "dated": {"Last-Modified": DATE}}.get(kind, {})
        if ("ETag" in validators and asked.tag == tag) or ("Last-Modified" in validators and asked.date == DATE):
            self.head(304, {**HTML, **validators})
        elif kind == "liar" and edition > 1:
            self.head(304, HTML)
        elif kind == "gzip":
            self.send(200, gzip.compress(body, 5, mtime=0), {**HTML, "Content-Encoding": "gzip"})
        elif kind == "chunked" or (kind == "recoded" and edition > 1):
            self._send_chunked(body, 300 + 1000 * edition)
        else:
            self.send(200, body, {**HTML, **validators})

    def _send_chunked(self, body: bytes, size: int) -> None:
        self.head(200, {**HTML, "Transfer-Encoding": "chunked"})
        for at in range(0, len(body), size):
            piece = body[at : at + size]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")


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
