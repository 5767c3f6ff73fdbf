"""Distinct pages with the weight of a news page: about 85 kB of HTML that gzip makes about 19 kB."""

from __future__ import annotations

import gzip
import itertools
import random
from collections.abc import Iterator

_SYLLABLES = (
    *(
        "ba",
        "be",
        "bo",
        "bra",
        "cel",
        "da",
        "del",
        "do",
        "ent",
        "er",
        "fa",
        "for",
        "ga",
        "gen",
        "hal",
        "in",
        "ka",
        "kel",
        "la",
        "lin",
        "lo",
    ),
    *(
        "ma",
        "mer",
        "mo",
        "na",
        "nor",
        "ol",
        "par",
        "per",
        "qua",
        "ra",
        "ren",
        "ri",
        "sa",
        "sel",
        "sol",
        "ta",
        "ter",
        "to",
        "un",
        "va",
        "zo",
    ),
)
_SECTIONS = ("world", "region", "business", "culture", "sport", "science", "opinion", "weather")


def vocabulary(size: int = 8_000, seed: int = 7) -> list[str]:
    dice = random.Random(seed)
    words = {"".join(dice.choices(_SYLLABLES, k=dice.choice((1, 2, 2, 3, 3, 4)))) for _ in range(size * 2)}
    return sorted(words)[:size]


def page(number: int, words: list[str]) -> bytes:
    """Page ``number``: the same bytes for the same number and vocabulary."""
    return _Writer(random.Random(number), words).page(number).encode()


def compressed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


class _Writer:
    def __init__(self, dice: random.Random, words: list[str]) -> None:
        self._dice = dice
        self._words = words
        # Zipf's law: natural text compresses, noise does not.
        self._cumulative = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))

    def page(self, number: int) -> str:
        title = self._title()
        return "".join((*self._head(number, title), *self._navigation(), *self._article(title), *self._around(), "</body></html>\n"))

    def _text(self, count: int) -> str:
        return " ".join(self._dice.choices(self._words, cum_weights=self._cumulative, k=count))

    def _sentence(self) -> str:
        return self._text(self._dice.randint(8, 24)).capitalize() + "."

    def _title(self) -> str:
        return self._text(9).capitalize()

    def _slug(self) -> str:
        return f"/{self._dice.choice(_SECTIONS)}/{self._dice.randint(10**6, 10**7)}/{self._text(4).replace(' ', '-')}.html"

    def _head(self, number: int, title: str) -> Iterator[str]:
        published = f"2016-05-21T0{number % 10}:00:00Z"
        yield (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Bench Herald</title>'
            f'<meta name="description" content="{self._sentence()}"><meta property="og:title" content="{title}">'
            f'<meta property="og:site_name" content="Bench Herald"><meta property="article:published_time" content="{published}">'
            f'<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{title}",'
            f'"datePublished":"{published}","author":{{"@type":"Person","name":"{self._text(2).title()}"}}}}</script>'
        )
        for _ in range(3):
            rules = "".join(
                f".{self._text(1)}-{self._dice.randint(1, 99)}{{margin:{self._dice.randint(0, 40)}px;display:flex}}" for _ in range(60)
            )
            yield f"<style>{rules}</style>"
        state = ",".join(f'"{self._text(1)}{i}":"{self._text(3)}"' for i in range(240))
        yield f"<script>window.__STATE__={{{state}}};</script></head><body>"

    def _navigation(self) -> Iterator[str]:
        yield '<header class="site-header"><nav class="primary-navigation" aria-label="Sections"><ul class="menu menu--level-1">'
        for _ in range(60):
            link = f'<a class="menu__link" href="{self._slug()}" data-track="nav">{self._text(2)}</a>'
            yield f'<li class="menu__item menu__item--level-1">{link}</li>'
        yield "</ul></nav></header>"

    def _article(self, title: str) -> Iterator[str]:
        yield f'<main><article class="story"><h1>{title}</h1><p class="byline">By {self._text(2).title()}</p><div class="story__body">'
        for _ in range(self._dice.randint(14, 30)):
            yield f'<p class="story__paragraph">{" ".join(self._sentence() for _ in range(self._dice.randint(2, 5)))}</p>\n'
        yield "</div></article></main>"

    def _around(self) -> Iterator[str]:
        for _ in range(78):
            yield (
                '<div class="teaser teaser--with-image teaser--small">'
                '<a class="teaser__link" data-component="teaser" data-position="right-rail" '
                f'href="{self._slug()}"><picture>'
                f'<source media="(min-width: 600px)" srcset="/img/w300/{self._dice.randint(10**8, 10**9)}.webp 1x">'
                '<img class="teaser__image" loading="lazy" width="300" height="200" alt=""></picture>'
                f'<h3 class="teaser__headline">{self._text(7)}</h3></a><p class="teaser__summary">{self._text(12)}</p></div>\n'
            )
        yield (
            '<footer class="site-footer">'
            + "".join(f'<a class="site-footer__link" href="{self._slug()}">{self._text(2)}</a>' for _ in range(40))
            + "</footer>"
        )
