"""The ledger beside an archive against its manifests. It is only read, also while a crawl writes it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

from archive import layout, strict_json
from archive.audit.damage import Damage
from archive.audit.objects import Findings
from archive.errors import DamageError
from archive.model import FinalState, Manifest, TargetOutcome

_FINAL = get_args(FinalState)
_ENDED = frozenset((*_FINAL, "captured"))
_COMPARED = (
    *("url", "outcome", "reason", "attempts", "http_status", "captured_at", "text_outcome", "via"),
    *("final_url", "record_id", "state", "detail"),
)
_WAIT = 10.0  # seconds for a writer's lock


def committed_segments(ledger: Path) -> dict[str, int]:
    """Segments that the ledger holds for committed, with the number of targets that ended in each.

    Raises `DamageError` when the ledger is damaged or no ledger of this version. Ask before the store is listed: a crawl commits first
    and books then.
    """
    try:
        with closing(read_only(ledger)) as sql:
            faults = [str(row[0]) for row in sql.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise DamageError(f"SQLite finds it damaged: {'; '.join(faults)[:300]}")
            found = dict.fromkeys((str(row[0]) for row in sql.execute("SELECT segment FROM manifests")), 0)
            counted = "SELECT segment, count(*) FROM targets WHERE segment IS NOT NULL GROUP BY segment"
            found |= {name: count for name, count in sql.execute(counted) if name in found}
            return found
    except sqlite3.Error as error:
        raise DamageError(f"it cannot be read ({error})") from error


def is_blank(ledger: Path) -> bool:
    """Whether there is none, or one whose crawler died before it had its tables."""
    if not ledger.exists():
        return True
    try:
        with closing(read_only(ledger)) as sql:
            return sql.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.Error:
        return False


def ended_nowhere(ledger: Path) -> Iterator[Damage]:
    """Rows with a final state in a segment that the ledger itself does not hold for committed. Raises `DamageError`."""
    marks = ", ".join("?" * len(_FINAL))
    query = (
        "SELECT url, record_id, state, segment FROM targets WHERE state IN (" + marks + ")"  # noqa: S608 - constants
        " AND coalesce(segment, '') NOT IN (SELECT segment FROM manifests) ORDER BY id"
    )
    for url, record_id, state, segment in _rows(ledger, query, _FINAL):
        yield Damage(
            "ledger", str(ledger), record_id, url, f"it is {state} in segment {segment}, which the ledger does not know as committed"
        )


def lost_with(ledger: Path, segment: str) -> Iterator[Damage]:
    """What the ledger knows of a segment whose manifest is missing. Raises `DamageError`."""
    query = "SELECT url, record_id, outcome, reason FROM targets WHERE segment = ? ORDER BY id"
    for url, record_id, outcome, reason in _rows(ledger, query, (segment,)):
        yield Damage(
            "outcome", layout.manifest(segment), record_id, url, f"the ledger has it as {outcome} ({reason}) here; the manifest is missing"
        )


def compare_ledger(found: Findings, key: str, manifest: Manifest, ledger: Path) -> None:
    """Every outcome of a segment that the ledger knows is in it, and nothing else is."""
    try:
        with closing(read_only(ledger)) as sql:
            rows, elsewhere = _booked(sql, manifest)
    except (sqlite3.Error, UnicodeError) as error:
        found.damage("ledger", str(ledger), f"it cannot be read ({error})")
        return
    if rows is None:
        return
    found.count(key, "ledger rows", len(rows))
    for outcome in manifest.outcomes:
        row = rows.pop(outcome.key, None)
        if row is not None:
            _compare(found, ledger, outcome, row)
        elif elsewhere.get(outcome.key) not in _ENDED:  # another crawler may have ended it first
            detail = f"it has no final row for what {key} says: {outcome.outcome} ({outcome.reason})"
            found.damage("ledger", str(ledger), detail, record_id=outcome.record_id, url=outcome.url)
    for row in rows.values():
        detail = f"it has a row for {key}, which has no such target"
        found.damage("ledger", str(ledger), detail, record_id=row["record_id"], url=row["url"])


def _booked(sql: sqlite3.Connection, manifest: Manifest) -> tuple[dict[str, sqlite3.Row] | None, dict[str, str]]:
    """The rows of a segment by key, None when the ledger does not know it, and the states of its targets that are elsewhere."""
    sql.execute("BEGIN")
    if sql.execute("SELECT 1 FROM manifests WHERE segment = ?", (manifest.segment,)).fetchone() is None:
        return None, {}
    here = sql.execute("SELECT * FROM targets WHERE segment = ? AND job = ?", (manifest.segment, manifest.job))
    rows = {str(row["key"]): row for row in here}
    elsewhere: dict[str, str] = {}
    for key in {outcome.key for outcome in manifest.outcomes} - rows.keys():
        elsewhere |= sql.execute("SELECT key, state FROM targets WHERE job = ? AND key = ?", (manifest.job, key)).fetchall()
    return rows, elsewhere


def _compare(found: Findings, ledger: Path, outcome: TargetOutcome, row: sqlite3.Row) -> None:
    for name in _COMPARED:
        booked, committed = strict_json.clean(row[name]), getattr(outcome, name)
        if booked != committed:
            detail = f"{name} is {str(booked)[:100]!r}, its manifest says {str(committed)[:100]!r}"
            found.damage("ledger", str(ledger), detail, record_id=outcome.record_id, url=outcome.url)


def _rows(ledger: Path, query: str, values: tuple[Any, ...]) -> Iterator[sqlite3.Row]:
    try:
        with closing(read_only(ledger)) as sql:
            yield from sql.execute(query, values)
    except (sqlite3.Error, UnicodeError) as error:
        raise DamageError(f"it cannot be read ({error})") from error


def read_only(ledger: Path) -> sqlite3.Connection:
    """In a folder that may not be written SQLite cannot share the file's log: then it must be at rest, and is taken so."""
    still = not os.access(ledger.parent, os.W_OK) and not ledger.with_name(ledger.name + "-wal").exists()
    sql = sqlite3.connect(f"file:{quote(str(ledger.absolute()))}?mode=ro{'&immutable=1' if still else ''}", uri=True, timeout=_WAIT)
    sql.row_factory = sqlite3.Row
    return sql
