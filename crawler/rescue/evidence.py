"""What speaks for and against a found page being the cited article: figures from 0 to 1, each with one direction."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from crawler.rescue.addresses import Address, read_address, same_page
from crawler.rescue.claims import Cited, Found
from crawler.rescue.words import COMMON, script_of, share, shingles, weigh, weight, words_of
from pipelines.clean.quality import states_absence

FOR = ("same_title", "headline", "told", "text", "related", "summary", "slug", "canonical", "near", "site")
AGAINST = (
    *("headline_other", "slug_nothing", "canonical_other", "far", "site_other", "redirected"),
    *("front", "listing", "thin", "fragments", "untitled", "absent", "before", "late"),
)
FEATURES = FOR + AGAINST

_LEAD = 2500  # characters of the text that count as its opening
_TEXT = 12_000
_DOUBT = 0.8
_ENOUGH = 1.5  # weight of words from which on their absence tells something
_TITLED = 0.8
_RARE = 0.7
_NEAR, _MONTH, _YEAR, _DECADE = 2, 30, 365, 3650  # days
_ARTICLE = 100  # words
_FRAGMENT = 14  # words of a line; a page of shorter ones is a list
_SEGMENTS = re.compile(r"\s+[-–—|»:]+\s+|\s*\|\s*")
_LISTINGS = frozenset({"front-page", "listing"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """``figures``: the value of each of `FEATURES`; ``notes``: for some of them, what it was seen in."""

    figures: Mapping[str, float]
    notes: Mapping[str, str]


class FoundPage:
    """A found page's words, counted once however many events cite it."""

    def __init__(self, found: Found) -> None:
        self.found = found
        row = found.document
        self.original = read_address(found.original_url)
        self.canonical = read_address(canonical) if (canonical := _text(row, "canonical_url")) else None
        self.title = words_of(_text(row, "title"))
        self.lead_words = words_of(f"{_text(row, 'description')}\n{_text(row, 'text')[:_LEAD]}")
        self.top = frozenset(self.title) | frozenset(self.lead_words)
        self.site = f"{_text(row, 'site_name')} {_text(row, 'host')}"
        self.published = _day(_text(row, "date_published"))
        self.absent = any(states_absence(part) for part in _SEGMENTS.split(_text(row, "title")[:300]))
        self.html = row.get("text_outcome") != "not-html"
        self.words = int(row.get("words") or 0)
        self.lines = sum(1 for line in _text(row, "text").split("\n") if line.strip())
        self.listing = _text(row, "page_type") in _LISTINGS or bool(_LISTINGS & set(row.get("flags") or ()))

    @cached_property
    def scripts(self) -> Counter[str]:
        return Counter(script_of(word) for word in self.top)

    @cached_property
    def all_words(self) -> frozenset[str]:
        return self.top | frozenset(words_of(_text(self.found.document, "text"), _TEXT))

    @cached_property
    def shingles(self) -> set[tuple[str, ...]]:
        return shingles(self.title) | shingles(self.lead_words)


def weigh_evidence(cited: Cited, page: FoundPage) -> Evidence:
    """The figures for one event's citation of the page."""
    address = read_address(cited.url)
    notes: dict[str, str] = {}
    figures = dict.fromkeys(FEATURES, 0.0)
    site = frozenset(words_of(page.site.replace(".", " "))) | frozenset(words_of(address.host.replace(".", " ")))
    headline = [word for word in page.title if word not in site]
    figures |= _words(cited, page, headline, notes)
    figures |= _slug([word for word in address.slug if word not in site], headline, page)
    figures |= _place(address, page)
    figures |= _dates(cited, address, page, notes)
    figures |= _publisher(cited, address, page)
    figures |= _kind(page, headline)
    return Evidence(figures, notes)


def _words(cited: Cited, page: FoundPage, named: list[str], notes: dict[str, str]) -> dict[str, float]:
    title, summary = words_of(cited.title), words_of(cited.summary)
    event = frozenset(title) | frozenset(summary)
    headline = share(named, event, _DOUBT)
    told, text = share(title, page.top, _DOUBT), share(title, page.all_words, _DOUBT)
    rare = sorted((w for w in set(title) & page.top if weight(w) >= _RARE), key=lambda word: (-len(word), word))
    related = {w for w in words_of("\n".join(cited.related)) if weight(w) >= _RARE} & page.top - event
    notes["told"], notes["related"] = ", ".join(rare[:4]), ", ".join(sorted(related)[:4])
    figures = {
        "same_title": 1.0 if _is_title(title, page) else 0.0,
        "headline": headline,
        "told": told,
        "text": text,
        "related": min(len(related), 4) / 4,
        "summary": _shared_runs(summary, page),
    }
    if min(weigh(set(title)), weigh(set(named))) >= _ENOUGH and _comparable(title, page):
        figures["headline_other"] = max(0.0, 1 - headline / 0.3)
    return figures


def _is_title(title: list[str], page: FoundPage) -> bool:
    """Whether an event's title is a page's, the names of site and section before and after it aside."""
    if not title or not page.title or weigh(set(title)) < _TITLED:
        return False
    return title == page.title or (len(title) > 2 and title in (page.title[: len(title)], page.title[-len(title) :]))


def _comparable(title: list[str], page: FoundPage) -> bool:
    """Whether the two are of one language: a page of some length has nearly all common words that an event's title has."""
    common = {word for word in title if weight(word) <= COMMON and not word.isdigit()}
    if not _share_script(title, page):
        return False
    return len(common) < 2 or len(common & page.all_words) > len(common) / 2


def _share_script(words: Collection[str], page: FoundPage) -> bool:
    """Whether a third of a page's words or more are in the script that most of these are in."""
    script = Counter(script_of(word) for word in words).most_common(1)[0][0]
    return page.scripts[script] * 3 >= page.scripts.total()


def _shared_runs(summary: list[str], page: FoundPage) -> float:
    runs = shingles(summary)
    return len(runs & page.shingles) / len(runs) if len(runs) >= 3 else 0.0


def _slug(slug: list[str], headline: list[str], page: FoundPage) -> dict[str, float]:
    if not slug:
        return {}
    seen = share(slug, page.top)
    telling = weigh(set(slug)) >= _ENOUGH and _share_script(slug, page)
    return {"slug": share(slug, frozenset(headline)), "slug_nothing": max(0.0, 1 - seen / 0.5) if telling else 0.0}


def _place(address: Address, page: FoundPage) -> dict[str, float]:
    figures: dict[str, float] = {}
    if not same_page(address, page.original):
        figures["redirected"] = 1.0
    if page.original.front and not address.front:
        figures["front"] = 1.0
    canonical = page.canonical
    if canonical is None:
        return figures
    if same_page(address, canonical):
        figures["canonical"] = 1.0
    elif canonical.front and not address.front:
        figures["front"] = max(figures.get("front", 0.0), 0.5)
    else:
        figures["canonical_other"] = 1.0
    return figures


def _dates(cited: Cited, address: Address, page: FoundPage, notes: dict[str, str]) -> dict[str, float]:
    """Days between event and page; a publication after the capture was misread, or the archive's clock was."""
    days = [day for day in (_day(cited.date or ""), address.day) if day]
    figures: dict[str, float] = {}
    captured = page.found.memento_at.date()
    if page.published and days and page.published <= captured:
        gap = min(abs((page.published - day).days) for day in days)
        notes["near"] = notes["far"] = f"{gap} days"
        figures["near"] = 1.0 if gap <= _NEAR else max(0.0, 1 - math.log(gap / _NEAR) / math.log(_MONTH / _NEAR))
        figures["far"] = min(1.0, max(0.0, math.log(max(gap, 1) / _MONTH) / math.log(_YEAR / _MONTH)))
    if days:
        lag = (captured - min(days)).days
        notes["late"] = notes["before"] = f"{abs(lag)} days"
        figures["before"] = min(1.0, max(0.0, (-lag - 2) / _MONTH))
        figures["late"] = min(1.0, max(0.0, math.log(max(lag, 1) / _MONTH) / math.log(_DECADE / _MONTH)))
    return figures


def _publisher(cited: Cited, address: Address, page: FoundPage) -> dict[str, float]:
    site = set(words_of(page.site.replace(".", " ")))
    named = set(words_of(cited.label)) | set(words_of(address.host.replace(".", " ")))
    named -= {"www", "com", "co", "org", "net", "new", "uk", "the"}
    if not _text(page.found.document, "site_name") or not named:
        return {}
    joined = "".join(words_of(_text(page.found.document, "site_name")))
    same = bool(named & site) or any(len(n) > 3 and (n in joined or joined.startswith(n)) for n in named)
    return {"site": 1.0} if same else {"site_other": 1.0}


def _kind(page: FoundPage, headline: list[str]) -> dict[str, float]:
    return {
        "listing": 1.0 if page.listing else 0.0,
        "thin": max(0.0, 1 - page.words / _ARTICLE) if page.html else 0.0,
        "fragments": max(0.0, 1 - page.words / page.lines / _FRAGMENT) if page.lines > 3 else 0.0,
        "untitled": max(0.0, 1 - weigh(set(headline)) / _ENOUGH) if page.html else 0.0,
        "absent": 1.0 if page.absent else 0.0,
    }


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
