"""Flags of pages in front of which something stands, or that are no article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import RemovedBlock
from pipelines.clean.flags import page_flags
from pipelines.clean.metadata import read_metadata
from pipelines.clean.page import parse_page
from pipelines.clean.pagetype import PageType
from pipelines.clean.quality import count_words

URL = "https://www.lisse-courier.example/2016/05/harbour-opens.html"
TEASER = "The first ship entered the new harbour of Lisse at dawn, and the people on the quay sang until the fog had lifted."
SAID = "Nine years after the town had voted for it the harbour was opened by the mayor and her two predecessors. "
NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour opens", "isAccessibleForFree": %s%s}</script>'


def flags(
    text: str,
    *,
    head: str = "",
    body: str = "",
    kind: PageType = PageType.ARTICLE,
    url: str = URL,
    removed: tuple[RemovedBlock, ...] = (),
) -> tuple[str, ...]:
    page = parse_page(f"<html><head>{head}</head><body><p>{text}</p>{body}</body></html>".encode(), "text/html; charset=utf-8")
    assert page.tree is not None
    metadata = read_metadata(page.tree, url, datetime(2016, 6, 1, tzinfo=UTC))
    words = count_words(text)
    return page_flags(page.tree, url, metadata, kind, text=text, words=words, removed=removed, visible=page.visible_text, markup=page.html)


def test_an_article_has_none() -> None:
    assert flags(SAID * 20) == ()


def test_kind_and_length() -> None:
    assert flags(SAID, kind=PageType.FRONT_PAGE) == ("front-page",)
    assert flags(SAID * 20, kind=PageType.LISTING) == ("listing",)
    assert flags("") == ()


LAYERS = (
    "We and our 214 partners store and/or access information on a device. Accept all. Reject all. You can withdraw your consent.",
    "Wir und unsere 183 Partner brauchen Ihre Zustimmung. Zustimmen und weiter. Pur-Abo: ohne Werbung lesen. Einwilligung widerrufen.",
    "Nous et nos 98 partenaires utilisons des cookies. Tout accepter. Continuer sans accepter. Paramétrer les cookies.",
    "Utilizamos cookies. Aceptar todo. Rechazar y continuar. Configurar cookies. Nuestros 120 socios.",
)


@pytest.mark.parametrize("layer", LAYERS)
def test_consent_walls(layer: str) -> None:
    assert "consent" in flags(layer, kind=PageType.OTHER)
    assert "consent" in flags("", body=f"<div>{layer}</div>", kind=PageType.OTHER)
    assert "consent" in flags("Harbour opens", removed=(RemovedBlock("cookie", layer, 0),), body=f"<div>{layer}</div>")


def test_a_consent_page_by_its_address() -> None:
    assert "consent" in flags("Continue", url="https://consent.lisse-courier.example/m?continue=a", kind=PageType.OTHER)


@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_no_consent_wall(layer: str) -> None:
    assert "consent" not in flags(SAID * 6, body=f"<footer>{layer}</footer>")
    assert "consent" not in flags(
        SAID, body=f"<footer>{layer}</footer>", head='<meta property="article:published_time" content="2016-05-21">'
    )
    assert "consent" not in flags(f"{SAID * 3} {layer[:60]} {SAID * 4}", head='<meta name="author" content="Mara Tolsteeg">')
    assert "consent" not in flags(layer, kind=PageType.PRODUCT)


BARRIER = "<div class='%s'><p>To continue reading, subscribe today.</p><p>Already a subscriber?</p></div>"


@pytest.mark.parametrize(
    "barrier", ["article-paywall", "tp-container-inner", "poool-widget", "zephr-gate", "leaky_paywall_message", "o-barrier"]
)
def test_a_stub_by_its_barrier(barrier: str) -> None:
    assert flags(TEASER, body=BARRIER % barrier) == ("paywall", "paywall-stub")
    assert flags(SAID * 20, body=BARRIER % barrier) == ()
    free = NOT_FREE % ("true", "")
    assert "paywall" not in flags(TEASER, head=free, body=BARRIER % barrier)


@pytest.mark.parametrize(
    "offer",
    [
        "Weiterlesen mit Ihrem Abo.",
        "Cet article est réservé aux abonnés.",
        "Contenido exclusivo para suscriptores.",
        "この記事は会員限定です",
    ],
)
def test_offers_in_other_languages(offer: str) -> None:
    assert "paywall-stub" in flags(TEASER, body=f"<section id='paywall'>{offer}</section>")


def test_what_the_page_says_of_its_price() -> None:
    assert flags(SAID * 20, head=NOT_FREE % ("false", "")) == ("paywall",)
    assert flags(SAID * 20, head=NOT_FREE % ("false", ', "wordCount": 1200')) == ("paywall", "paywall-stub")
    assert flags(SAID * 20, head=NOT_FREE % ("false", ', "wordCount": 400')) == ("paywall",)
    part = NOT_FREE % ("null", ', "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": false}')
    assert flags(SAID * 20, head=part) == ("paywall",)


def test_a_hidden_barrier_without_an_offer_is_no_paywall() -> None:
    assert flags(TEASER, body="<div class='paywall-container'></div>") == ()
    assert flags(TEASER, body="<div class='paywall'>Weather</div>") == ()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("lisse-courier.example is for sale", "This domain name is for sale. Make an offer."),
        ("lisse-courier.example", "Buy this domain. The owner of this domain has offered it for sale."),
        ("Welcome to nginx!", "Welcome to nginx! If you see this page, the web server is installed."),
        ("Account Suspended", "This account has been suspended. Contact your hosting provider."),
        ("lisse-courier.example", "Diese Domain steht zum Verkauf."),
        ("Apache2 Ubuntu Default Page: It works", "Apache2 Ubuntu Default Page. It works!"),
    ],
)
def test_parked_domains(title: str, text: str) -> None:
    assert "parked" in flags(text, head=f"<title>{title}</title>", kind=PageType.OTHER)


def test_an_article_on_a_domain_for_sale_is_not_parked() -> None:
    head = "<title>Harbour's domain is for sale</title>"
    assert "parked" not in flags(f"{TEASER} This domain is for sale.", head=head + '<meta name="author" content="Mara Tolsteeg">')
    assert "parked" not in flags(f"This domain is for sale. {SAID * 9}", head=head)
