"""The ledger: one SQLite row per target, from ``queued`` to one final state (commit-protocol.md, steps 1, 2 and 7).

Every transition is ``UPDATE ... WHERE state = <old>``, so no row can have two endings. Writes gather in one transaction until `commit`,
which the keeper calls after the segment's fsync: a row never vouches for bytes that are not on the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.errors import LimitReached, StoreError, WarciteError
from archive.model import Capture, DocumentCitation, Ending, FinalState, OutcomeWord, Reason, Target, TargetOutcome, TextOutcome, Via
from archive.times import iso, parse_iso

_SCHEMA = Path(__file__).with_name("schema.sql")
_FORMAT = 3  # of the tables
_ADDED_TO = (2,)  # formats that lack tables of this one, and one state of a target, and differ in nothing else
_SET_ASIDE = "DROP INDEX targets_queue; DROP INDEX targets_segment; DROP INDEX targets_run; ALTER TABLE targets RENAME TO targets_before;"
_TAKE_OVER = "INSERT INTO targets SELECT * FROM targets_before; DROP TABLE targets_before;"

_CUT = frozenset({Reason.TRUNCATED, Reason.TOO_LARGE})
_ANSWERED = frozenset({Reason.HTTP_ERROR, Reason.SERVER_ERROR})
_ENDED_BY_RESCUE = frozenset({OutcomeWord.GONE, OutcomeWord.ERROR, OutcomeWord.BLOCKED})
_BY_ROBOTS = frozenset({Reason.ROBOTS, Reason.ROBOTS_UNAVAILABLE})


def final_state(outcome: OutcomeWord, reason: Reason) -> FinalState:
    """The state a row ends in, which says what is kept, as the outcome says what it means.

    ``archived``: a whole answer is kept, refusals and error pages too. ``truncated``: a cut one. ``failed``: none came.
    ``blocked``: our guard did not ask. ``excluded``: robots.txt forbade it.
    """
    if reason in _CUT:
        return "truncated"
    if outcome is OutcomeWord.SKIPPED:
        return "excluded" if reason in _BY_ROBOTS else "blocked"
    return "failed" if outcome is OutcomeWord.ERROR and reason not in _ANSWERED else "archived"


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment the ledger knows and no manifest has committed yet."""

    name: str
    run: str
    job: str
    length: int  # bytes
    sealed_at: str | None
    previous: str | None  # the newest committed segment


class Ledger:
    """Raises `LimitReached` when the disk is full, `StoreError` when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.sql = sqlite3.connect(path, isolation_level=None, timeout=10)
        except sqlite3.Error as error:
            raise self._explained(error) from error
        self.sql.row_factory = sqlite3.Row
        try:
            self.sql.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;")
            # Keys come in no order: with SQLite's 2 MB cache, entering 90,000 of them rewrites gigabytes of index pages.
            self.sql.executescript("PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=8192;")
            self._make_tables()
        except (sqlite3.Error, StoreError) as error:
            self.sql.close()
            raise error if isinstance(error, StoreError) else self._explained(error) from error

    def _make_tables(self) -> None:
        found = self.sql.execute("PRAGMA user_version").fetchone()[0]
        if found == _FORMAT:
            return
        if found not in _ADDED_TO and self.sql.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise StoreError(
                f"{self.path} was written by another version of warcite; finish its crawl with that one, or move the file away"
            )
        # In one transaction: half a schema would be taken for another version's.
        schema = _SCHEMA.read_text(encoding="utf-8")
        if found in _ADDED_TO:
            schema = f"{_SET_ASIDE} {schema}; {_TAKE_OVER}"
        self.sql.executescript(f"BEGIN IMMEDIATE; {schema}; PRAGMA user_version={_FORMAT}; COMMIT;")

    def begin(self) -> None:
        if not self.sql.in_transaction:
            self.execute("BEGIN")

    def commit(self) -> None:
        """Make everything since the last commit durable (one fsync of the write-ahead log)."""
        if self.sql.in_transaction:
            self.execute("COMMIT")

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self.sql.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def execute_each(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            self.sql.executemany(statement, rows)
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _explained(self, error: sqlite3.Error) -> WarciteError:
        """A full disk shows at any statement, not only at COMMIT: SQLite spills what does not fit its cache, and its log has an index."""
        if getattr(error, "sqlite_errorname", "") in {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}:
            return LimitReached(f"no space left for {self.path}; free some and run the same command again")
        return StoreError(f"cannot use the ledger {self.path}: {error}")

    def close(self) -> None:
        self.commit()
        self.sql.close()

    # --- captures ------------------------------------------------------------------------------

    def open_segment(self, name: str, run: str, job: str) -> None:
        self.begin()
        self.execute("INSERT INTO segments (name, run, job) VALUES (?, ?, ?)", (name, run, job))

    def captured(self, segment: str, length: int, endings: Iterable[Ending]) -> None:
        """``leased | awaiting -> captured`` for targets whose bytes are fsynced in ``segment`` up to ``length``."""
        self.begin()
        self.execute("UPDATE segments SET length = ? WHERE name = ?", (length, segment))
        self.execute_each(
            "UPDATE targets SET state = 'captured', outcome = ?, reason = ?, attempts = ?, http_status = ?, final_url = ?, captured_at = ?,"
            ' via = ?, detail = ?, segment = ?, record_id = ?, "offset" = ?, length = ?, digest = ?'
            " WHERE id = ? AND state IN ('leased', 'awaiting')",
            (_captured_row(e, segment) for e in endings),
        )

    def extracted(self, target_id: int, outcome: OutcomeWord, reason: Reason, text_outcome: TextOutcome) -> None:
        """What the text said; may turn ``captured`` into ``gone`` or ``blocked`` before the row is final."""
        self.begin()
        self.execute(
            "UPDATE targets SET outcome = ?, reason = ?, text_outcome = ? WHERE id = ? AND state = 'captured'",
            (outcome, reason, text_outcome, target_id),
        )

    def sealed(self, segment: str, at: str) -> None:
        self.begin()
        self.execute("UPDATE segments SET sealed_at = ? WHERE name = ?", (at, segment))

    # --- commit --------------------------------------------------------------------------------

    def uncommitted_segments(self) -> list[Segment]:
        newest = "(SELECT segment FROM manifests ORDER BY number DESC LIMIT 1)"
        rows = self.execute(f"SELECT name, run, job, length, sealed_at, {newest} FROM segments ORDER BY rowid")  # noqa: S608
        return [Segment(*row) for row in rows]

    def captured_in(self, segment: str) -> Iterator[tuple[Target, Ending]]:
        """The targets a segment ends, with their provisional endings, in the order of their bytes."""
        rows = self.execute("SELECT * FROM targets WHERE segment = ? AND state = 'captured' ORDER BY \"offset\", id", (segment,))
        for row in rows:
            yield Target(row["id"], row["url"], row["key"], row["host"], row["attempts"]), _ending_of(row, segment)

    def outcomes_of(self, segment: str) -> tuple[TargetOutcome, ...]:
        rows = self.execute("SELECT * FROM targets WHERE segment = ? AND state = 'captured' ORDER BY \"offset\", id", (segment,))
        return tuple(_outcome_of(row) for row in rows)

    def finish(self, segment: str, job: str, outcomes: Iterable[TargetOutcome]) -> None:
        """Step 7: the committed outcomes are final; the segment is not ours to keep, and where its bytes lie is the index's to say."""
        self.begin()
        self.execute_each(
            'UPDATE targets SET state = ?, outcome = ?, reason = ?, text_outcome = ?, "offset" = NULL, length = NULL, digest = NULL'
            " WHERE job = ? AND key = ? AND state = 'captured'",
            ((o.state, o.outcome, o.reason, o.text_outcome, job, o.key) for o in outcomes),
        )
        self.execute("UPDATE events SET manifest = ? WHERE manifest = ''", (segment,))
        self.execute("DELETE FROM segments WHERE name = ?", (segment,))
        self.execute("INSERT OR IGNORE INTO manifests (segment) VALUES (?)", (segment,))
        self.commit()

    # --- what a document needs to know -----------------------------------------------------------

    def citations_of(self, key: str, run: str) -> tuple[DocumentCitation, ...]:
        """Who cited an address when ``run`` began: a page extracted again after a crash has no later citations, so that its document,
        like the WARC's metadata record, says what was known when it was fetched.
        """
        rows = self.execute(
            "SELECT e.id, e.date, e.title, e.url, e.digest_file, c.label, c.position FROM citations c"
            " JOIN events e ON e.id = c.event_id JOIN runs r ON r.run = e.run"
            " WHERE c.key = ? AND r.number <= (SELECT number FROM runs WHERE run = ?) ORDER BY e.date, e.id, c.position",
            (key, run),
        )
        return tuple(DocumentCitation(*row) for row in rows)


def _outcome_of(row: sqlite3.Row) -> TargetOutcome:
    outcome, reason = OutcomeWord(row["outcome"]), Reason(row["reason"])
    return TargetOutcome(
        url=row["url"],
        key=row["key"],
        outcome=outcome,
        reason=reason,
        attempts=row["attempts"],
        http_status=row["http_status"],
        captured_at=row["captured_at"],
        text_outcome=TextOutcome(row["text_outcome"]) if row["text_outcome"] else None,
        via=row["via"],
        final_url=row["final_url"],
        record_id=row["record_id"],
        state=final_state(outcome, reason),
        detail=row["detail"],
    )


def _captured_row(e: Ending, segment: str) -> tuple[object, ...]:
    c = e.capture
    at = c.captured_at if c else e.ended_at
    where = (c.record_id, c.offset, c.length, c.payload_digest) if c else (None, None, None, None)
    via = c.via.kind if c else "live"
    return (
        *(e.outcome, e.reason, e.attempts, e.http_status, e.final_url, iso(at), via, e.detail),
        *(segment, *where, e.target_id),
    )


def _kind(row: sqlite3.Row) -> Literal["response", "revisit", "metadata"]:
    """What a row's record is: one whose rescue came to nothing has a metadata record, though its site answered once."""
    if row["outcome"] == OutcomeWord.UNCHANGED:
        return "revisit"
    told = row["digest"] is None and row["outcome"] in _ENDED_BY_RESCUE
    return "response" if row["http_status"] and not told else "metadata"


def _ending_of(row: sqlite3.Row, segment: str) -> Ending:
    at = parse_iso(row["captured_at"])
    capture = Capture(
        record_id=row["record_id"],
        url=row["final_url"] or row["url"],
        captured_at=at,
        status=row["http_status"],
        mime=None,
        payload_digest=row["digest"],
        kind=_kind(row),
        segment=segment,
        offset=row["offset"],
        length=row["length"],
        via=Via(row["via"]),
    )
    return Ending(
        target_id=row["id"],
        outcome=OutcomeWord(row["outcome"]),
        reason=Reason(row["reason"]),
        attempts=row["attempts"],
        ended_at=at,
        http_status=row["http_status"],
        final_url=row["final_url"],
        capture=capture,
        detail=row["detail"],
    )
