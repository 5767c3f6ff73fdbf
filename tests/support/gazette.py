"""An invented newspaper whose every story carries the same appeal amid its text, and menus around it; the words are our own."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

HOST = "gazette.example"
APPEAL = (
    "You are reading the Gazette for free because our readers pay for it. No owner tells us what to write, and nobody may buy our silence."
    " If this report is worth something to you, give what you can today."
)
SHORT_APPEAL = "Give the Gazette 3 pounds a month"
QUOTE = (
    '"We were told on the Monday that the dam would hold, we were told so again on the Tuesday, and on the Wednesday morning the water'
    ' stood in our kitchens," the mayor of the lower town said.'
)
MENU = ("Front page", "Harbour", "Council", "Courts", "Sport", "Weather", "Letters", "Obituaries", "Puzzles", "Archive", "Jobs", "Tides")

_NOUNS = (
    *("harbour", "council", "bridge", "river", "ferry", "tunnel", "market", "winter", "budget", "vote", "lock", "road", "flood"),
    *("school", "court", "bakery", "orchard", "signal"),
)
_VERBS = ("opened", "closed", "repaired", "delayed", "questioned", "approved", "rejected", "praised", "measured", "painted", "inspected")
_REST = ("before the summer", "after a long debate", "without much notice", "for the third time", "against all advice", "in heavy rain")


def paragraphs(seed: str, count: int = 6) -> list[str]:
    """Of three sentences, which no other seed has."""
    dice = random.Random(seed)
    return [" ".join(_sentence(dice) for _ in range(3)) for _ in range(count)]


def _sentence(dice: random.Random) -> str:
    what = f"The {dice.choice(_NOUNS)} of the {dice.choice(_NOUNS)} was {dice.choice(_VERBS)} {dice.choice(_REST)}"
    return f"{what}, said clerk number {dice.randrange(10**6)}."


def title(seed: str) -> str:
    dice = random.Random(f"title {seed}")
    return f"{dice.choice(_NOUNS).capitalize()} and {dice.choice(_NOUNS)} {dice.choice(_VERBS)} {dice.choice(_REST)}"


def story(seed: str, *more: str) -> bytes:
    """A page with the paragraphs of ``seed``, the appeal after the second of them, and ``more`` ones at the end."""
    text = paragraphs(seed)
    body = "".join(f"<p>{p}</p>\n" for p in (*text[:2], APPEAL, *text[2:], *more))
    menu = "".join(f"<li><a href='/{label}'>{label}</a></li>" for label in MENU)
    return (
        f"<!doctype html><html lang='en'><head><title>{title(seed)}</title><meta name='description' content='{text[0][:90]}'></head>"
        f"<body><nav><ul>{menu}</ul></nav><main><article><h1>{title(seed)}</h1>\n{body}</article></main></body></html>"
    ).encode()


class PageServer:
    """Serves ``pages`` (path -> HTML) on loopback for any host name. Entering starts it, leaving stops it."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = dict(pages)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.pages))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def options(self) -> list[str]:
        """Options of a crawl that finds this site and does not wait."""
        rule = f"::127.0.0.1:{self._server.server_port}"
        return ["--connect-to", rule, "--delay", "0", "--retries", "0", "--jobs", "1", "--no-progress", "--json"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(pages: Mapping[str, bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
