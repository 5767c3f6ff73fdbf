"""Common Crawl: which of its crawls is near, its index, and the place of the record in its WARC."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urljoin

from crawler.rescue.cdx import Row, read_answer, whole_pages
from crawler.rescue.choice import best_first
from crawler.rescue.source import ArchiveUnavailable, Ask, Candidate, Question, Wanted

INDEXES = 2
"""How many crawls are asked for one address: the first that began after it was cited, and the next."""

_LIMIT = 100
_WEEK = re.compile(r"CC-MAIN-([0-9]{4})-([0-9]{2})")
_YEARS = re.compile(r"CC-MAIN-(?:[0-9]{4}-)?([0-9]{4})")
_CRAWL = timedelta(days=14)  # what one takes


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl's index, and when it ended."""

    id: str
    api: str
    end: datetime


def read_collections(body: bytes) -> list[Crawl]:
    """``collinfo.json``, oldest first; entries that cannot be dated are passed over. Raises `ArchiveUnavailable` when it is no list."""
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ArchiveUnavailable(f"not a list of indexes: {body[:80]!r}") from error
    if not isinstance(rows, list):
        raise ArchiveUnavailable(f"not a list of indexes: {body[:80]!r}")
    found = [c for row in rows if isinstance(row, dict) and (c := _crawl(row)) is not None]
    return sorted(found, key=lambda crawl: crawl.end)


def _crawl(row: Mapping[str, object]) -> Crawl | None:
    id_, api, to = (row.get(name) for name in ("id", "cdx-api", "to"))
    if not isinstance(id_, str) or not isinstance(api, str):
        return None
    end = _iso(to) if isinstance(to, str) else _by_name(id_)
    return Crawl(id_, api, end) if end else None


def _iso(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _by_name(id_: str) -> datetime | None:
    """Crawls are named by year and ISO week; the oldest by years."""
    try:
        if week := _WEEK.fullmatch(id_):
            return datetime.fromisocalendar(int(week[1]), int(week[2]), 1).replace(tzinfo=UTC) + _CRAWL
        if years := _YEARS.fullmatch(id_):
            return datetime(int(years[1]), 12, 31, tzinfo=UTC)
    except ValueError:
        return None
    return None


def matching(crawls: Sequence[Crawl], near: datetime | None) -> list[Crawl]:
    """The crawls to ask: from the cited date on, else the last before it; without a date the newest."""
    if near is None:
        return list(reversed(crawls[-INDEXES:]))
    later = [crawl for crawl in crawls if crawl.end >= near]
    return later[:INDEXES] or list(crawls[-1:])


@dataclass(frozen=True, slots=True)
class CommonCrawlSource:
    """``collinfo`` is the list of indexes, ``data`` the folder that WARC files are named below."""

    name: str
    collinfo: str
    data: str

    async def candidates(self, wanted: Wanted, ask: Ask) -> list[Candidate]:
        answer = await ask(Question(self.collinfo))
        if answer.status != 200:
            raise ArchiveUnavailable(f"{self.collinfo} answered {answer.status}")
        found: list[Candidate] = []
        asked = urlencode([("url", wanted.url), ("output", "json"), ("limit", str(_LIMIT)), ("filter", "=status:200")])
        for crawl in matching(read_collections(answer.body), wanted.near):
            rows = read_answer(await ask(Question(f"{crawl.api}?{asked}")))
            found += [c for row in whole_pages(rows) if (c := self._candidate(row)) is not None]
            if found:
                break
        return best_first(found, wanted.near)

    async def of_host(self, host: str, wanted: Sequence[Wanted], ask: Ask) -> Mapping[str, list[Candidate]]:  # noqa: ARG002
        """Each crawl has an index of its own: one question would say little."""
        return {}

    def _candidate(self, row: Row) -> Candidate | None:
        if row.where is None:
            return None
        file, offset, length = row.where
        address = urljoin(self.data, file)
        if not address.startswith(self.data):  # a name that leads elsewhere
            return None
        return Candidate(self.name, row.original, row.at, address, row.digest, "warc-copy", (offset, length))
