"""What a report is counted from: a run's sources, what they came to before, the events that cite them, the requests that were made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive.model import Manifest, OutcomeWord, TargetOutcome
from archive.report.exchanges import Exchange
from archive.report.words import KEPT
from archive.told import TABLES, tell
from archive.urls import host_of

_SCHEMA = Path(__file__).with_name("facts.sql")
_TEXT_BEFORE = (
    "(SELECT {} FROM earlier x WHERE x.key = e.key AND x.outcome IN ('captured', 'rescued') ORDER BY x.at DESC, x.captured_at DESC LIMIT 1)"
)


class Facts:
    """Use as a context manager. Filled by `archive.report.gather`, in the order of its methods."""

    def __init__(self) -> None:
        self.sql = sqlite3.connect("", isolation_level=None)
        self.sql.row_factory = sqlite3.Row
        self.sql.executescript(TABLES + _SCHEMA.read_text(encoding="utf-8"))
        self.sql.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.sql.close()

    def add_targets(self, manifest: Manifest) -> None:
        """Manifests come in the order of their commits: of a source that ended twice in a run the last ending counts."""
        self.sql.executemany(
            "INSERT OR REPLACE INTO targets (key, url, host, outcome, reason, http_status, captured_at, attempts, text_outcome, via,"
            " final_url, record_id, segment, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_target(o, manifest.segment) for o in manifest.outcomes),
        )

    def add_event(self, row: Mapping[str, Any]) -> None:
        tell(self.sql, row)

    def keep_citing_events(self) -> None:
        """Leave out events that cite no source of the run, and those that another took the place of."""
        self.sql.execute(
            "DELETE FROM events WHERE number NOT IN (SELECT c.event FROM cited c JOIN targets t ON t.key = c.key)"
            " OR replaced_by IS NOT NULL"
        )
        self.sql.execute("DELETE FROM cited WHERE event NOT IN (SELECT number FROM events)")
        self.sql.execute(
            "UPDATE targets SET year = (SELECT substr(min(e.date), 1, 4) FROM cited c JOIN events e ON e.number = c.event"
            " WHERE c.key = targets.key AND e.date IS NOT NULL)"
        )

    def add_earlier(self, manifest: Manifest) -> None:
        """Endings of a run before, of the sources of this one and of what else its events cite."""
        wanted = "EXISTS (SELECT 1 FROM targets WHERE key = ?1) OR EXISTS (SELECT 1 FROM cited WHERE key = ?1)"
        self.sql.executemany(
            f"INSERT INTO earlier (key, at, captured_at, outcome, record_id, segment) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE {wanted}",
            ((o.key, manifest.created_at, o.captured_at, o.outcome.value, o.record_id, manifest.segment) for o in manifest.outcomes),
        )

    def segments_with_earlier_texts(self) -> dict[str, set[str]]:
        """Segment -> records whose documents a source that is kept now is compared with."""
        rows = self.sql.execute(
            "SELECT e.segment, e.record_id FROM earlier e JOIN targets t ON t.key = e.key WHERE t.outcome IN ('captured', 'rescued', 'unchanged')"  # noqa: E501
            " AND e.outcome IN ('captured', 'rescued') AND e.record_id IS NOT NULL"
        )
        found: dict[str, set[str]] = {}
        for segment, record_id in rows:
            found.setdefault(segment, set()).add(record_id)
        return found

    def segments_with_texts(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for segment, record_id in self.sql.execute("SELECT segment, record_id FROM targets WHERE record_id IS NOT NULL"):
            found.setdefault(segment, set()).add(record_id)
        return found

    def add_document(self, row: Mapping[str, Any]) -> None:
        """Of a source of the run."""
        record_id = row["warc_record_id"]
        told = (row["title"], row["language"], row["words"], _identity(row), row["extractor_version"], row["extractor_settings"], record_id)
        self.sql.execute(
            "UPDATE targets SET title = ?, language = ?, words = ?, text_sha256 = ?, extractor = ?, settings = ? WHERE record_id = ?", told
        )
        self.sql.executemany(
            "INSERT OR IGNORE INTO flags SELECT key, ? FROM targets WHERE record_id = ?", ((flag, record_id) for flag in row["flags"])
        )

    def add_earlier_document(self, row: Mapping[str, Any]) -> None:
        self.sql.execute(
            "UPDATE earlier SET text_sha256 = ?, extractor = ? WHERE record_id = ?",
            (_identity(row), row["extractor_version"], row["warc_record_id"]),
        )

    def set_baseline(self) -> None:
        """Each source's last ending before the run, with the text that it had then; an unchanged page has that text still."""
        text, extractor = _TEXT_BEFORE.format("text_sha256"), _TEXT_BEFORE.format("extractor")
        self.sql.execute(
            f"INSERT OR REPLACE INTO baseline SELECT e.key, e.outcome, e.captured_at, {text}, {extractor}"  # noqa: S608 - constants
            " FROM earlier e JOIN targets t ON t.key = e.key ORDER BY e.at, e.captured_at"
        )
        self.sql.execute(
            "UPDATE targets SET text_sha256 = b.text_sha256, extractor = b.extractor FROM baseline b"
            " WHERE b.key = targets.key AND targets.outcome = 'unchanged' AND targets.text_sha256 IS NULL"
        )

    def replace_baseline(self, other: Facts) -> None:
        """Compare with a run instead."""
        self.sql.execute("DELETE FROM baseline")
        rows = other.sql.execute("SELECT key, outcome, captured_at, text_sha256, extractor FROM targets")
        self.sql.executemany("INSERT INTO baseline VALUES (?, ?, ?, ?, ?)", map(tuple, rows))

    def judge_changes(self, *, by_revisits: bool) -> None:
        """``by_revisits``: a revisit says that the page is as it was the last time, which is what it is compared with."""
        rows = self.sql.execute(
            "SELECT t.key, t.outcome, t.text_sha256, t.extractor, b.outcome, b.text_sha256, b.extractor FROM targets t"
            " LEFT JOIN baseline b ON b.key = t.key"
        ).fetchall()
        self.sql.executemany("UPDATE targets SET change = ? WHERE key = ?", ((_change(row, by_revisits), row[0]) for row in rows))

    def add_exchanges(self, found: Iterable[Exchange]) -> None:
        self.sql.executemany("INSERT INTO exchanges VALUES (?, ?, ?, ?)", found)

    def add_members(self, members: Iterator[tuple[str, str, int]]) -> None:
        """Host, time (YYYYMMDDhhmmss) and bytes of each answer's member."""
        self.sql.executemany("INSERT INTO members VALUES (?, ?, ?)", members)


def _target(o: TargetOutcome, segment: str) -> tuple[object, ...]:
    text = o.text_outcome.value if o.text_outcome else None
    return (
        *(o.key, o.url, host_of(o.url), o.outcome.value, o.reason.value, o.http_status, o.captured_at, o.attempts, text, o.via),
        *(o.final_url, o.record_id, segment, o.detail),
    )


def _identity(row: Mapping[str, Any]) -> str:
    """What two captures of a page are the same by: their text; without one, their bytes, which say nothing when they differ."""
    return str(row["text_sha256"]) if row["words"] else f"bytes:{row['payload_digest']}"


def _change(row: sqlite3.Row, by_revisits: bool) -> str:
    _, now, text, extractor, before, old_text, old_extractor = row
    if before is None:
        return "new"
    if now not in KEPT:
        return "still-failing" if before not in KEPT else "newly-gone" if now == OutcomeWord.GONE else "newly-failing"
    if before not in KEPT:
        return "back"
    if (by_revisits and now == OutcomeWord.UNCHANGED) or (text is not None and text == old_text):
        return "same"
    comparable = text and old_text and extractor == old_extractor and not text.startswith("bytes:") and not old_text.startswith("bytes:")
    return "text" if comparable else "not-compared"
