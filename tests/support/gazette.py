"""An invented newspaper whose every story carries the same appeal amid its text, and menus around it; the words are our own."""

from __future__ import annotations

import random
from collections.abc import Mapping

from tests.support.loopback import LoopbackHandler, LoopbackServer

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


class PageServer(LoopbackServer):
    """Serves ``pages`` (path -> HTML)."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        super().__init__(_Handler)
        self.pages = dict(pages)


class _Handler(LoopbackHandler):
    server: PageServer

    def answer(self) -> None:
        body = self.server.pages.get(self.path)
        self.send(404 if body is None else 200, body or b"")
