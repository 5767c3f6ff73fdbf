"""The labelled set: what a digest says, what an archive gave, and whether that is the cited article."""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from archive.model import Reason
from archive.urls import host_of
from bench.rescue_score.impostors import error_page, section_front, wall
from bench.rescue_score.pages import SavedPage
from bench.rescue_score.wording import Wording, draw_wording, event_title, label, rare_words, related, summary
from crawler.rescue.addresses import read_address, same_page
from crawler.rescue.claims import Cited, Found

FOLDS = 5
_FIELDS_LOST = {"canonical_url": 0.45, "date_published": 0.4, "site_name": 0.4, "description": 0.4, "page_type": 0.3, "language": 0.3}
"""Share of pages that a field is taken from: pages of 2005 have few of those of today."""
_LISTS = frozenset({"listing", "collection", "service"})


class Kind(StrEnum):
    RIGHT = "right article"
    SAME_HOST = "other article of the host"
    SUBJECT = "other article of the subject"
    LOT = "page dealt by lot"
    SECTION = "section front"
    SOFT_404 = "soft 404"
    WALL = "challenge, consent, sign-in or parked"


_ROLLING = frozenset({Kind.SAME_HOST, Kind.SUBJECT, Kind.SECTION})
"""Pages that were there before the event: the address has shown something else each day."""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled case. ``fold`` is of the cited host; what was found is of the same fold."""

    cited: Cited
    found: Found
    kind: Kind
    wording: Wording
    fold: int
    page: str  # id of the cited page

    @property
    def right(self) -> bool:
        return self.kind is Kind.RIGHT


def fold_of(host: str) -> int:
    return hashlib.sha256(host.encode()).digest()[0] % FOLDS


def make_cases(pages: Sequence[SavedPage], seed: int = 5) -> list[Case]:
    """For each article as many right cases as wrong ones of all kinds together."""
    rnd = random.Random(seed)
    folds: dict[int, list[SavedPage]] = defaultdict(list)
    for page in pages:
        folds[fold_of(page.host)].append(page)
    return [case for number in sorted(folds) for case in _of_fold(number, folds[number], rnd)]


def _of_fold(fold: int, pages: list[SavedPage], rnd: random.Random) -> Iterator[Case]:
    articles = [page for page in pages if _is_article(page)]
    lists = [page for page in pages if page.kind in _LISTS]
    by_host: dict[str, list[SavedPage]] = defaultdict(list)
    for page in pages:
        by_host[page.host].append(page)
    for page in (variant for article in articles for variant in (article, _renamed(article, rnd))):
        others = [one for one in rnd.sample(articles, min(80, len(articles))) if one.host != page.host]
        siblings = [one for one in by_host[page.host] if one.id != page.id and one.title != page.title]
        for _ in range(7):
            yield _right(page, others, fold, rnd)
        makers: list[tuple[Kind, Callable[[], Any]]] = [
            (Kind.SAME_HOST, lambda: _sibling(page, siblings, others, rnd)),  # noqa: B023  # called at once
            (Kind.SAME_HOST, lambda: _rehosted(page, rnd.choice(others), rnd)),  # noqa: B023
            (Kind.SUBJECT, lambda: _rehosted(page, rnd.choice(others), rnd)),  # noqa: B023
            (Kind.LOT, lambda: (dict(rnd.choice(others).document), Reason.OK)),  # noqa: B023
            (Kind.SECTION, lambda: _section(page, others, lists, rnd)),  # noqa: B023
            (Kind.SOFT_404, lambda: error_page(page, others, rnd)),  # noqa: B023
            (Kind.WALL, lambda: wall(page, rnd)),  # noqa: B023
        ]
        for kind, make in makers:
            row, reason = make()
            yield _wrong(page, others, kind, row, reason, fold, rnd)


def _renamed(page: SavedPage, rnd: random.Random) -> SavedPage:
    """The page under an address as older news sites have them: a number, a number and a day, or a few words of its subject."""
    parts = urlsplit(page.url)
    number, day = rnd.randint(10**5, 10**8), (page.date or "2016-05-21")[:10].replace("-", "/")
    words = list(re.findall(r"[a-z0-9]{4,}", page.title.lower()))
    subject = "-".join(rnd.sample(words, min(len(words), rnd.randint(1, 4))))
    path = rnd.choice((f"/news/{number}.html", f"/{day}/{number}", f"/article/{subject}-id{number}", f"/{day}/{subject}.html"))
    url = parts._replace(path=path, query="", fragment="").geturl()
    document = dict(page.document)
    if document["canonical_url"]:
        same = same_page(read_address(document["canonical_url"]), read_address(page.url))
        document["canonical_url"] = url if same else document["canonical_url"]
    return replace(page, url=url, document=document)


def _is_article(page: SavedPage) -> bool:
    path = urlsplit(page.url).path
    return page.kind == "article" and len(page.title) > 12 and len(path) > 8 and page.document["words"] >= 60


def _right(page: SavedPage, others: Sequence[SavedPage], fold: int, rnd: random.Random) -> Case:
    wording = draw_wording(rnd)
    cited, captured = _cited(page, others, wording, rnd)
    row = _aged(dict(page.document), rnd)
    original = _moved(page.url, rnd)
    if rnd.random() < 0.08:  # the site has given its articles new addresses, and redirects
        original = _renamed(page, rnd).url
        row["canonical_url"] = original if row["canonical_url"] else None
    return Case(cited, _found(original, captured, row, Reason.OK), Kind.RIGHT, wording, fold, page.id)


def _wrong(
    page: SavedPage, others: Sequence[SavedPage], kind: Kind, row: dict[str, Any], reason: Reason, fold: int, rnd: random.Random
) -> Case:
    wording = draw_wording(rnd)
    cited, captured = _cited(page, others, wording, rnd)
    if kind not in _ROLLING and rnd.random() < 0.3:
        captured += timedelta(days=rnd.randint(90, 3000))  # what is gone is found gone late
    if kind is Kind.SUBJECT:
        cited = replace(cited, title=f"{cited.title} {_names(row, rnd.randint(2, 7), rnd)}", url=_with_names(cited.url, row, rnd))
    elif kind is Kind.SAME_HOST and rnd.random() < 0.4:
        cited = replace(cited, title=f"{cited.title} {_names(row, rnd.randint(1, 3), rnd)}")
    if kind in _ROLLING and rnd.random() < 0.15:
        captured -= timedelta(days=rnd.randint(5, 1500))
    elsewhere = row.get("canonical_url") or cited.url
    original = str(elsewhere) if rnd.random() < 0.3 else cited.url
    if kind is Kind.SECTION and rnd.random() < 0.2:
        original = urlsplit(page.url)._replace(path="/", query="").geturl()
    return Case(cited, _found(original, captured, _aged(row, rnd), reason), kind, wording, fold, page.id)


def _names(row: dict[str, Any], count: int, rnd: random.Random) -> str:
    """Other articles of a host are often of the same subject: they share names with the event."""
    shown = SavedPage("", "", "", str(row["title"]), None, "", str(row["text"]), row, Reason.OK)
    return rare_words(shown, count, rnd)


def _with_names(url: str, row: dict[str, Any], rnd: random.Random) -> str:
    """The address with a word or two of the other article's headline, where it has words: the subject's name is in both."""
    words = list(re.findall(r"[a-z]{4,}", str(row["title"]).lower()))
    if not read_address(url).slug or not words or rnd.random() < 0.4:
        return url
    head, _, last = url.rstrip("/").rpartition("/")
    return f"{head}/{'-'.join(rnd.sample(words, min(len(words), rnd.randint(1, 2))))}-{last}"


def _cited(page: SavedPage, others: Sequence[SavedPage], wording: Wording, rnd: random.Random) -> tuple[Cited, datetime]:
    """What a digest says, and when the archive's copy was made: mostly soon after, at times years later, seldom before."""
    published = _day(page.date)
    jitter = rnd.choices((0, 1, -1, 2, -3, rnd.randint(-40, 40)), weights=(60, 15, 10, 6, 4, 5))[0]
    known = published is not None and rnd.random() > 0.12
    day = published + timedelta(days=jitter) if known and published else date(2016, 5, 1) + timedelta(days=rnd.randint(0, 60))
    lag = rnd.choices((rnd.randint(0, 3), rnd.randint(3, 90), rnd.randint(90, 2000), -rnd.randint(1, 20)), weights=(45, 30, 20, 5))[0]
    captured = datetime.combine(day + timedelta(days=lag), time(10, 15), tzinfo=UTC)
    undated = rnd.random() < 0.05
    title = event_title(page, others, wording, rnd)
    cited = Cited(
        page.url, None if undated else day.isoformat(), label(page, rnd), title, summary(page, others, rnd), related(page, others, rnd)
    )
    return cited, captured


def _sibling(page: SavedPage, siblings: list[SavedPage], others: list[SavedPage], rnd: random.Random) -> tuple[dict[str, Any], Reason]:
    return (dict(rnd.choice(siblings).document), Reason.OK) if siblings else _rehosted(page, rnd.choice(others), rnd)


def _rehosted(page: SavedPage, other: SavedPage, rnd: random.Random) -> tuple[dict[str, Any], Reason]:
    """Another article as if it were of the cited one's site, in half of all cases of the same days: there are few real siblings."""
    row = dict(other.document)
    host = host_of(page.url)
    row |= {"host": host, "site_name": page.document["site_name"]}
    if row["canonical_url"]:
        row["canonical_url"] = urlsplit(row["canonical_url"])._replace(netloc=host).geturl()
    published = _day(page.date)
    if published and rnd.random() < 0.5:
        row["date_published"] = (published + timedelta(days=rnd.randint(-2, 2))).isoformat()
    return row, Reason.OK


def _section(page: SavedPage, others: list[SavedPage], lists: list[SavedPage], rnd: random.Random) -> tuple[dict[str, Any], Reason]:
    if lists and rnd.random() < 0.3:
        return _rehosted(page, rnd.choice(lists), rnd)
    return section_front(page, others, rnd), Reason.OK


def _aged(row: dict[str, Any], rnd: random.Random) -> dict[str, Any]:
    return row | {name: None for name, share in _FIELDS_LOST.items() if name in row and rnd.random() < share}


def _moved(url: str, rnd: random.Random) -> str:
    """Archives hold addresses under either scheme, with and without ``www.``; some sites have changed their names."""
    parts = urlsplit(url)
    kind = rnd.random()
    if kind < 0.1:
        return parts._replace(scheme="http").geturl()
    if kind < 0.15:
        return parts._replace(netloc="www." + parts.netloc.removeprefix("www.")).geturl()
    if kind < 0.18:
        return parts._replace(query="ref=home").geturl()
    if kind < 0.22:
        return parts._replace(path="/archive/" + parts.path.strip("/").rpartition("/")[2]).geturl()
    return url


def _found(original: str, captured: datetime, row: dict[str, Any], reason: Reason) -> Found:
    stamp = f"{captured:%Y%m%d%H%M%S}"
    return Found(original, f"https://web.archive.org/web/{stamp}id_/{original}", captured, 200, row, reason)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
