"""What a digest would say of a page: from its own headline to words of another language.

Editors of digests reword. Between the events of real digests and the words in the addresses that they cite, the median share of
common words (by weight) is 0.5, and one in six has none: `reworded` is made to give the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from enum import StrEnum

from archive.urls import host_of
from bench.rescue_score.pages import SavedPage

_DENSE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NAMES = re.compile(r"\b(?:[^\W\d_a-zа-я]\w{3,}|\d[\d.,]*\d)\b")


class Wording(StrEnum):
    """How an event's words relate to the page that it cites; rising difficulty."""

    OWN = "its own title"
    REWORDED = "reworded"
    OTHER_LANGUAGE = "other language"
    OTHER_EVENT = "another event's words"  # merged bullets: the title is the first one's, the sources are everybody's


SHARES = {Wording.OWN: 0.25, Wording.REWORDED: 0.5, Wording.OTHER_LANGUAGE: 0.15, Wording.OTHER_EVENT: 0.1}


def draw_wording(rnd: random.Random) -> Wording:
    return rnd.choices(list(SHARES), weights=list(SHARES.values()))[0]


def event_title(page: SavedPage, others: Sequence[SavedPage], wording: Wording, rnd: random.Random) -> str:
    if wording is Wording.OWN:
        return page.title
    if wording is Wording.OTHER_EVENT:
        return _reworded(rnd.choice(others), others, rnd)
    if wording is Wording.OTHER_LANGUAGE:
        return _translated(page, others, rnd)
    return _reworded(page, others, rnd)


def summary(page: SavedPage, others: Sequence[SavedPage], rnd: random.Random) -> str:
    """None, the page's own description, that of another page, or its site's slogan: a digest has the description of one cited page."""
    own = str(page.document["description"] or "")
    kind = rnd.random()
    if kind < 0.45:
        return ""
    if kind < 0.7:
        return own[: rnd.choice((120, 200, 300))]
    return str(rnd.choice(others).document["description"] or "")[:250]


def related(page: SavedPage, others: Sequence[SavedPage], rnd: random.Random) -> tuple[str, ...]:
    """Titles of other events of the same subject: words of others, and in some a name that the page has too."""
    titles = []
    for _ in range(rnd.choice((0, 0, 1, 3, 6))):
        words = _pieces(_lead(rnd.choice(others)))
        names = rare_words(page, 1, rnd) if rnd.random() < 0.3 else ""
        titles.append(" ".join([*rnd.sample(words, min(len(words), 12)), names]))
    return tuple(titles)


def label(page: SavedPage, rnd: random.Random) -> str:
    named = page.document["site_name"] or ""
    kind = rnd.random()
    if kind < 0.1:
        return ""
    return named if named and kind < 0.7 else host_of(page.url).removeprefix("www.").split(".")[0].title()


def _reworded(page: SavedPage, others: Sequence[SavedPage], rnd: random.Random) -> str:
    """Some words of the headline and of the lead, among words of others."""
    length = rnd.randint(10, 30)
    own = rnd.uniform(0.15, 0.75)
    title, lead = _pieces(page.title), _pieces(_lead(page))
    kept = [word for word in title if rnd.random() < rnd.choice((0.1, 0.5, 0.8))]
    kept += rnd.sample(lead, min(len(lead), max(0, round(length * own) - len(kept))))
    strange = _pieces(_lead(rnd.choice(others)))
    kept += rnd.sample(strange, min(len(strange), max(0, length - len(kept))))
    rnd.shuffle(kept)
    return ("" if _DENSE.search(page.title) else " ").join(kept)


def _translated(page: SavedPage, others: Sequence[SavedPage], rnd: random.Random) -> str:
    """An event in another language: names and numbers stay where the letters are the same."""
    names = [name for name in dict.fromkeys(_NAMES.findall(f"{page.title} {_lead(page)}")) if rnd.random() < 0.35]
    strange = [p for p in others if p.document["language"] != page.document["language"]] or others
    words = _pieces(_lead(rnd.choice(strange)))
    return " ".join([*rnd.sample(words, min(len(words), 15)), *(names[:4] if rnd.random() < 0.6 else [])])


def _lead(page: SavedPage) -> str:
    return (page.gold or str(page.document["text"]))[:500]


def _pieces(text: str) -> list[str]:
    """Words; runs of four to seven letters where a script has no spaces."""
    if len(_DENSE.findall(text)) < len(text) / 3:
        return text.split()
    return [text[n : n + 5] for n in range(0, len(text) - 4, 5)]


def rare_words(page: SavedPage, count: int, rnd: random.Random) -> str:
    """A few names and numbers of a page's lead, as another page of the same subject would share them."""
    names = list(dict.fromkeys(_NAMES.findall(_lead(page))))
    return " ".join(rnd.sample(names, min(count, len(names))))
