"""What a reader of the archive must know of a page besides its text: walls before it, a text cut short, a page that is no article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.model import RemovedBlock
from pipelines.clean import consent, parked, paywalls
from pipelines.clean.metadata import Metadata
from pipelines.clean.pagetype import PageType
from pipelines.clean.quality import OK_WORDS, count_words
from pipelines.clean.reasons import Cut

_WALLED = (PageType.OTHER, PageType.ARTICLE, PageType.FRONT_PAGE, PageType.LISTING)
"""What a wall looks like; a page whose markup says that it sells something or is a thread is no wall."""
_WALL_WORDS = 60
"""A page behind a consent wall has hardly any text of its own."""
_WALL_TEXT = 500  # words; no layer has more on its first page
_ASKED, _WORDS_AN_ASK = 3, 70  # different sentences of consent layers; a footer has one or two
_SEARCHED = 6000
_STUB_WORDS = 250
"""A paywalled text below this, with an offer where it ends, is what readers see for nothing."""
_MISSING = 1.6  # times as many words as were found: what the publisher says the article has
_TEASER_WORDS = 20
_END = 500  # characters
_PARKED_WORDS = 150
_MAX_ELEMENTS = 5000


def page_flags(
    tree: HtmlElement,
    url: str,
    metadata: Metadata,
    kind: PageType,
    *,
    text: str,
    words: int,
    removed: Sequence[RemovedBlock] = (),
    visible: Callable[[], str],
    markup: bytes = b"",
) -> tuple[str, ...]:
    """``consent``, ``paywall``, ``paywall-stub``, ``front-page``, ``listing`` and ``parked``, those that hold, in this order.

    ``url`` is the final one; ``text`` is the clean text, of so many ``words``, and ``removed`` what was cut from it; ``visible`` gives the
    text of the whole page and is asked only where there is little to read; ``markup`` is the page's HTML. ``soft404`` and ``challenge`` are
    `judge`'s.
    """
    wall = _is_consent_page(url) or (kind in _WALLED and _is_consent_wall(metadata, text, words, removed, visible))
    paid, stub = _paywall(tree, metadata, words, lambda: _offers(text, removed, visible))
    found = (
        ("consent", wall),
        ("paywall", paid),
        ("paywall-stub", stub),
        ("front-page", kind is PageType.FRONT_PAGE),
        ("listing", kind is PageType.LISTING),
        ("parked", not wall and _is_parked(metadata, words, visible, markup)),
    )
    return tuple(name for name, holds in found if holds)


def _is_consent_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return consent.ADDRESS.search(f"{parts.hostname}{parts.path}") is not None


def _is_consent_wall(metadata: Metadata, text: str, words: int, removed: Sequence[RemovedBlock], visible: Callable[[], str]) -> bool:
    """Whether what there is to read asks for consent and hardly says anything else; articles on the subject have a date or an author."""
    if words >= _WALL_TEXT or metadata.dated or metadata.authors:
        return False
    if words >= _WALL_WORDS and sum(count_words(r.text) for r in removed if r.reason == Cut.COOKIE) < 2 * words:
        return _asks(text) >= max(_ASKED, words // _WORDS_AN_ASK)
    # A layer that hides a page leaves the page's own words visible to us: only where they are few is it a wall.
    seen = visible()
    return _asks(seen) >= max(_ASKED, count_words(seen) // _WORDS_AN_ASK)


def _asks(text: str) -> int:
    """How many different sentences and buttons of a consent layer a text has."""
    return len({m.group().lower() for m in islice(consent.ASKS.finditer(text[:_SEARCHED]), 50)})


def _paywall(tree: HtmlElement, metadata: Metadata, words: int, offered: Callable[[], bool]) -> tuple[bool, bool]:
    """Whether the article is for subscribers, and whether its text is cut short for that.

    Barriers lie hidden in every page of many sites, so markup counts only with a text that is short and an offer to read on.
    """
    told, short, stated = metadata.free_access is False, words < _STUB_WORDS, metadata.stated_words or 0
    if told:
        missing = stated >= OK_WORDS and stated > _MISSING * words
        return True, missing or (short and (offered() or _has_barrier(tree)))
    stub = metadata.free_access is None and short and words >= _TEASER_WORDS and _has_barrier(tree) and offered()
    return stub, stub


def _offers(text: str, removed: Sequence[RemovedBlock], visible: Callable[[], str]) -> bool:
    """Whether the end of the text, what was cut from it, or else the whole page offers to read on."""
    if paywalls.OFFER.search(text[-_END:]) or any(r.reason == Cut.PAYWALL_OFFER for r in removed):
        return True
    return paywalls.OFFER.search(visible()) is not None


def _has_barrier(tree: HtmlElement) -> bool:
    """Whether an element with text is named like a barrier."""
    for element in islice(tree.iter("div", "section", "aside", "article", "p", "span", "main"), _MAX_ELEMENTS):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if len(names) > 1 and paywalls.MARKUP.search(names) and any(t.strip() for t in islice(element.itertext(), 20)):
            return True
    return False


def _is_parked(metadata: Metadata, words: int, visible: Callable[[], str], markup: bytes) -> bool:
    """A short page without author or date that says, by title, text and markup, that there is no site."""
    if words >= _PARKED_WORDS or metadata.dated or metadata.authors:
        return False
    named = parked.TITLE.fullmatch(metadata.page_title.strip()) is not None
    marked = any(mark in markup for mark in parked.MARKUP)
    if not named and not marked and words >= _WALL_WORDS:
        return False
    text = visible()
    if count_words(text) >= 2 * _PARKED_WORDS:
        return False
    return (parked.SAYS.search(text[:3000]) is not None and (named or marked or count_words(text) < OK_WORDS)) or (marked and named)
