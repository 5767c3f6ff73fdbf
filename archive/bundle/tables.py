"""A bundle's tables while it is made: documents, pages, sources, events, each a file in a folder that is thrown away afterwards."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic_core import from_json

from archive.bundle.events import EventBook
from archive.bundle.pages import HEADER, page_line
from archive.bundle.sources import SOURCE_COLUMNS, source_row
from archive.compression import gzip_stream
from archive.errors import DamageError
from archive.model import Manifest, TargetOutcome
from archive.schema import document_schema
from archive.spreadsheet import inert

DOCUMENTS, EVENTS, SOURCES, SCHEMA = "documents.jsonl.gz", "events.jsonl.gz", "sources.csv", "schema.json"

_FILE, _FILE_HERE = b'"warc_file": "warc/', b'"warc_file": "archive/'
_PROFILE = re.compile(r";profile=([A-Za-z0-9._-]{1,255})/([0-9]{14}-[0-9a-f]{12})\Z")
_PLACE = re.compile(rb'"warc_file": "[^"\\]*", "warc_offset": \d+, "warc_length": \d+')
"""No string inside a document can hold it: its quotes are escaped."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture's member is in the bundle."""

    path: str
    offset: int
    length: int


@dataclass(slots=True)
class Counts:
    targets: int = 0
    documents: int = 0
    pages: int = 0
    events: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    first_page: tuple[str, str] | None = None  # address and time

    def as_json(self) -> dict[str, Any]:
        return {
            "targets": self.targets,
            "documents": self.documents,
            "pages": self.pages,
            "events": self.events,
            "outcomes": dict(sorted(self.outcomes.items())),
        }


class Tables:
    """Writes ``data/`` and ``pages/`` below ``folder``; use as a context manager, and `complete` it."""

    def __init__(self, folder: Path, events: EventBook) -> None:
        self.counts = Counts()
        self.profiles: set[tuple[str, str]] = set()  # host and version of the site profiles that documents were made with
        self._events = events
        self._data = folder / "data"
        self._data.mkdir()
        (folder / "pages").mkdir()
        self._stack = ExitStack()
        self._documents = self._stack.enter_context(gzip_stream(self._data / DOCUMENTS))
        self._pages = self._stack.enter_context((folder / "pages" / "pages.jsonl").open("wb"))
        self._pages.write(HEADER)
        sources = self._stack.enter_context((self._data / SOURCES).open("w", encoding="utf-8", newline="", errors="replace"))
        self._sources = csv.writer(sources, lineterminator="\n")
        self._sources.writerow(SOURCE_COLUMNS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def complete(self) -> None:
        """All rows are in: write the events that cite them, and close the files."""
        self._stack.close()
        with gzip_stream(self._data / EVENTS) as out:
            for line in self._events.used():
                out.write(line.encode("utf-8", "replace") + b"\n")
                self.counts.events += 1
        schema = json.dumps(document_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (self._data / SCHEMA).write_text(schema, encoding="utf-8")

    def add(self, manifest: Manifest, outcome: TargetOutcome, line: bytes | None, place: Place | None) -> None:
        """A target's outcome, with its document's line as it is stored; ``place`` is None where the WARC is copied whole.

        Raises `DamageError` for a line that is no document.
        """
        events = self._events.citing(outcome.key)
        document = None if line is None else self._add_document(line, place)
        self.counts.targets += 1
        word = outcome.outcome.value
        self.counts.outcomes[word] = self.counts.outcomes.get(word, 0) + 1
        row = source_row(manifest, outcome, document or {}, events) | {"events": " ".join(events)}
        self._sources.writerow([_cell(row[name]) for name in SOURCE_COLUMNS])
        self._add_page(outcome, document, events)

    def add_original(self, outcome: TargetOutcome, line: bytes | None, place: Place | None) -> None:
        """What a revisit refers to, and was not chosen by itself: its document and page, and no row among the sources."""
        document = None if line is None else self._add_document(line, place)
        self._add_page(outcome, document, self._events.citing(outcome.key))

    def _add_document(self, line: bytes, place: Place | None) -> dict[str, Any]:
        if place is None:
            at = line.rfind(_FILE)  # near the end: from the front the whole text would be looked through
            line = line if at < 0 else line[:at] + _FILE_HERE + line[at + len(_FILE) :]
        else:
            where = f'"warc_file": "{place.path}", "warc_offset": {place.offset}, "warc_length": {place.length}'.encode()
            line = _PLACE.sub(lambda _: where, line, count=1)
        try:
            document: dict[str, Any] = from_json(line)
        except ValueError as error:
            raise DamageError(f"a documents object has a row that is no document ({error}); run warcite rebuild") from error
        self._documents.write(line)
        self.counts.documents += 1
        if made_with := _PROFILE.search(str(document.get("extractor_settings"))):
            self.profiles.add((made_with[1], made_with[2]))
        return document

    def _add_page(self, outcome: TargetOutcome, document: dict[str, Any] | None, events: Sequence[str]) -> None:
        page = page_line(outcome, document, events)
        if page is not None:
            self._pages.write(page)
            self.counts.pages += 1
            if self.counts.first_page is None:
                row = from_json(page)
                self.counts.first_page = (row["url"], row["ts"])


def _cell(value: object) -> object:
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else value
