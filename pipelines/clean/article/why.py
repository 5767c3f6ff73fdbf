"""Why a piece is not in the text: a word from the published list, told from its place, its markup and its wording."""

from __future__ import annotations

import re

from pipelines.clean.article.layout import ends_sentence
from pipelines.clean.article.markup import BIT
from pipelines.clean.article.segment import Box, Piece
from pipelines.clean.article.wording import BIT as SAYS
from pipelines.clean.article.wording import wording_of
from pipelines.clean.reasons import Cut

_LEVELS = 6  # boxes upwards whose names are read: farther up they name the page
_SHORT, _LONG = 15, 60  # words

_DONATION = re.compile(r"\b(?:donat|contribut(?:e|ion) (?:today|now)|support (?:us|our)|spende|faire un don|dona\b|doneer)", re.IGNORECASE)
_NEWSLETTER = re.compile(r"newsletter|inbox|e-?mail|boletín|infolettre|nieuwsbrief", re.IGNORECASE)
_SIGN_IN = re.compile(r"\b(?:log ?in|sign[ -]?in|register|anmelden|einloggen|password|username|identif)", re.IGNORECASE)
_PAYWALL = re.compile(r"subscri|unlimited access|abonn|suscr|assine|per (?:month|week|year)|premium|members?hip", re.IGNORECASE)
_COOKIE = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
_PLAYER = re.compile(r"\b(?:video|player|audio|podcast|watch|listen|play|volume|mute|javascript|flash|browser)\b", re.IGNORECASE)
_LEGAL = re.compile(r"©|\(c\) ?\d|copyright|all rights reserved|alle rechte|derechos reservados|tous droits", re.IGNORECASE)
_BIO = re.compile(r"\b(?:is an? |are |has (?:been|worked)|writes|covers|joined|worked|follow (?:him|her|them)|lives in)\b", re.IGNORECASE)

_NAMED: tuple[tuple[str, Cut], ...] = (
    ("comment", Cut.COMMENT),
    ("ad", Cut.AD),
    ("share", Cut.SHARE),
    ("related", Cut.RELATED),
    ("author", Cut.BYLINE),
    ("caption", Cut.CAPTION),
    ("foot", Cut.LEGAL),
    ("nav", Cut.NAVIGATION),
    ("meta", Cut.TAGS),
)
_TAGGED = {"nav": Cut.NAVIGATION, "figcaption": Cut.CAPTION, "figure": Cut.CAPTION, "header": Cut.NAVIGATION, "footer": Cut.NAVIGATION}


def reason_of(piece: Piece, *, over: bool) -> Cut:
    """Why a piece was cut. ``over`` says that no text of the article comes after it."""
    if piece.box.cut is not None:
        return piece.box.cut
    says = wording_of(piece.text) if piece.words < _LONG else 0
    names, tags = _around(piece.box)
    return _by_wording(piece, says, names) or _by_markup(piece, says, names, tags) or _by_place(piece, says, over=over)


def _around(box: Box | None) -> tuple[int, set[str]]:
    names, tags = 0, set()
    for _ in range(_LEVELS):
        if box is None or box.tag == "body":
            break
        names |= box.names
        tags.add(box.tag)
        box = box.parent
    return names, tags


def _by_wording(piece: Piece, says: int, names: int) -> Cut | None:
    text = piece.text[:600]
    if _LEGAL.search(text) and piece.words < _LONG:
        return Cut.LEGAL
    if _COOKIE.search(text) and names & BIT["nav"] | says & SAYS["legal"]:
        return Cut.COOKIE
    if says & SAYS["subscribe"] or names & BIT["newsletter"]:
        return _offer(text)
    if says & SAYS["ad"] and piece.words < 6:
        return Cut.AD
    return _by_line(piece, says, names) if piece.words < _SHORT else None


def _by_line(piece: Piece, says: int, names: int) -> Cut | None:
    """Who wrote it, and when: lines at an article's top."""
    if says & SAYS["date"] and sum(map(str.isdigit, piece.text)) > 3 and not ends_sentence(piece.text):
        return Cut.BYLINE if says & SAYS["byline"] else Cut.DATE
    return Cut.BYLINE if says & SAYS["byline"] and names & BIT["author"] else None


def _offer(text: str) -> Cut | None:
    """What the page asks its reader for."""
    for pattern, cut in ((_DONATION, Cut.DONATION), (_NEWSLETTER, Cut.NEWSLETTER), (_SIGN_IN, Cut.SIGN_IN), (_PAYWALL, Cut.PAYWALL_OFFER)):
        if pattern.search(text):
            return cut
    return None


def _by_markup(piece: Piece, says: int, names: int, tags: set[str]) -> Cut | None:
    if "figcaption" in tags:
        return Cut.CAPTION
    for group, cut in _NAMED:
        if names & BIT[group]:
            if cut is Cut.BYLINE and piece.words > _SHORT and _BIO.search(piece.text):
                return Cut.BIO
            if cut is Cut.CAPTION and _PLAYER.search(piece.text) and piece.words < _SHORT:
                return Cut.PLAYER
            if cut is not Cut.LEGAL or says & SAYS["legal"]:
                return cut
    return next((cut for tag, cut in _TAGGED.items() if tag in tags), None)


def _by_place(piece: Piece, says: int, *, over: bool) -> Cut:
    if says & SAYS["share"] and piece.words < _SHORT:
        return Cut.SHARE
    if says & SAYS["related"] or (over and piece.linked > 0.5 * len(piece.text)):
        return Cut.RELATED
    if says & SAYS["photo"] and piece.words < 40:
        return Cut.CAPTION
    if piece.linked > 0.8 * len(piece.text):
        return Cut.NAVIGATION
    if over and _BIO.search(piece.text) and says & SAYS["byline"]:
        return Cut.BIO
    return Cut.OTHER
