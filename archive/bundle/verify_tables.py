"""A bundle's pages, documents, events and sources against the records they speak of."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any, Self

from pydantic_core import from_json

from archive.audit.damage import DamageKind
from archive.audit.documents import DocumentClaim, check_events, document_fault, read_documents
from archive.audit.evidence import Evidence
from archive.audit.objects import MAX_LINE, Findings
from archive.bundle.reader import Bundle
from archive.bundle.sources import SOURCE_COLUMNS
from archive.bundle.tables import DOCUMENTS, EVENTS, SOURCES
from archive.bundle.verify_index import Captures
from archive.digests import sha256_hex
from archive.errors import DamageError, KeyMissing
from archive.model import StoredObject
from archive.urls import surt

PAGES = "pages/pages.jsonl"
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|\+00:00)")


class Texts:
    """SHA-256 of the text of each document by its record, for the pages that repeat it. In SQLite's own temporary file."""

    def __init__(self) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript("CREATE TABLE texts (record TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID; BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sql.close()

    def add(self, record: str, sha256: str) -> bool:
        """Whether it is the first document of this record."""
        return self._sql.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (record, sha256)).rowcount == 1

    def of(self, record: str) -> str | None:
        row = self._sql.execute("SELECT sha256 FROM texts WHERE record = ?", (record,)).fetchone()
        return str(row[0]) if row else None


class _Teeing(Findings):
    """Keeps the line that was given last."""

    raw = b""

    def lines(self, stored: StoredObject, kind: DamageKind, what: str) -> Iterator[tuple[int, bytes]]:
        for number, self.raw in super().lines(stored, kind, what):
            yield number, self.raw


def check_documents(bundle: Bundle, found: Findings, evidence: Evidence, counts: dict[str, Any], texts: Texts) -> None:
    """Each is whole in itself and says of its record what is true."""
    stored = _stored(bundle, "documents", f"data/{DOCUMENTS}", counts.get("documents"))
    if stored is None:
        found.damage("document", f"data/{DOCUMENTS}", "it is missing")
        return
    teeing = _Teeing(found.store)
    teeing.damages, teeing.counts = found.damages, found.counts
    for claim in read_documents(teeing, stored, None):
        if not isinstance(claim, DocumentClaim):
            continue
        first = texts.add(claim.record_id, from_json(teeing.raw)["text_sha256"])
        place = evidence.by_id(claim.record_id)
        fault = document_fault(claim, place) if place is not None else "its record is not in the bundle"
        fault = fault if first else "another document is of this record too"
        if fault:
            found.damage("document", claim.object, f"line {claim.number}: {fault}", record_id=claim.record_id, url=claim.url)


def check_bundle_events(bundle: Bundle, found: Findings, counts: dict[str, Any]) -> None:
    stored = _stored(bundle, "events", f"data/{EVENTS}", counts.get("events"))
    if stored is None:
        found.damage("event", f"data/{EVENTS}", "it is missing")
    else:
        check_events(found, stored)


def check_pages(bundle: Bundle, found: Findings, captures: Captures, counts: dict[str, Any] | None, texts: Texts) -> None:
    """Each page leads to a capture, and repeats the text of its document. ``counts`` is None for bundles that others made."""
    number = 0
    try:
        for number, line in enumerate(_lines(bundle, PAGES), 1):
            if number == 1 and b'"format"' not in line:
                found.damage("page", PAGES, "its first line is no header: players would not list the page in it")
            elif number > 1:
                _check_page(found, number, line, captures, texts, ours=counts is not None)
    except (KeyMissing, DamageError, OSError) as error:
        found.damage("page", PAGES, f"cannot be read after line {number}: {error}")
        return
    if not number:
        found.damage("page", PAGES, "it is empty")
    elif counts is not None and counts.get("pages") != number - 1:
        found.damage("page", PAGES, f"{number - 1} pages, not {counts.get('pages')}")
    found.count(PAGES, "pages", max(number - 1, 0))


def _check_page(found: Findings, number: int, line: bytes, captures: Captures, texts: Texts, *, ours: bool) -> None:
    try:
        row: dict[str, Any] = json.loads(line)
        url, time = row["url"], _TIME.fullmatch(row["ts"])
        if not isinstance(url, str) or time is None:
            raise ValueError("url or ts")
    except (ValueError, KeyError, TypeError, RecursionError):
        found.damage("page", PAGES, f"line {number} is no page: it needs url, and ts as RFC 3339 in UTC")
        return
    record = f"<urn:uuid:{row.get('id')}>" if ours else None
    if not captures.has(surt(url), "".join(time.groups())):
        found.damage("page", PAGES, f"line {number}: no capture of it is in the bundle", record_id=record, url=url)
    elif (
        record is not None
        and (due := texts.of(record)) is not None
        and due != sha256_hex(str(row.get("text", "")).encode("utf-8", "replace"))
    ):
        found.damage("page", PAGES, f"line {number}: its text is not that of its document", record_id=record, url=url)


def check_sources(bundle: Bundle, found: Findings, evidence: Evidence, counts: dict[str, Any]) -> None:
    """One row for each target, with its record in the bundle; outcomes are as many as datapackage.json says."""
    key, outcomes = f"data/{SOURCES}", Counter[str]()
    try:
        with bundle.open_range(key) as raw, TextIOWrapper(raw, encoding="utf-8", newline="") as text:
            rows = csv.DictReader(text, strict=True)
            if tuple(rows.fieldnames or ()) != SOURCE_COLUMNS:
                found.damage("source", key, "its columns are others")
                return
            for number, row in enumerate(rows, 2):
                outcomes[row["outcome"]] += 1
                record = row["record_id"] or None
                if record is not None and evidence.by_id(record) is None:
                    found.damage("source", key, f"row {number}: its record is not in the bundle", record_id=record, url=row["url"])
    except (KeyMissing, DamageError, OSError, UnicodeDecodeError, csv.Error) as error:
        found.damage("source", key, f"cannot be read: {error}")
        return
    if dict(outcomes) != counts.get("outcomes") or outcomes.total() != counts.get("targets"):
        found.damage("source", key, f"its outcomes are {dict(sorted(outcomes.items()))}, not {counts.get('outcomes')}")
    found.count(key, "sources", outcomes.total())


def _stored(bundle: Bundle, kind: Any, key: str, rows: Any) -> StoredObject | None:
    """What datapackage.json says of a table, as a manifest would."""
    for resource in bundle.resources():
        if resource["path"] == key and key in bundle.entries:
            digest = str(resource.get("hash")).removeprefix("sha256:")
            return StoredObject(kind, key, bundle.entries[key].size, digest, rows if isinstance(rows, int) else -1)
    return None


def _lines(bundle: Bundle, key: str) -> Iterator[bytes]:
    with bundle.open_range(key) as stream:
        while line := stream.readline(MAX_LINE):
            yield line
