"""What of an archive's WARCs goes into a bundle: files under ``archive/``, each a copy of gzip members of one segment, in its order."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from archive.bundle.members import Original, Span
from archive.model import Manifest, StoredObject

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS files (number INTEGER PRIMARY KEY, path TEXT UNIQUE, segment TEXT, warc TEXT, indexes TEXT, sha256 TEXT,
  size INTEGER, whole INTEGER);
CREATE TABLE IF NOT EXISTS spans (file INTEGER, "offset" INTEGER, length INTEGER, PRIMARY KEY (file, "offset")) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, segment TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS originals (id TEXT, segment TEXT, PRIMARY KEY (id, segment)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS relies (segment TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A file of the bundle. ``whole``: all of the stored WARC; ``size`` and, if whole, ``sha256`` are known before a byte is read."""

    number: int
    path: str
    segment: str
    warc: str  # key in the store
    indexes: tuple[str, ...]  # keys of the index objects of its segment
    sha256: str  # of the stored WARC
    size: int
    whole: bool


class _Row(NamedTuple):
    number: int
    path: str
    segment: str
    warc: str
    indexes: str
    sha256: str
    size: int
    whole: int


class Contents:
    """Lies in the file ``path``, so that a bundle of any size fits; use as a context manager.

    Another process that opens the same file can read it once it is `finish`ed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sql = sqlite3.connect(path, isolation_level=None)
        self._sql.executescript(_SCHEMA)
        self._sql.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sql.close()

    def finish(self) -> None:
        """All is in."""
        self._sql.execute("COMMIT")

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return int(self._sql.execute("SELECT coalesce(sum(size), 0) FROM files").fetchone()[0])

    def add_whole(self, manifest: Manifest, warc: StoredObject) -> WarcFile:
        """All of a segment's WARC, under its own name."""
        return self._add(f"archive/{warc.sha256}.warc.gz", manifest, warc, warc.size, whole=True)

    def add_part(self, manifest: Manifest, warc: StoredObject, spans: Iterable[Span]) -> tuple[WarcFile, dict[int, int]]:
        """Members of a segment's WARC; returns where each of them is in the file, by its place in the WARC.

        The name says which they are, so that parts of one WARC from several bundles can lie in one folder.
        """
        places: dict[int, int] = {}
        size = 0
        chosen = sorted(set(spans))
        for span in chosen:
            places[span.offset] = size
            size += span.length
        which = hashlib.sha256(" ".join(str(span.offset) for span in chosen).encode("ascii")).hexdigest()[:12]
        file = self._add(f"archive/{warc.sha256[:32]}-{which}.warc.gz", manifest, warc, size, whole=False)
        self._sql.executemany("INSERT INTO spans VALUES (?, ?, ?)", ((file.number, *span) for span in chosen))
        return file, places

    def _add(self, path: str, manifest: Manifest, warc: StoredObject, size: int, *, whole: bool) -> WarcFile:
        indexes = tuple(stored.key for stored in manifest.objects if stored.kind == "cdxj")
        row = (path, manifest.segment, warc.key, " ".join(indexes), warc.sha256, size, whole)
        made = self._sql.execute("INSERT INTO files (path, segment, warc, indexes, sha256, size, whole) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return WarcFile(made.lastrowid or 0, path, manifest.segment, warc.key, indexes, warc.sha256, size, whole)

    def files(self) -> Iterator[WarcFile]:
        """In order of their paths."""
        rows = self._sql.execute("SELECT number, path, segment, warc, indexes, sha256, size, whole FROM files ORDER BY path").fetchall()
        for row in map(_Row._make, rows):
            yield WarcFile(row.number, row.path, row.segment, row.warc, tuple(row.indexes.split()), row.sha256, row.size, bool(row.whole))

    def spans(self, file: WarcFile) -> Iterator[Span]:
        """What a file that is not whole is made of, in order."""
        query = 'SELECT "offset", length FROM spans WHERE file = ? ORDER BY "offset"'
        yield from map(Span._make, self._sql.execute(query, (file.number,)))

    # --- what revisits refer to ------------------------------------------------------------------

    def note_records(self, segment: str, record_ids: Iterable[str]) -> None:
        """These records of a segment are in, by themselves."""
        self._sql.executemany("INSERT OR IGNORE INTO records VALUES (?, ?)", ((record, segment) for record in record_ids))

    def note_originals(self, originals: Iterable[Original], segments: Iterable[str]) -> None:
        """These are referred to, and are in one of ``segments``; the record may say in which."""
        known = tuple(segments)
        rows = [(o.record_id, s) for o in originals for s in ((o.segment,) if o.segment in known else known)]
        self._sql.executemany("INSERT OR IGNORE INTO originals VALUES (?, ?)", rows)

    def note_relying(self, segment: str) -> None:
        """A segment that is in whole, and has revisits of what other segments hold."""
        self._sql.execute("INSERT OR IGNORE INTO relies VALUES (?)", (segment,))

    def relying(self) -> list[str]:
        return [row[0] for row in self._sql.execute("SELECT segment FROM relies ORDER BY segment")]

    def has_whole(self, segment: str) -> bool:
        return self._sql.execute("SELECT 1 FROM files WHERE segment = ? AND whole", (segment,)).fetchone() is not None

    def may_be_whole(self, record_id: str) -> bool:
        """Whether one of the segments that the original may be in is in whole."""
        query = "SELECT 1 FROM originals o JOIN files f ON f.segment = o.segment AND f.whole WHERE o.id = ? LIMIT 1"
        return self._sql.execute(query, (record_id,)).fetchone() is not None

    def missing_originals(self) -> Iterator[tuple[str, list[str]]]:
        """By segment, the ids of records that revisits refer to and that are not in."""
        query = (
            "SELECT segment, id FROM originals o WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.id = o.id)"
            " AND NOT EXISTS (SELECT 1 FROM files f WHERE f.segment = o.segment AND f.whole) ORDER BY segment, id"
        )
        found: dict[str, list[str]] = {}
        for segment, record in self._sql.execute(query):
            found.setdefault(segment, []).append(record)
        yield from found.items()
