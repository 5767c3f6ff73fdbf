"""Whole pages that stand where an article was, in words of our own and the few that such pages all use."""

from __future__ import annotations

import pytest

from archive.model import DocumentContext, OutcomeWord, Reason
from pipelines.extract import examine

_NAV = "<nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/sport'>Sport</a> <a href='/about'>About us</a></nav>"
_STORIES = "".join(f"<li><a href='/s/{n}'>Council number {n} votes on the ferry that nobody wanted to pay for</a></li>" for n in range(12))
_MOST_READ = f"<h2>Most read</h2><ul>{_STORIES}</ul>"


def reason_of(title: str, heading: str = "", text: str = "", more: str = "", status: int = 200) -> Reason:
    html = f"<html><head><title>{title}</title></head><body>{_NAV}<h1>{heading}</h1><p>{text}</p>{more}<footer>Terms</footer></body></html>"
    url = "https://courier.example/world/2016/05/21/ferry"
    context = DocumentContext(url, url, "2026-11-21T00:00:00Z", OutcomeWord.CAPTURED, status, "<urn:uuid:1>", None, 0, 1, "run")
    return examine(html.encode(), "text/html; charset=utf-8", context).reason


GONE = [
    ("404NotFound", "404NotFound", ""),
    ("Oops!", "Oops!", "We're sorry, the page you requested could not be found. Please go back to the start."),
    ("The Courier", "", "Oops! The page you were looking for doesn't exist."),
    ("Sorry, this content isn't available right now", "", ""),
    ("Cette actualité n'est plus disponible", "", ""),
    ("El Correo", "Vaya", "Lo sentimos, no encontramos la página que busca."),
    ("信使报", "", "您访问的页面不存在或已删除！"),
    ("信使报", "", "很抱歉，您要访问的页面不存在！"),
    ("页面没有找到", "", ""),
]


@pytest.mark.parametrize("more", ["", _MOST_READ], ids=["alone", "with-stories"])
@pytest.mark.parametrize("page", GONE, ids=[str(n) for n in range(len(GONE))])
def test_soft_404s(page: tuple[str, str, str], more: str) -> None:
    assert reason_of(*page, more) == Reason.SOFT_404


@pytest.mark.parametrize(
    ("title", "heading", "text", "reason"),
    [
        ("Just a moment...", "Checking your browser before you go on", "", Reason.CHALLENGE),
        ("Too Many Requests", "Too many requests", "Slow down a little.", Reason.CHALLENGE),
        ("Request Rejected", "Rejected", "Your support number is 12.", Reason.CHALLENGE),
        ("You are now in line", "You are now in line", "The wait is about two minutes.", Reason.CHALLENGE),
        ("courier.example", "courier.example", "This domain is for sale! Make an offer for this domain.", Reason.PARKED),
        ("HugeDomains.com - courier.example is for sale", "courier.example is for sale", "Buy it today.", Reason.PARKED),
        ("courier.example", "", "This web page is parked FREE, courtesy of a registrar.", Reason.PARKED),
        (
            "Your privacy",
            "Your privacy",
            "We and our partners use cookies. Accept all, or manage your consent. Reject all. Cookie settings",
            Reason.CONSENT,
        ),
    ],
)
def test_walls_and_parked_domains(title: str, heading: str, text: str, reason: Reason) -> None:
    assert reason_of(title, heading, text) == reason


@pytest.mark.parametrize(
    ("title", "heading", "text"),
    [
        ("Too many requests for help, say ferry men", "Too many requests for help", "The harbour office could not answer them all."),
        ("Courier.example is for sale, its owner says", "A newspaper's address is on the market", "The owner wants a new roof. " * 20),
        ("Ferry is missing", "Ferry is missing", "Nobody has seen it since Monday, and the page of the log is gone."),
        ("We are parked by the harbour", "Parked by the harbour", "Forty lorries wait for a ferry that is in dock. " * 8),
    ],
)
def test_articles_that_sound_like_them(title: str, heading: str, text: str) -> None:
    assert reason_of(title, heading, text) == Reason.OK
