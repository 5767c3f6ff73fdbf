"""Archives with a Wayback-style CDX server and raw playback: web.archive.org, pywb, OpenWayback.

Written after the CDX servers' own documentation and recorded answers. ``closest`` is not asked for: without ``sort`` it does not give the
closest capture, and servers differ; the best copy is picked here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from archive.urls import surt
from crawler.rescue.choice import SOON, best_first
from crawler.rescue.moments import read_timestamp, timestamp
from crawler.rescue.source import Answer, ArchiveRefuses, ArchiveUnavailable, Ask, Candidate, Question, Wanted

BEFORE = timedelta(days=365)
"""How long before the cited date captures are asked for."""

LIMIT = 3000  # rows of one address
HOST_LIMIT = 20_000
_COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_OTHER_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}  # pywb's, and Common Crawl's
_NO_ERRORS = "!statuscode:[345].."  # a pattern to OpenWayback and web.archive.org; pywb takes it literally and leaves nothing out
_REVISIT = "warc/revisit"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a CDX answer. ``status`` is None where it has ``-``, as revisits do."""

    original: str
    at: datetime
    mime: str
    status: int | None
    digest: str
    where: tuple[str, int, int] | None = None  # WARC file, offset, length: where the answer has them


def parse_rows(body: bytes) -> list[Row]:
    """The rows of a CDX answer: an array of arrays under a heading, one object a line, or columns between blanks.

    Rows that cannot be read are passed over. Raises `ArchiveUnavailable` for a body that is no CDX answer at all.
    """
    text = body.decode("utf-8", "replace").strip()
    if not text:
        return []
    rows = [row for table in _tables(text) if (row := _row(table)) is not None]
    if not rows and not text.startswith("["):
        raise ArchiveUnavailable(f"not a CDX answer: {text[:80]!r}")
    return rows


def _tables(text: str) -> Iterator[Mapping[str, str]]:
    if text.startswith("["):
        yield from _array(text)
        return
    for line in text.splitlines():
        if line.startswith("{"):
            yield from _object(line)
        elif len(columns := line.split(" ")) >= len(_COLUMNS):
            yield dict(zip(_COLUMNS, columns, strict=False))


def _array(text: str) -> Iterator[Mapping[str, str]]:
    """Up to the empty row that a resume key follows."""
    rows = _json(text)
    if not isinstance(rows, list) or not rows:
        return
    heading, *rest = rows
    for values in rest:
        if not isinstance(values, list) or not values:
            return
        yield dict(zip(map(str, heading) if isinstance(heading, list) else _COLUMNS, map(str, values), strict=False))


def _object(line: str) -> Iterator[Mapping[str, str]]:
    values = _json(line)
    if isinstance(values, dict):
        yield {_OTHER_NAMES.get(str(name), str(name)): str(value) for name, value in values.items()}


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveUnavailable(f"not a CDX answer: {text[:80]!r}") from error


def _row(values: Mapping[str, str]) -> Row | None:
    written, original = values.get("timestamp", ""), values.get("original", "")
    at = read_timestamp(written)
    if at is None or len(written) != 14 or not original:
        return None
    status = values.get("statuscode", "")
    known = int(status) if status.isascii() and status.isdigit() and len(status) == 3 else None
    return Row(original, at, values.get("mimetype", ""), known, _digest(values.get("digest", "")), _where(values))


def _digest(text: str) -> str:
    return "" if text == "-" else text.removeprefix("sha1:")


def _where(values: Mapping[str, str]) -> tuple[str, int, int] | None:
    file, offset, length = values.get("filename", ""), values.get("offset", ""), values.get("length", "")
    numbers = all(text.isascii() and text.isdigit() and len(text) < 18 for text in (offset, length))
    return (file, int(offset), int(length)) if file and numbers and int(length) > 0 else None


def whole_pages(rows: Iterable[Row]) -> list[Row]:
    """Captures of status 200, and the revisits of such: a revisit has its original's digest. One whose original is not here is left out."""
    rows = list(rows)
    pages = [row for row in rows if row.status == 200]
    digests = {row.digest for row in pages if row.digest}
    return pages + [
        row for row in rows if row.mime == _REVISIT and row.status in {None, 200} and row.digest in digests and row not in pages
    ]


def read_answer(answer: Answer) -> list[Row]:
    """Raises `ArchiveRefuses` for an address that the archive was told not to show, `ArchiveUnavailable` for what is no answer."""
    if is_blocked(answer):
        raise ArchiveRefuses("the archive does not show this site")
    if answer.status == 404:
        return []
    if answer.status != 200:
        raise ArchiveUnavailable(f"the index answered {answer.status}")
    return parse_rows(answer.body)


def is_blocked(answer: Answer) -> bool:
    """A site whose copies web.archive.org does not show, which is final."""
    return answer.status == 403 and "AccessControl" in answer.headers.get("x-archive-wayback-runtime-error", "")


@dataclass(frozen=True, slots=True)
class CdxSource:
    """``playback`` has ``{timestamp}`` and ``{url}``; with ``id_`` behind the timestamp it gives bytes as they were captured."""

    name: str
    endpoint: str
    playback: str

    def question(self, url: str, start: datetime | None, end: datetime | None, limit: int, match: str = "exact") -> Question:
        asked = [("url", url), ("output", "json"), ("limit", str(limit)), ("filter", _NO_ERRORS)]
        asked += [("matchType", match)] if match != "exact" else []
        asked += [("from", timestamp(start))] if start else []
        asked += [("to", timestamp(end))] if end else []
        return Question(f"{self.endpoint}{'&' if '?' in self.endpoint else '?'}{urlencode(asked)}")

    async def candidates(self, wanted: Wanted, ask: Ask) -> list[Candidate]:
        near = wanted.near
        rows = read_answer(await ask(self.question(wanted.url, near - BEFORE if near else None, None, LIMIT)))
        if len(rows) >= LIMIT and near:  # a page that is captured all the time
            rows = read_answer(await ask(self.question(wanted.url, near - timedelta(days=1), near + SOON, LIMIT))) or rows
        return best_first(map(self._candidate, whole_pages(rows)), near)

    async def of_host(self, host: str, wanted: Sequence[Wanted], ask: Ask) -> Mapping[str, list[Candidate]]:
        """Believed to say "none" only when it is whole and knows some of the addresses: not every server can be asked so."""
        dates = sorted(w.near for w in wanted if w.near)
        start, end = (dates[0] - BEFORE, dates[-1] + 2 * BEFORE) if len(dates) == len(wanted) else (None, None)
        rows = read_answer(await ask(self.question(host, start, end, HOST_LIMIT, "host")))
        by_key: dict[str, list[Row]] = {}
        for row in whole_pages(rows):
            by_key.setdefault(surt(row.original), []).append(row)
        found = {surt(w.url): best_first(map(self._candidate, by_key.get(surt(w.url), ())), w.near) for w in wanted}
        if len(rows) < HOST_LIMIT and any(found.values()):
            return found
        return {key: candidates for key, candidates in found.items() if candidates}

    def _candidate(self, row: Row) -> Candidate:
        address = self.playback.replace("{timestamp}", timestamp(row.at)).replace("{url}", row.original)
        return Candidate(self.name, row.original, row.at, address, row.digest)
