"""Which pages of which host an archive has, and where their bytes are: from manifests and index objects alone."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from archive import manifests
from archive.errors import DamageError, KeyMissing
from archive.index.cdxj import IndexLine, parse_line
from archive.model import Manifest, OutcomeWord, TargetOutcome, TextOutcome
from archive.store import Store
from archive.times import parse_iso
from archive.urls import host_of, surt
from pipelines.document import registrable_host

_KEPT = frozenset({OutcomeWord.CAPTURED, OutcomeWord.RESCUED})
_READABLE = frozenset({TextOutcome.OK, TextOutcome.THIN})
_SCHEMA = """
CREATE TABLE pages (host TEXT, key TEXT, captured_at TEXT, url TEXT, record_id TEXT, warc TEXT, offset INTEGER, length INTEGER,
  PRIMARY KEY (host, key, captured_at, record_id)) WITHOUT ROWID
"""
_NEWEST = """
SELECT url, captured_at, record_id, warc, offset, length, max(captured_at || record_id) FROM pages WHERE host = ? GROUP BY key
ORDER BY captured_at, record_id
"""  # SQLite gives the other columns the values of the row with the maximum


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A captured page with a text: its final address, and the gzip member that holds it."""

    url: str
    captured_at: str
    record_id: str
    warc: str  # key in the store
    offset: int
    length: int


class PageIndex:
    """Pages by host, in SQLite's own temporary file, so that an archive of any size fits; use as a context manager."""

    def __init__(self) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript(f"{_SCHEMA}; BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sql.close()

    def add(self, host: str, page: StoredPage) -> None:
        row = (host, surt(page.url), page.captured_at, page.url, page.record_id, page.warc, page.offset, page.length)
        self._sql.execute("INSERT OR IGNORE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def hosts(self) -> list[tuple[str, int]]:
        """Each host with the number of addresses that were captured of it, in order of names."""
        return self._sql.execute("SELECT host, count(DISTINCT key) FROM pages GROUP BY host ORDER BY host").fetchall()

    def pages(self, host: str, limit: int) -> list[StoredPage]:
        """The newest capture of each address, oldest first; of more than ``limit`` so many, evenly spread."""
        found = [StoredPage(*row[:-1]) for row in self._sql.execute(_NEWEST, (host,))]
        if len(found) <= limit:
            return found
        return [found[number * len(found) // limit] for number in range(limit)]


def index_pages(store: Store, index: PageIndex, hosts: Collection[str], hidden: Collection[str]) -> None:
    """Take in the pages of these registrable hosts, or of all when none is named, less the records in ``hidden``.

    Raises `DamageError` where a manifest or an index object cannot be read: what is learned from the rest would be another profile.
    """
    for _, manifest in manifests.load_all(store):
        wanted = {_place(o): o for o in manifest.outcomes if _is_page(o)}
        for outcome in manifest.outcomes:  # an index line has no record id: whatever lies at the place of a hidden record is hidden
            if outcome.record_id in hidden and _is_page(outcome):
                wanted.pop(_place(outcome), None)
        for host, outcome, line, warc in _located(store, manifest, wanted):
            if not hosts or host in hosts:
                page = StoredPage(line.url, outcome.captured_at or "", outcome.record_id or "", warc, line.offset, line.length)
                index.add(host, page)


def _is_page(outcome: TargetOutcome) -> bool:
    return (
        outcome.outcome in _KEPT
        and outcome.text_outcome in _READABLE
        and outcome.http_status is not None
        and 200 <= outcome.http_status < 300
        and outcome.record_id is not None
        and outcome.captured_at is not None
    )


def _place(outcome: TargetOutcome) -> tuple[str, str]:
    """What index lines say of the final response: its key and its second."""
    try:
        at = parse_iso(outcome.captured_at or "")
    except ValueError as error:
        raise DamageError(f"an outcome was captured at {outcome.captured_at!r}; warcite verify says more") from error
    return surt(outcome.final_url or outcome.url), f"{at:%Y%m%d%H%M%S}"


def _located(
    store: Store, manifest: Manifest, wanted: dict[tuple[str, str], TargetOutcome]
) -> Iterator[tuple[str, TargetOutcome, IndexLine, str]]:
    warcs = {o.key.rpartition("/")[2]: o.key for o in manifest.objects if o.kind == "warc"}
    for stored in manifest.objects:
        if stored.kind == "cdxj" and wanted:
            for line in _lines(store, stored.key):
                outcome = wanted.get((line.key, line.timestamp))
                if outcome and line.mime != "warc/revisit" and line.status == outcome.http_status and line.filename in warcs:
                    yield registrable_host(host_of(line.url)), outcome, line, warcs[line.filename]


def _lines(store: Store, key: str) -> Iterator[IndexLine]:
    try:
        with store.open_range(key) as raw, gzip.open(raw, "rb") as lines:
            for text in lines:
                yield parse_line(text)
    except (KeyMissing, OSError, EOFError, zlib.error, DamageError) as error:
        raise DamageError(f"{key} cannot be read ({error}); run warcite rebuild") from error
