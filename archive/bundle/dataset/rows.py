"""What is chosen of an archive as rows in the order of a dataset: put aside in a temporary file, sorted by SQLite, given line by line."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import TracebackType
from typing import Any, NamedTuple, Self

from isal import isal_zlib
from pydantic_core import from_json, to_json

from archive.bundle.events import EventBook
from archive.bundle.sources import source_row
from archive.errors import DamageError
from archive.model import Manifest, TargetOutcome

_SCHEMA = """
CREATE TABLE documents (day TEXT, captured_at TEXT, id TEXT, record TEXT PRIMARY KEY, at INTEGER, size INTEGER) WITHOUT ROWID;
CREATE TABLE sources (day TEXT, key TEXT, captured_at TEXT, json BLOB);
CREATE TABLE tally (kind TEXT, value TEXT, count INTEGER, PRIMARY KEY (kind, value)) WITHOUT ROWID;
"""
_DOCUMENTS = "SELECT day, at, size FROM documents ORDER BY day IS NULL, day, captured_at, id, record"
_SOURCES = "SELECT json FROM sources ORDER BY day IS NULL, day, key, captured_at, json"
_COUNT = "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT (kind, value) DO UPDATE SET count = count + excluded.count"

_LONGEST = 200
"""Characters of a value that is counted: what a page calls its licence may be any text."""


class DocumentLine(NamedTuple):
    """A line of ``warcite.document/1`` as it is stored, with its end, and the earliest day among the events that cite it."""

    day: str | None
    line: bytes


class Rows:
    """Use as a context manager. Memory does not grow with the rows."""

    def __init__(self, events: EventBook) -> None:
        self._events = events
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript(_SCHEMA)
        self._sql.execute("BEGIN")
        self._file = tempfile.TemporaryFile(prefix="warcite-dataset-")  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._sql.close()

    def add(self, manifest: Manifest, outcome: TargetOutcome, line: bytes | None) -> None:
        """A target's outcome and its document's line. Raises `DamageError` for a line that is no document."""
        cited_by = self._events.citing(outcome.key)
        day = _first_day(cited_by)
        document = {} if line is None else self._add_document(line, day)
        row = source_row(manifest, outcome, document, cited_by)
        self._sql.execute("INSERT INTO sources VALUES (?, ?, ?, ?)", (day, outcome.key, outcome.captured_at, to_json(row)))
        counted = [("outcome", outcome.outcome.value), ("run", manifest.run), ("via", outcome.via)]
        if outcome.reason.value != "ok":
            counted.append((f"reason of {outcome.outcome.value}", outcome.reason.value))
        self._count(counted)

    def add_original(self, key: str, line: bytes) -> None:
        """The document that an unchanged page still has, from a capture that was not chosen itself."""
        self._add_document(line, _first_day(self._events.citing(key)))

    def has(self, record_id: str) -> bool:
        """Whether the document of a record is in."""
        return self._sql.execute("SELECT 1 FROM documents WHERE record = ?", (record_id,)).fetchone() is not None

    def documents(self) -> Iterator[DocumentLine]:
        """In order of the day of their events, those without one last, then of the time they were captured."""
        for day, at, size in self._sql.execute(_DOCUMENTS):
            self._file.seek(at)
            yield DocumentLine(day, isal_zlib.decompress(self._file.read(size)))

    def sources(self) -> Iterator[bytes]:
        """Lines of JSON of every chosen target, failures too, in order of the day of their events, then of addresses."""
        for (line,) in self._sql.execute(_SOURCES):
            yield line + b"\n"

    def events(self) -> Iterator[bytes]:
        """Lines of JSON of the events that cite them, once, in order of their days; every key in every row."""
        for line in self._events.used():
            self._count([("table", "events")])
            yield to_json({"revision": 1, "replaced_by": None} | from_json(line)) + b"\n"

    def tally(self, kind: str) -> dict[str, int]:
        """What was counted of a kind, the most frequent first."""
        query = "SELECT value, count FROM tally WHERE kind = ? ORDER BY count DESC, value"
        return dict(self._sql.execute(query, (kind,)).fetchall())

    def count(self, table: str) -> int:
        """Rows of ``documents``, ``sources`` or, once they were given, ``events``."""
        if table == "events":
            return self.tally("table").get("events", 0)
        query = {"documents": "SELECT count(*) FROM documents", "sources": "SELECT count(*) FROM sources"}[table]
        return int(self._sql.execute(query).fetchone()[0])

    def span(self, of: str) -> tuple[str, str] | None:
        """First and last day of the ``events`` of sources, or of the ``captures``."""
        column = {"events": "day", "captures": "substr(captured_at, 1, 10)"}[of]
        first, last = self._sql.execute(f"SELECT min({column}), max({column}) FROM sources").fetchone()  # noqa: S608 - one of two constants
        return None if first is None else (first, last)

    def _add_document(self, line: bytes, day: str | None) -> Mapping[str, Any]:
        try:
            document: dict[str, Any] = from_json(line)
            place = (day, document["captured_at"], document["id"], document["warc_record_id"], self._file.seek(0, 2))
            facts = _facts(document)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamageError(f"a documents object has a row that is no document ({error}); run warcite rebuild") from error
        packed = isal_zlib.compress(line, 1)
        if self._sql.execute("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?, ?)", (*place, len(packed))).rowcount:
            self._file.write(packed)
            self._count(facts)
        return document

    def _count(self, found: list[tuple[str, str]]) -> None:
        self._sql.executemany(_COUNT, [(kind, value[:_LONGEST], 1) for kind, value in found])


def _first_day(event_ids: Iterable[str]) -> str | None:
    """Ids begin with the day of the event, where it has one."""
    return min(filter(_is_day, (event_id[:10] for event_id in event_ids)), default=None)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _facts(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [
        ("text", document["text_outcome"]),
        ("language", document["language"] or "unknown"),
        ("host", document["host"]),
        ("extractor", f"{document['extractor']} {document['extractor_version']}"),
        *(("flag", flag) for flag in document["flags"]),
    ]
    if document["license"]:
        facts.append(("license", " ".join(document["license"].split())))
    if document["rescue"]:
        facts.append(("rescued from", document["rescue"]["archive"]))
    return facts
