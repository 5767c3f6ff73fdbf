"""A small web on loopback for crawls that are killed: every kind of ending, no waiting, and a list of what was asked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.support.loopback import HTML, PLAIN, LoopbackHandler, LoopbackServer

_ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_WORDS = ("harbour", "council", "bridge", "river", "ferry", "tunnel", "market", "winter", "budget", "vote", "lock", "road", "flood")

KINDS = ("page", "page", "missing", "page", "moved", "page", "cut", "page", "silent", "page", "private", "page")
_OUTCOMES = {
    "page": "captured",
    "moved": "captured",
    "missing": "gone",
    "soft": "gone",
    "cut": "error",
    "silent": "error",
    "private": "skipped",
}


class SmallSite(LoopbackServer):
    """``targets`` addresses over ``hosts`` names, all led here by ``--connect-to``. Pages wait at the gate."""

    def __init__(self, targets: int = 64, hosts: int = 8, paragraphs: int = 4, first: int = 0, kinds: Sequence[str] = KINDS) -> None:
        super().__init__(_Handler)
        self.paragraphs = paragraphs
        numbered = {n: kinds[n % len(kinds)] for n in range(first, first + targets)}
        self.expected = {f"http://site-{n % hosts}.example/{kind}/{n}": _OUTCOMES[kind] for n, kind in numbered.items()}
        self.asked: list[str] = []  # in order, without robots.txt
        self.askers: set[str] = set()  # User-Agents

    def requests(self) -> int:
        return len(self.asked)

    def refetched(self) -> int:
        """Requests beyond the first for each target."""
        times = Counter(self.asked)
        return sum(times[url] - 1 for url in self.expected if times[url])

    def list_in(self, directory: Path, name: str = "urls.txt") -> Path:
        """The targets as an input file."""
        file = directory / name
        file.write_text("".join(f"{url}\n" for url in self.expected), encoding="utf-8")
        return file


class _Handler(LoopbackHandler):
    server: SmallSite

    def answer(self) -> None:
        if self.path == "/robots.txt":
            self.send(200, _ROBOTS, PLAIN)
            return
        self.server.asked.append(self.url)
        self.server.askers.add(self.headers.get("User-Agent", ""))
        self.server.gate.wait()
        kind, _, number = self.path[1:].partition("/")
        if kind == "missing":
            self.send(404, b"<html><title>Not found</title><body><h1>Not found</h1></body></html>")
        elif kind == "moved":
            self.send(301, b"", {**HTML, "Location": f"/now/{number}"})
        elif kind == "soft":
            self.send(200, b"<html><title>Page not found</title><body><h1>Page not found</h1><p>It may have moved.</p></body></html>")
        elif kind == "silent":
            self.close_connection = True
        elif kind == "cut":
            self._cut(page(number, self.server.paragraphs))
        else:
            self.send(200, page(number, self.server.paragraphs))

    def _cut(self, body: bytes) -> None:
        self.head(200, {**HTML, "Content-Length": str(len(body))})
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True


def page(number: str, paragraphs: int) -> bytes:
    """An article that no other has, the same bytes for the same number; about 400 bytes a paragraph, of which gzip leaves a quarter."""
    dice = random.Random(number)
    text = "".join(f"<p>{' '.join(dice.choices(_WORDS, k=60)).capitalize()} {number}.</p>\n" for _ in range(paragraphs))
    title = f"{' '.join(dice.choices(_WORDS, k=6)).capitalize()} {number}"
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>\n{text}</article></body></html>".encode()
