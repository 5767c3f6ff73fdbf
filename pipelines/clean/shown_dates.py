"""The publication date that readers see, where the head of the page states none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.dates import iso_date
from pipelines.clean.headlines import stands_elsewhere
from pipelines.clean.months import MONTHS, Day, Order, days_in
from pipelines.clean.opening import Line, line_text

_ITEMPROP = etree.XPath("//@itemprop[contains(.,'datePublished')]/.. | //time[@pubdate or contains(@class,'publish')]")
_MARKED = re.compile(r"[dD]ate|time|publish|posted|meta|info|datum|fecha|submitted|-footer|byline")
_UPDATED = re.compile(
    r"updat|aktualis|modifi|geändert|mis à jour|actualiz|aggiornat|atualiz|bijgewerkt|oppdatert|uppdaterad|opdateret|päivitetty"
    r"|aktualiz|обновлен|güncelle|更新|수정|แก้ไข|last (?:edited|reviewed|changed)|review|stand:",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi|post|veröffentlicht|erstellt|eingestellt|geschrieben|written|by |von |par |por |skrevet|geplaatst|дата|yayın|发布|發布"
    r"|公開|掲載|입력"
    r"|submitted",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r"erscheinung|release|joined|founded|member since|registered|registriert|beigetreten|inscrit"
    r"|geboren|\bborn\b|deadline|expires|copyright|\u00a9|valid |gültig",
    re.IGNORECASE,
)
_EARLIEST = date(1990, 1, 1)
_URL_PATH = re.compile(r"/((?:19|20)\d\d)/(\d{1,2}|[a-z]{3,9})/(\d{1,2})(?:/|-|$)", re.IGNORECASE)
_URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?:(?!\d)|(?:[01]\d|2[0-3])[0-5]\d(?!\d)|(?:[01]\d"
    r"|2[0-3])[0-5]\d[0-5]\d)"
)
_URL_DAY_FIRST = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.]((?:19|20)\d\d)(?!\d)")
_SHORT, _DATELINE, _MAX_REST, _MAX_MARKED = 160, 30, 6, 60
_SCRIPTED = re.compile(
    r"(?:datePublished|publish(?:ed)?_?(?:Date|At|_at|On|_date|Time)|publicationDate|first_?Published\w*|date_?published|pubDate)"
    r"\\*[\"']?\s*:\s*\\*[\"'](\d{4}-?\d\d-?\d\d[^\"'\\]{0,20})",
    re.IGNORECASE,
)
_LEAVES = ("p", "span", "div", "dd", "td", "li", "small", "em", "i", "b", "strong", "a", "time", "h2", "h3", "h4", "h5", "h6")
_YEAR = re.compile(r"(?:19|20)\d\d|\d\.\d\d(?!\d)")
_MAX_LEAVES, _BESIDE = 5000, 4
_LATE = timedelta(days=2)
_BARS = ("|", "-", "\u2013", "\u2014", "\u00b7")


@dataclass(frozen=True, slots=True)
class Window:
    """What a date on a page may be: not after ``latest``; ``order`` decides what ``3/4/2020`` means."""

    latest: datetime
    order: Order


def dated_line(lines: Iterable[Line], window: Window) -> str | None:
    """The first day in the lines around the headline that are little else than a date, or say that it is that of publication.

    One that is said to be of an update counts only where there is no other.
    """
    updated = None
    for line in lines:
        text = line_text(line)
        stamp = next((t for p in line if p.element.tag == "time" and (t := iso_date(p.element.get("datetime"), window.latest))), None)
        found = stamp or _dateline(text, window)
        if found and not _UPDATED.search(text):
            return found
        updated = updated or found
    return updated


def _dateline(text: str, window: Window) -> str | None:
    if len(text) > _SHORT:
        return _day_of(text[:_DATELINE], window)
    found = next(iter(_plausible_days(text, window)), None)
    if found is None or _OTHER_DAY.search(text):
        return None
    rest = text[: found.start] + text[found.end :]
    if len(rest.split()) > _MAX_REST and not _PUBLISHED.search(text):
        return None
    return _day_of(text, window)


def day_of_url(url: str, window: Window) -> str | None:
    """The day in a path such as ``/2016/05/24/``, or in a name such as ``20160524``."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    found = _URL_PATH.search(path) or _URL_DAY.search(path)
    if found:
        year, month, day = found.groups()
    elif found := _URL_DAY_FIRST.search(path):
        day, month, year = found.groups()
    else:
        return None
    return iso_date(f"{year}-{MONTHS.get(month.lower(), month)}-{day}", window.latest)


def as_the_page_dates(stated: str, others: Iterable[str | None], tree: HtmlElement, shown: str | None, addressed: str | None) -> str:
    """A time in UTC as the page itself gives it: by the offset that another of its stamps has for the same moment.

    ``others`` are the head's; those of ``time`` elements count too. Where there is none but the address names the day before or after
    (``addressed``), which the day that readers see (``shown``) does not gainsay, the time is left out.
    """
    moment = _moment(stated)
    if moment is None or moment.utcoffset() != timedelta(0):
        return stated
    for other in (*others, *(e.get("datetime") for e in islice(tree.iter("time"), 10))):
        stamp = iso_date(other)
        local = _moment(stamp) if stamp else None
        if stamp and local is not None and (same := _same_moment(moment, local, stamp)):
            return same
    day = (addressed or stated)[:10]
    apart = abs(date.fromisoformat(day) - moment.date())
    return day if apart == timedelta(days=1) and (shown or day)[:10] == day else stated


def _moment(stamp: str) -> datetime | None:
    return datetime.fromisoformat(stamp) if len(stamp) > 10 else None


def _same_moment(moment: datetime, local: datetime, stamp: str) -> str | None:
    """``stamp`` when it is that moment with another offset; a time without an offset gets the one that makes it that moment."""
    if local.tzinfo is not None:
        return stamp if local.utcoffset() != timedelta(0) and abs(local - moment) < timedelta(minutes=1) else None
    offset = local - moment.replace(tzinfo=None)
    if offset % timedelta(minutes=15) or not timedelta(0) < abs(offset) <= timedelta(hours=14):
        return None
    return local.replace(tzinfo=timezone(offset)).isoformat()


def marked_date(tree: HtmlElement, window: Window) -> str | None:
    """The date of an element that is marked up as that of publication."""
    for element in islice(_ITEMPROP(tree), 5):
        if not stands_elsewhere(element) and (found := iso_date(element.get("datetime") or element.get("content"), window.latest)):
            return found
    return None


def day_of_title(title: str, window: Window) -> str | None:
    """The day that a page's title ends with: ``Harbour opens | Courier | 24.05.2016``."""
    days = _plausible_days(title, window)
    return days[-1].day.isoformat() if days and days[-1].end >= len(title) - 1 and title[: days[-1].start].rstrip()[-1:] in _BARS else None


def date_anywhere(tree: HtmlElement, window: Window) -> str | None:
    """A date in an element whose class speaks of dates, in ``time`` elements of the article first."""
    for element in islice(tree.iter("time"), 20):
        if not stands_elsewhere(element):
            found = iso_date(element.get("datetime"), window.latest) or _day_of(" ".join(element.itertext())[:_SHORT], window)
            if found:
                return found
    named = (e for e in tree.iter() if ((c := e.get("class")) and _MARKED.search(c)) or "date" in (e.get("id") or ""))
    marked = (e for e in islice(named, _MAX_MARKED) if not stands_elsewhere(e))
    texts = (" ".join(" ".join(islice(e.itertext(), 40)).split()) for e in marked)
    short = (t for t in texts if len(t) <= (2 * _SHORT if _PUBLISHED.search(t) else _SHORT))
    return next((day for t in short if (day := _day_of(t, window))), None)


def lone_date(tree: HtmlElement, window: Window) -> str | None:
    """The only day of the page that stands in an element by itself."""
    texts = (e.text for e in islice(tree.iter(*_LEAVES), _MAX_LEAVES) if e.text and len(e.text) <= 60 and not len(e))
    found: set[str] = set()
    for text in (" ".join(t.split()) for t in texts if _YEAR.search(t)):
        days = _plausible_days(text, window)
        if len(days) == 1 and len(text) - (days[0].end - days[0].start) <= _BESIDE:
            found.add(days[0].day.isoformat())
    return found.pop() if len(found) == 1 else None


def date_in_scripts(tree: HtmlElement, window: Window) -> str | None:
    """The publication date in the data of a page's scripts, where all that they name is one day."""
    stamps = [
        m[1] for s in islice(tree.iter("script"), 200) if s.text and "ublish" in s.text for m in islice(_SCRIPTED.finditer(s.text), 50)
    ]
    days = {d[:10] for s in stamps if (d := iso_date(s, window.latest))}
    return iso_date(stamps[0], window.latest) if len(days) == 1 else None


def _day_of(text: str, window: Window) -> str | None:
    """The first plausible day of a text, none of those that are said to be of an update where there is another."""
    days = _plausible_days(text, window)
    first = next((d for d in days if not _UPDATED.search(text[max(0, d.start - 25) : d.start])), None)
    return (first or days[0]).day.isoformat() if days else None


def _plausible_days(text: str, window: Window) -> list[Day]:
    last = (window.latest + _LATE).date()
    found = (d for d in days_in(text, window.order) if _EARLIEST <= d.day <= last)
    return sorted(found, key=lambda d: d.start)
