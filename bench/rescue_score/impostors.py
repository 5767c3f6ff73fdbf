"""Pages that stand where an article was: section fronts, error pages, walls and parked domains, as documents that extraction would make."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from archive.model import Reason
from archive.urls import host_of
from bench.rescue_score.pages import SavedPage

_GONE = (
    ("Page not found", "We could not find the page you asked for. It may have moved, or it may never have been here."),
    ("Oops!", "Something went wrong on our side of the wire. Please try the search, or start again from the home page."),
    ("Archive", "This story has left our archive. Readers who need a copy can write to the library desk."),
    ("Seite nicht gefunden", "Den gesuchten Beitrag gibt es hier nicht mehr. Versuchen Sie es bitte über die Suche."),
    ("Page introuvable", "La page que vous cherchez a changé d'adresse. Revenez à l'accueil ou utilisez la recherche."),
    ("Página no encontrada", "El contenido que busca ya no está en esta dirección. Vuelva a la portada o use el buscador."),
    ("页面不存在", "您要找的页面已经移走，请返回首页，或者使用搜索。"),
    ("Search results", "Your search gave no results. Check the spelling or try fewer words."),
)
_WALLS = (
    ("Just a moment", "Checking that the connection is safe before you go on.", Reason.CHALLENGE),
    (
        "Access to this page",
        "Something about your browser made us think that you might be a robot. Confirm that you are not.",
        Reason.CHALLENGE,
    ),
    ("Your privacy", "We and our partners store cookies on your device. Accept all, or manage your choices. " * 3, Reason.CONSENT),
    ("Sign in", "Sign in or subscribe to go on reading. You have read all your free stories of this month.", Reason.OK),
    ("{host}", "This domain is for sale. Ask for a price, or look at related links: loans, flights, hotels.", Reason.PARKED),
    ("{host} - related searches", "Cheap flights. Car insurance. Online degrees. Hotels nearby. Credit cards. " * 3, Reason.PARKED),
)


def section_front(page: SavedPage, others: Sequence[SavedPage], rnd: random.Random) -> dict[str, Any]:
    """A list of headlines and teasers of the site, in half of all cases with that of the cited article."""
    section = rnd.choice(("World", "Politics", "Business", "Latest news", "Nachrichten", "Actualités", "Noticias", "国际"))
    listed = rnd.sample(list(others), min(rnd.randint(8, 25), len(others)))
    listed += [page] if rnd.random() < 0.5 else []
    rnd.shuffle(listed)
    text = "\n\n".join(f"{one.title}\n\n{str(one.document['description'] or '')[:160]}" for one in listed)
    told = rnd.random() < 0.6
    return document(page, f"{section} - {site(page)}", text) | {
        "page_type": "listing" if told else rnd.choice(("other", "article")),
        "canonical_url": rnd.choice((None, f"https://{host_of(page.url)}/{section.lower()}")),
    }


def error_page(page: SavedPage, others: Sequence[SavedPage], rnd: random.Random) -> tuple[dict[str, Any], Reason]:
    """Text that a soft 404 shows, in half of all cases with popular stories below; told as such by extraction, or not."""
    title, text = rnd.choice(_GONE)
    if rnd.random() < 0.5:
        text += "\n\n" + "\n".join(one.title for one in rnd.sample(list(others), min(12, len(others))))
    if rnd.random() < 0.2:
        text += f"\n\n{rnd.choice(('You asked for', 'No results for'))}: {page.title}"
    row = document(page, rnd.choice((title, f"{title} | {site(page)}", site(page))), text)
    row["canonical_url"] = rnd.choice((None, None, page.url, f"https://{host_of(page.url)}/404"))
    return row, rnd.choice((Reason.SOFT_404, Reason.OK, Reason.OK))


def wall(page: SavedPage, rnd: random.Random) -> tuple[dict[str, Any], Reason]:
    """A challenge, a consent layer, a sign-in form or a parked domain; told as such by extraction, or not."""
    title, text, reason = rnd.choice(_WALLS)
    row = document(page, title.format(host=host_of(page.url)), text)
    row["canonical_url"] = rnd.choice((None, None, page.url))
    return row, rnd.choice((reason, Reason.OK, Reason.OK))


def site(page: SavedPage) -> str:
    return str(page.document["site_name"] or host_of(page.url))


def document(page: SavedPage, title: str, text: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(("canonical_url", "description", "date_published", "date_modified", "language")),
        "host": host_of(page.url),
        "site_name": page.document["site_name"],
        "title": title,
        "text": text,
        "words": len(text.split()),
        "flags": [],
        "page_type": "other",
        "text_outcome": "ok" if len(text.split()) >= 100 else "thin",
    }
