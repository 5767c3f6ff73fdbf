"""A digest and the press that it cites on one loopback server, for every host name; its pages may be changed between two crawls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from tests.support.loopback import HTML, PLAIN, LoopbackHandler, LoopbackServer

DIGEST = "http://digest.example"
PRESS = "http://press.example"


def day_path(day: str) -> str:
    """The folder of a day as the digests write it: ``/news/2016/05/3``."""
    year, month, number = day.split("-")
    return f"/news/{year}/{month}/{int(number)}"


def event_page(day: str, title: str, *sources: tuple[str, str]) -> str:
    """An event with its sources: (publisher, address)."""
    cited = "\n".join(f"{number}. [{name}]({url})" for number, (name, url) in enumerate(sources, 1))
    return f"### [{day}]({day_path(day)}/index.md)\n\n#  {title} \nWhat happened that day.\n\n### Source:\n{cited}\n"


def day_index(day: str, entries: Iterable[tuple[str, str]]) -> str:
    """The index of a day: (title, slug) of its events."""
    told = "\n".join(f"### [{title}]({day_path(day)}/{slug}.md)\n_Context: Harbours, Weather_\n" for title, slug in entries)
    return f"## [{day}]({day_path(day)}/index.md)\n\n{told}\n## [Previous Day...]({day_path('2016-05-01')}/index.md)\n"


def article(name: str) -> str:
    words = " ".join(f"The council of {name} met again and spoke of the harbour, sentence {n}." for n in range(12))
    return f"<!doctype html><html><head><title>News of {name}</title></head><body><article><h1>News of {name}</h1><p>{words}</p></article>"


class DigestSite(LoopbackServer):
    """Serves what is in `pages` by address, with an ETag; of every host but `DIGEST` all other addresses are articles too. Pages of the
    press wait at the gate.
    """

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.pages: dict[str, bytes | int] = {}  # address -> body, or the status of an error
        self.types: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.robots: dict[str, str] = {}  # host -> robots.txt
        self.asked: list[str] = []
        self.not_modified: list[str] = []

    def put(self, path: str, body: str | bytes, mime: str = "text/plain; charset=utf-8", host: str = DIGEST) -> str:
        """Returns the address."""
        self.pages[host + path] = body.encode() if isinstance(body, str) else body
        self.types[host + path] = mime
        return host + path

    def put_day(self, day: str, events: dict[str, list[str]]) -> str:
        """The index of a day and the page of each of its events: slug -> names of press articles. Returns the index's address."""
        folder = day_path(day)
        for slug, names in events.items():
            self.put(f"{folder}/{slug}.md", event_page(day, f"Event {slug}", *((name, f"{PRESS}/{name}") for name in names)))
        return self.put(f"{folder}/index.md", day_index(day, [(f"Event {slug}", slug) for slug in events]))

    def take_asked(self) -> list[str]:
        """Addresses asked for since the last call, without robots.txt."""
        taken, self.asked = self.asked, []
        return taken


class _Handler(LoopbackHandler):
    server: DigestSite

    def answer(self) -> None:
        site, url = self.server, self.url
        if self.path == "/robots.txt":
            self.send(200, site.robots.get(urlsplit(url).hostname or "", "").encode(), PLAIN)
            return
        site.asked.append(url)
        if url.startswith(PRESS):
            site.gate.wait()
        if location := site.redirects.get(url):
            self.send(301, b"", {"Location": location})
            return
        page = site.pages.get(url)
        if page is None and not url.startswith(DIGEST):
            page = article(self.path[1:]).encode()
        if page is None or isinstance(page, int):
            self.send(page or 404, b"Not found", PLAIN)
            return
        tag = f'"{hashlib.sha256(page).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            site.not_modified.append(url)
            self.head(304, {"ETag": tag})
        else:
            self.send(200, page, {"ETag": tag, "Content-Type": site.types.get(url, HTML["Content-Type"])})
