"""A small web that died, and archives that kept some of it, on loopback for any host name: what each address does is written in its path.

Live, ``/alive/...`` is a page and ``/soft/...`` says that it is not there; ``/refused/...`` hangs up; all else is 404. In the archive, the
last part of the path says what its copy is, see `COPIES`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import parse_qsl, urlsplit

from tests.support.gazette import story
from tests.support.loopback import PLAIN, LoopbackHandler, LoopbackServer

WAYBACK, INDEX, DATA = "web.archive.org", "index.commoncrawl.org", "data.commoncrawl.org"
CRAWL = "CC-MAIN-2016-22"
WARC = f"crawl-data/{CRAWL}/part.warc.gz"
MOMENT = "20160522101500"
LATE = "20180101000000"
COPIES = frozenset({
    *("good", "blocked", "none", "far", "missing", "softly", "moved", "front", "second", "crawl", "limit", "down", "zipped", "wrong"),
})  # fmt: skip
_PAGE, _JSON = {"Content-Type": "text/html"}, {"Content-Type": "application/json"}
_SOFT = (
    b"<!doctype html><html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>It may have moved.</p></body></html>"
)


def stamp(digits: str) -> float:
    return time.mktime(time.strptime(digits, "%Y%m%d%H%M%S")) - time.timezone


RECIPE = (
    "Soak two cups of red lentils overnight. Fry an onion and three cloves of garlic in olive oil until they are golden, then add cumin,"
    " turmeric and a little chilli. Pour in a litre of vegetable stock, add the lentils, and let the pot simmer for half an hour."
    " Season with lemon juice and salt, and serve the soup with yoghurt, coriander leaves and warm flat bread. It keeps for three days"
    " in the fridge and tastes better on the second."
)


def page(url: str) -> bytes:
    """The page that once was at an address, the same for either scheme; at a ``wrong`` one stood something else when it was captured."""
    if kind_of(url) == "wrong":
        paragraphs = f"<p>{RECIPE}</p>" * 2
        return f"<!doctype html><title>Lentil soup</title><article><h1>Lentil soup</h1>{paragraphs}</article>".encode()
    return story(urlsplit(url).path)


def kind_of(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2].partition("-")[0]


def record(url: str) -> bytes:
    """The gzip member of a WARC that Common Crawl would give."""
    body = page(url)
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2016-05-24T02:03:04Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{'0' * 8}-0000-4000-8000-{'0' * 12}>\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


@dataclass
class Seen:
    """A request: ``at`` is when it came, in seconds of the wall clock."""

    at: float
    host: str
    target: str


class DeadWeb(LoopbackServer):
    """``members`` are the records that Common Crawl has, by address."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.members: dict[str, bytes] = {}
        self.log: list[Seen] = []
        self._lock = threading.Lock()

    @property
    def options(self) -> list[str]:
        """Like any site's, with the retries of a user."""
        return ["--connect-to", self.connect_to(), "--delay", "0", "--jobs", "1", "--no-progress", "--json"]

    @property
    def config(self) -> str:
        """The public archives' own addresses without TLS, as a configuration file has them."""
        return (
            "[rescue]\narchives = [\n"
            f' {{name = "{WAYBACK}", kind = "cdx", index = "http://{WAYBACK}/cdx/search/cdx",'
            f' playback = "http://{WAYBACK}/web/{{timestamp}}id_/{{url}}"}},\n'
            f' {{name = "commoncrawl.org", kind = "commoncrawl", index = "http://{INDEX}/collinfo.json", data = "http://{DATA}/"}},\n]\n'
        )

    def asked(self, host: str, beginning: str = "/") -> list[Seen]:
        with self._lock:
            return [seen for seen in self.log if seen.host == host and seen.target.startswith(beginning)]

    def looked_up(self) -> Counter[str]:
        """Addresses that the CDX server was asked for, or hosts."""
        return Counter(dict(parse_qsl(urlsplit(seen.target).query))["url"] for seen in self.asked(WAYBACK, "/cdx/"))

    def note(self, host: str, target: str) -> int:
        """How often the same was asked for before."""
        with self._lock:
            before = sum(1 for seen in self.log if (seen.host, seen.target) == (host, target))
            self.log.append(Seen(time.time(), host, target))
        return before


class _Handler(LoopbackHandler):
    server: DeadWeb

    def answer(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        before = self.server.note(host, self.path)
        match host:
            case "web.archive.org" if self.path.startswith("/cdx/"):
                self._cdx(dict(parse_qsl(urlsplit(self.path).query)), before)
            case "web.archive.org":
                self._playback(before)
            case "index.commoncrawl.org":
                self._index()
            case "data.commoncrawl.org":
                self._piece()
            case _:
                self._live()

    # --- the live web -----------------------------------------------------------------------------

    def _live(self) -> None:
        if self.path == "/robots.txt":
            self.send(200, b"User-agent: *\nDisallow: /private/\n", PLAIN)
        elif self.path.startswith("/alive/"):
            self.send(200, page(self.path))
        elif self.path.startswith("/soft/"):
            self.send(200, _SOFT)
        elif self.path.startswith("/refused/"):
            self.close_connection = True
        elif self.path.startswith("/challenge/"):
            self.send(403, b"<html><title>Just a moment...</title><body>Checking your browser before accessing the site.</body></html>")
        else:
            self.send(404, _SOFT)

    # --- a Wayback-style archive --------------------------------------------------------------------

    def _cdx(self, query: dict[str, str], before: int) -> None:
        url = query["url"]
        if query.get("matchType") == "host":
            asked = {urlsplit(f"http://{seen.host}{seen.target}").geturl() for seen in self.server.asked(url)}
            rows = [row for address in sorted(asked) for row in _rows(address)]
        else:
            rows = _rows(url)
        if kind_of(url) == "blocked":
            error = "org.archive.util.io.RuntimeIOException: AdministrativeAccessControlException: Blocked Site Error"
            self.send(403, b"Blocked Site Error\n", {**PLAIN, "X-Archive-Wayback-Runtime-Error": error})
        elif kind_of(url) == "limit" and before == 0:
            self.send(429, b"slow down\n", {**PLAIN, "Retry-After": "1"})
        elif kind_of(url) == "down":
            self.send(503, b"", PLAIN)
        else:
            heading = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
            self.send(200, json.dumps([heading, *rows] if rows else []).encode(), _JSON)

    def _playback(self, before: int) -> None:
        _, _, moment, url = self.path.split("/", 3)
        digits, kind = moment.removesuffix("id_"), kind_of(url)
        if not moment.endswith("id_") or kind == "none":
            self.send(404, _SOFT)
        elif kind == "far" and digits == MOMENT:
            self.send(302, b"", {**_PAGE, "Location": f"/web/{LATE}id_/{url}"})
        elif kind == "missing":
            self._memento(404, _SOFT, digits)
        elif kind == "softly" or (kind == "second" and digits == MOMENT):
            self._memento(200, _SOFT, digits)
        elif kind == "moved":
            self._memento(301, b"", digits, Location=f"/web/{digits}id_/{url.replace('/moved', '/good')}")
        elif kind == "front":
            self._memento(301, b"", digits, Location=f"/web/{digits}id_/http://{urlsplit(url).hostname}/")
        elif kind == "zipped":
            self._memento(200, gzip.compress(page(url), mtime=0), digits, **{"X-Archive-Orig-Content-Encoding": "gzip"})
        else:
            self._memento(200, page(url), digits)

    def _memento(self, status: int, body: bytes, digits: str, **more: str) -> None:
        self.send(status, body, {**_PAGE, "Memento-Datetime": formatdate(stamp(digits), usegmt=True), **more})

    # --- Common Crawl -----------------------------------------------------------------------------

    def _index(self) -> None:
        if self.path == "/collinfo.json":
            row = {
                "id": CRAWL,
                "name": "May 2016",
                "cdx-api": f"http://{INDEX}/{CRAWL}-index",
                "from": "2016-05-23T00:00:00",
                "to": "2016-06-01T00:00:00",
            }
            self.send(200, json.dumps([row]).encode(), _JSON)
            return
        url = dict(parse_qsl(urlsplit(self.path).query))["url"]
        members = self.server.members
        if url not in members:
            self.send(404, b'{"message": "No Captures found"}', _JSON)
            return
        offset = sum(len(data) for name, data in sorted(members.items()) if name < url)
        row = {"urlkey": url, "timestamp": "20160524020304", "url": url, "mime": "text/html", "status": "200", "digest": "X" * 32}
        row |= {"length": str(len(members[url])), "offset": str(offset), "filename": WARC}
        self.send(200, json.dumps(row).encode() + b"\n", {"Content-Type": "text/x-ndjson"})

    def _piece(self) -> None:
        first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
        whole = b"".join(data for _, data in sorted(self.server.members.items()))
        self.send(206, whole[int(first) : int(last) + 1], {"Content-Type": "application/octet-stream"})


def _rows(url: str) -> list[list[str]]:
    kind = kind_of(url)
    if kind not in COPIES or kind in {"none", "crawl"}:
        return []
    moments = (MOMENT, "20160525101500") if kind == "second" else (MOMENT,)
    digests = [hashlib.sha1(f"{url} {moment}".encode()).hexdigest() for moment in moments]
    return [[url, moment, url, "text/html", "200", digest, "999"] for moment, digest in zip(moments, digests, strict=True)]
