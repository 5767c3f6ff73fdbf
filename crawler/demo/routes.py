"""What each address of the demo answers, and what a correct crawl makes of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from archive.model import OutcomeWord
from crawler.demo.press import publishers

MEMBERS_HOST = "members.meridian-wire.example"
"""A host whose robots.txt forbids everything."""


class Behaviour(enum.Enum):
    """How an address answers."""

    PAGE = enum.auto()
    REDIRECT = enum.auto()
    NOT_FOUND = enum.auto()
    REMOVED = enum.auto()
    SOFT_404 = enum.auto()
    CHALLENGE = enum.auto()
    FLAKY = enum.auto()  # 503 with Retry-After once, then the page
    CHUNKED_GZIP = enum.auto()
    TRUNCATED = enum.auto()  # the connection closes in the middle of the body


@dataclass(frozen=True, slots=True)
class Route:
    behaviour: Behaviour
    expected: OutcomeWord | None  # None: no digest cites this address
    location: str = ""  # where a redirect leads


_CAPTURED, _GONE, _BLOCKED = OutcomeWord.CAPTURED, OutcomeWord.GONE, OutcomeWord.BLOCKED
_GAZETTE, _POST, _COURIER, _WIRE = (f"http://{publishers()[p].host}" for p in ("gazette", "post", "courier", "wire"))

ROUTES = {
    f"{_GAZETTE}/2016/05/21/east-channel-dredging-approved": Route(Behaviour.PAGE, _CAPTURED),
    f"{_COURIER}/story/4471/dredging-vote": Route(Behaviour.PAGE, _CAPTURED),
    f"{_POST}/harbour/vessmouth-to-dredge-east-channel.html": Route(Behaviour.PAGE, None),
    f"{_POST}/article.php?id=20817&ref=digest": Route(
        Behaviour.REDIRECT, _CAPTURED, f"{_POST}/harbour/vessmouth-to-dredge-east-channel.html"
    ),
    f"{_WIRE}/business/2016/05/20/vessmouth-channel": Route(Behaviour.NOT_FOUND, _GONE),
    f"{_GAZETTE}/2017/10/03/kelder-bridge-closed": Route(Behaviour.CHUNKED_GZIP, _CAPTURED),
    f"{_COURIER}/story/6120/bridge-closure-schools": Route(Behaviour.FLAKY, _CAPTURED),
    f"{_POST}/transport/kelder-bridge-what-we-know.html": Route(Behaviour.PAGE, _CAPTURED),
    f"{_POST}/transport/kelder-detour-map.html": Route(Behaviour.SOFT_404, _GONE),
    f"{_WIRE}/world/2017/10/03/kelder-bridge": Route(Behaviour.CHALLENGE, _BLOCKED),
    f"{_WIRE}/culture/2018/03/14/tide-tables-opened": Route(Behaviour.PAGE, _CAPTURED),
    f"{_POST}/culture/tide-book-volunteers.html": Route(Behaviour.TRUNCATED, OutcomeWord.ERROR),
    f"{_GAZETTE}/2018/03/14/tide-tables-online": Route(Behaviour.REMOVED, _GONE),
    f"{_COURIER}/story/7003/tide-tables": Route(Behaviour.REDIRECT, _GONE, f"{_COURIER}/"),
    f"http://{MEMBERS_HOST}/reports/tide-tables-in-full": Route(Behaviour.NOT_FOUND, OutcomeWord.SKIPPED),
}

EXPECTED: dict[str, OutcomeWord] = {url: route.expected for url, route in ROUTES.items() if route.expected is not None}
"""The outcome of every address that the digest pages cite."""

REMEMBERED = {f"{_WIRE}/business/2016/05/20/vessmouth-channel": "20160520194500"}
"""Dead addresses of which the demo's web archive has a copy, and when it was made."""

EXPECTED_OF_RESCUE = EXPECTED | dict.fromkeys(REMEMBERED, OutcomeWord.RESCUED)
"""The outcome of every address when dead ones are looked for there."""
