"""A bundle to trace in, by itself: its tables, its index, its WARCs. It may be anyone's, and is read without trust."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from archive import profile_json, strict_json
from archive.bundle.profiles import profile_path
from archive.bundle.reader import Bundle
from archive.bundle.source import Source
from archive.bundle.tables import DOCUMENTS, EVENTS, SOURCES
from archive.errors import DamageError, KeyMissing
from archive.model import OutcomeWord, Reason, SiteProfile, Tombstone
from archive.urls import surt
from pipelines.trace.origin import Ended, Place, Row, WarcObject

_INDEX = "indexes/index.cdx.gz"
_MAX_LINE = 256 << 20  # bytes of a row: one document with all that was removed from its page
_MAX_CELL = 1 << 20


class InBundle:
    """An `Origin`. Raises `DamageError` for a file that is no bundle, and `KeyMissing` for one without our tables."""

    def __init__(self, source: Source) -> None:
        self._bundle = Bundle(source)
        self.name = source.name
        self.hidden: Mapping[str, Tombstone] = {}  # what was taken down does not get into bundles

    def ended(self, *, key: str | None = None, record_id: str | None = None) -> list[Ended]:
        found = [
            _ended(row)
            for row in self._sources()
            if (key is not None and row.get("key") == key) or (record_id is not None and row.get("record_id") == record_id)
        ]
        return sorted(found, key=lambda e: e.captured_at or "")

    def document(self, record_id: str) -> Row | None:
        return self._first(record_id.encode(), lambda row: row.get("warc_record_id") == record_id)

    def document_named(self, document_id: str) -> Row | None:
        return self._first(document_id.encode(), lambda row: row.get("id") == document_id)

    def captures(self, url: str) -> Iterator[Place]:
        wanted = surt(url).encode() + b" "
        for line in self._lines(_INDEX):
            if line.startswith(wanted):
                yield self._place(line)

    def events(self) -> Iterator[Row]:
        for line in self._lines(f"data/{EVENTS}"):
            yield self._row(line, EVENTS)

    def warc(self, file: str) -> WarcObject:
        for resource in self._bundle.resources():
            if resource["path"] == file:
                size, digest, segment = (resource.get(name) for name in ("bytes", "hash", "segment"))
                return WarcObject(
                    size if isinstance(size, int) else None,
                    digest.removeprefix("sha256:") if isinstance(digest, str) else None,
                    segment if isinstance(segment, str) else None,
                )
        return WarcObject()

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        return self._bundle.open_range(key, offset, length)

    def profile(self, host: str, version: str) -> SiteProfile | None:
        try:
            return profile_json.decode(self._bundle.text(profile_path(host, version)))
        except KeyMissing:
            return None

    def _place(self, line: bytes) -> Place:
        """Lines have a ``recordDigest`` besides what those of an archive have."""
        try:
            found = strict_json.loads(line.split(b" ", 2)[2])
            return Place(f"archive/{found['filename']}", int(found["offset"]), int(found["length"]))
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise DamageError(f"{_INDEX} of {self.name}: a line that is none; run warcite verify {self.name}") from error

    def _first(self, words: bytes, is_wanted: Callable[[Row], bool]) -> Row | None:
        """``words`` are in the line: most need not be parsed."""
        for line in self._lines(f"data/{DOCUMENTS}"):
            if words in line and is_wanted(row := self._row(line, DOCUMENTS)):
                return row
        return None

    def _row(self, line: bytes, name: str) -> Row:
        try:
            row = strict_json.loads(line)
        except ValueError as error:
            raise DamageError(f"data/{name} has a line that cannot be read ({error}); run warcite verify {self.name}") from error
        if not isinstance(row, dict):
            raise DamageError(f"data/{name} has a line that is no row; run warcite verify {self.name}")
        return row

    def _lines(self, key: str) -> Iterator[bytes]:
        with self._damage_named(key), self._bundle.open_range(key) as raw, gzip.open(raw, "rb") as lines:
            while line := lines.readline(_MAX_LINE):
                if len(line) == _MAX_LINE:
                    raise DamageError(f"{key} of {self.name}: a line of more than {_MAX_LINE} bytes")
                yield line

    def _sources(self) -> Iterator[dict[str, Any]]:
        key = f"data/{SOURCES}"
        csv.field_size_limit(_MAX_CELL)
        with self._damage_named(key), self._bundle.open_range(key) as raw:
            yield from csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))

    @contextmanager
    def _damage_named(self, key: str) -> Iterator[None]:
        try:
            yield
        except (OSError, EOFError, zlib.error, ValueError, csv.Error) as error:
            raise DamageError(f"{key} of {self.name} cannot be read ({error}); run warcite verify {self.name}") from error


def _ended(row: Mapping[str, Any]) -> Ended:
    """Raises `ValueError`."""
    try:
        return Ended(
            url=row["url"],
            key=row["key"],
            outcome=OutcomeWord(row["outcome"]),
            reason=Reason(row["reason"]),
            http_status=int(row["http_status"]) if row["http_status"] else None,
            captured_at=row["captured_at"] or None,
            via=row["via"],
            final_url=row["final_url"] or row["url"],
            record_id=row["record_id"] or None,
            run=row["run"],
            segment=None,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a row without {error}") from error
