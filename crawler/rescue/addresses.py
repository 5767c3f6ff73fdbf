"""What an address says of its page: the words of its slug, its day, and whether it is a section's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from archive.urls import is_front_page, surt
from crawler.rescue.words import weigh, words_of

_DAY = re.compile(
    r"(?<!\d)(?P<year>19[89]\d|20\d\d)[/_.-]?(?P<month>0?[1-9]|1[0-2]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
    r"[/_.-]?(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FILE = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|cfm|stm|ece|print|amp)$", re.IGNORECASE)
_CODE = re.compile(r"(?<![^\W_])(?=[^\W_]*\d)(?=[^\W_]*[a-z])[^\W_]{5,}(?![^\W_])|(?<![^\W_])\d{4,}(?![^\W_])", re.IGNORECASE)
"""Identifiers: letters among digits, or many digits."""
_NUMBER = re.compile(r"(?<![^\W_])(?:\d{6,}|(?=[^\W_]*\d)(?=[^\W_]*[a-z])[^\W_]{8,})(?![^\W_])", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_NAMED = 1.2
"""Weight from which on the words of an address name one page."""


@dataclass(frozen=True, slots=True)
class Address:
    """``slug``: the words of the address's last telling part, none where it has only numbers."""

    key: str
    host: str
    slug: tuple[str, ...]
    day: date | None
    front: bool


def read_address(url: str) -> Address:
    """Never raises: what is no address has no parts."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return Address(surt(url), "", (), None, front=False)
    return Address(surt(url), host, _slug(parts.path), _day(parts.path), is_front_page(url))


def same_page(one: Address, other: Address) -> bool:
    """The same key; or the same site's name and the same last part or number: schemes, hosts, sections and slugs of a site change."""
    if one.key == other.key:
        return True
    if _site(one.host) != _site(other.host):
        return False
    last = _last(one.key)
    return (last == _last(other.key) and _tells(last)) or bool(_numbers(one.key) & _numbers(other.key))


def _numbers(key: str) -> set[str]:
    """The numbers by which a site knows its articles: six digits or more that are no day, and letters among digits."""
    return {n for n in _NUMBER.findall(key.partition(")")[2]) if sum(c.isdigit() for c in n) >= 3 and not _DAY.fullmatch(n)}


def _last(key: str) -> str:
    return _FILE.sub("", key.partition(")")[2].partition("?")[0].partition(";")[0].rstrip("/").rpartition("/")[2])


def _tells(part: str) -> bool:
    return len(part) >= 12 or sum(c.isdigit() for c in part) >= 5


def _site(host: str) -> str:
    """The name that a site keeps: the longest label, the last one aside (``www.guardian.co.uk`` and ``guardian.com``)."""
    labels = [label for label in host.split(".")[:-1] if label not in {"www", "co", "com", "org", "net", "news", "edition", "mobile"}]
    return max(labels, key=len, default=host)


def _slug(path: str) -> tuple[str, ...]:
    """Of the last part of a path; where that is a number, of the one before it, if it has three words: sections have fewer."""
    parts = [part for part in path.split("/") if part]
    words = _words(parts[-1]) if parts else []
    if not any(word.isalpha() for word in words) and len(parts) > 1:
        words = _words(parts[-2])
        words = words if len(words) > 2 else []
    return tuple(words) if len(words) >= 2 and weigh(set(words)) >= _NAMED else ()


def _words(part: str) -> list[str]:
    part = _FILE.sub("", unquote(part, errors="replace")).replace("+", " ").replace("_", " ")
    return words_of(_CODE.sub(" ", _UUID.sub(" ", part)))


def _day(path: str) -> date | None:
    found = _DAY.search(path)
    if not found:
        return None
    month = found["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    try:
        return date(int(found["year"]), number, int(found["day"]))
    except ValueError:
        return None
