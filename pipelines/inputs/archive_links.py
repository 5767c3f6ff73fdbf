"""Links to web archives that carry the original address: which page, and captured when.

Services as InternetArchiveBot recognizes them. Links whose original is not in the address (``archive.is/AbC12``, perma.cc,
ghostarchive.org) are left as they are: only the service could say what they show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from archive.errors import InputError
from pipelines.inputs.addresses import fetchable
from pipelines.inputs.days import read_day

_WAYBACK_HOSTS = frozenset({
    "web.archive.org", "wayback.archive.org", "www.web.archive.org", "web-beta.archive.org", "liveweb.archive.org", "archive.org",
    "www.archive.org", "wayback.archive-it.org", "arquivo.pt", "webarchive.loc.gov", "webarchive.nationalarchives.gov.uk",
    "webarchive.parliament.uk", "www.webarchive.org.uk", "webarchive.org.uk", "wayback.vefsafn.is", "web.petabox.bibalex.org",
    "swap.stanford.edu", "www.collectionscanada.gc.ca", "webarchive.bac-lac.gc.ca", "www.padi.cat", "webharvest.gov",
    "www.webharvest.gov", "haw.nsk.hr", "webarchive.proni.gov.uk", "wayback.webarchiv.cz", "veebiarhiiv.digar.ee",
})  # fmt: skip
_TODAY_HOSTS = frozenset(f"{www}archive.{top}" for www in ("", "www.") for top in ("today", "is", "ph", "li", "fo", "vn", "md", "ec"))
_QUERY_HOSTS = {"webcitation.org": "url", "www.webcitation.org": "url", "archive.wikiwix.com": "url"}

_URL = r"(?P<url>(?:https?(?::|%3A)|[A-Za-z0-9-]{1,63}\.).+)"
_WAYBACK_PATH = re.compile(
    r"(?:/(?:[A-Za-z][\w.-]{0,40}|\d{1,9})){0,3}?/(?P<time>\d{4,14}|\d{0,14}\*)(?:[a-z]{2}_)?/" + _URL, re.DOTALL | re.IGNORECASE
)
_LATEST_PATH = re.compile(r"/(?:web|save|liveweb)/(?:\d/)?(?P<url>(?:https?:|www\.).+)", re.DOTALL | re.IGNORECASE)
_TODAY_PATH = re.compile(
    r"/(?:(?P<time>\d{4,14}|\d{4}[.-]\d{2}[.-]\d{2}(?:-\d{6})?)|newest|oldest|o/[A-Za-z0-9]{4,6})/" + _URL, re.DOTALL | re.IGNORECASE
)
_ADDRESS_START = re.compile(r"(https?):/*(?=[^/])", re.IGNORECASE)
_HOST_START = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::\d+)?(?=[/?#]|$)")


@dataclass(frozen=True, slots=True)
class ArchiveLink:
    """What an archive link says of the page it shows."""

    original: str  # fetchable
    captured_at: str | None  # RFC 3339 UTC; None when the link gives less than a day
    is_copy: bool  # False for a calendar (``/web/*/``), which shows no page


def read_archive_link(url: str) -> ArchiveLink | None:
    """The page behind a link to a web archive, or None when it is no such link or does not name its page."""
    found = _read(url)
    if found is None:
        return None
    inner = read_archive_link(found.original)
    return found if inner is None else ArchiveLink(inner.original, found.captured_at, found.is_copy)


def _read(url: str) -> ArchiveLink | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host in _QUERY_HOSTS:
        query = parse_qs(parts.query)
        return _link(query.get(_QUERY_HOSTS[host], [""])[0], query.get("date", [""])[0], is_copy=True)
    target = url.partition("://")[2][len(parts.netloc) :]
    if host in _WAYBACK_HOSTS and (host.removeprefix("www.") != "archive.org" or target.startswith("/web/")):
        match = _WAYBACK_PATH.match(target) or _LATEST_PATH.match(target)
    elif host in _TODAY_HOSTS:
        match = _TODAY_PATH.match(target)
    else:
        return None
    if match is None:
        return None
    time = match.groupdict().get("time") or ""
    return _link(match["url"], time, is_copy="*" not in time)


def _link(written: str, time: str, *, is_copy: bool) -> ArchiveLink | None:
    if re.match(r"https?%3A", written, re.IGNORECASE):
        written = unquote(written)
    if start := _ADDRESS_START.match(written):
        written = f"{start[1].lower()}://{written[start.end() :]}"
    elif _HOST_START.match(written):
        written = "http://" + written
    else:
        return None
    try:
        return ArchiveLink(fetchable(written), _captured_at(time), is_copy)
    except InputError:
        return None


def _captured_at(time: str) -> str | None:
    """RFC 3339 UTC of ``20160521120000``, ``2016.05.21-120000`` or ``2016-05-21``; midnight when only the day is known."""
    digits = re.sub(r"\D", "", time)[:14]
    digits = digits[: len(digits) // 2 * 2]
    if len(digits) < 8 or "*" in time:
        day = read_day(time)
        return f"{day}T00:00:00Z" if day else None
    try:
        moment = datetime.strptime(digits.ljust(14, "0") + "+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
