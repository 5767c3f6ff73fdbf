"""Endings that are held back: a target whose fetch came to nothing waits for its rescue, and ends when that has ended.

``leased | captured -> awaiting -> captured``. What the fetch had come to stays beside the row, so that a process that is killed between
loses nothing: the next one finds the row awaiting, and tries the rescue again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archive.model import Ending, OutcomeWord, Reason, Target
from archive.spool.ledger import Ledger
from archive.times import iso, parse_iso


@dataclass(frozen=True, slots=True)
class Held:
    """A target and what it came to; ``record_id`` is the answer that said so, wherever it is kept."""

    target: Target
    ending: Ending  # without a capture: that is in a segment which may be committed already
    record_id: str | None


def hold(ledger: Ledger, endings: Iterable[Ending]) -> None:
    """``leased -> awaiting``, for targets whose bytes, if any came, are fsynced."""
    rows = list(endings)
    ledger.begin()
    ledger.execute_each(f"INSERT OR REPLACE INTO held ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row_of, rows))  # noqa: S608
    ledger.execute_each(
        "UPDATE targets SET state = 'awaiting', attempts = ? WHERE id = ? AND state = 'leased'", ((e.attempts, e.target_id) for e in rows)
    )


def hold_back(ledger: Ledger, target_id: int, outcome: OutcomeWord, reason: Reason) -> None:
    """``captured -> awaiting``, for a page whose text says that it is none; its segment will not name it."""
    ledger.begin()
    ledger.execute(
        f"INSERT OR REPLACE INTO held ({_COLUMNS})"  # noqa: S608
        " SELECT id, ?, ?, attempts, http_status, final_url, captured_at, record_id, detail FROM targets"
        " WHERE id = ? AND state = 'captured'",
        (outcome, reason, target_id),
    )
    ledger.execute(
        "UPDATE targets SET state = 'awaiting', outcome = NULL, reason = NULL, http_status = NULL, final_url = NULL, captured_at = NULL,"
        " via = NULL, detail = '', segment = NULL, record_id = NULL, \"offset\" = NULL, length = NULL, digest = NULL"
        " WHERE id = ? AND state = 'captured'",
        (target_id,),
    )


def enter_held(ledger: Ledger, run: str, job: str, rows: Iterable[tuple[str, str, str, Ending, str | None]]) -> int:
    """Targets that ended in another job, to be rescued in ``job``: address, key, host, ending, record. Returns how many."""
    ledger.begin()
    count = 0
    for url, key, host, ending, record_id in rows:
        made = ledger.execute(
            "INSERT OR IGNORE INTO targets (job, key, url, host, run, state, attempts) VALUES (?, ?, ?, ?, ?, 'awaiting', ?)",
            (job, key, url, host, run, ending.attempts),
        )
        if made.rowcount:
            count += 1
            values = (made.lastrowid, *_row_of(ending)[1:7], record_id, ending.detail)
            ledger.execute(f"INSERT OR REPLACE INTO held ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608
    ledger.commit()
    return count


def awaiting(ledger: Ledger, run: str) -> int:
    """How many targets of a run wait for their rescue."""
    return int(ledger.execute("SELECT count(*) FROM targets WHERE run = ? AND state = 'awaiting'", (run,)).fetchone()[0])


def held_targets(ledger: Ledger, run: str) -> Iterator[Held]:
    """The targets of a run that wait, host by host."""
    rows = ledger.execute(
        "SELECT t.id, t.url, t.key, t.host, t.attempts, h.* FROM targets t JOIN held h ON h.target_id = t.id"
        " WHERE t.run = ? AND t.state = 'awaiting' ORDER BY t.host, t.id",
        (run,),
    ).fetchall()
    for row in rows:
        target = Target(row["id"], row["url"], row["key"], row["host"], row["attempts"])
        ending = Ending(
            target_id=row["id"],
            outcome=OutcomeWord(row["outcome"]),
            reason=Reason(row["reason"]),
            attempts=row["attempts"],
            ended_at=parse_iso(row["ended_at"]),
            http_status=row["http_status"],
            final_url=row["final_url"],
            detail=row["detail"],
        )
        yield Held(target, ending, row["record_id"])


def events_citing(ledger: Ledger, key: str) -> list[dict[str, Any]]:
    """``warcite.event/1`` rows of the events that cite an address, oldest first."""
    rows = ledger.execute(
        "SELECT DISTINCT e.id, e.date, e.json FROM citations c JOIN events e ON e.id = c.event_id WHERE c.key = ? ORDER BY e.date, e.id",
        (key,),
    )
    return [json.loads(row["json"]) for row in rows]


_COLUMNS = "target_id, outcome, reason, attempts, http_status, final_url, ended_at, record_id, detail"


def _row_of(e: Ending) -> tuple[object, ...]:
    record_id = e.capture.record_id if e.capture else None
    at = e.capture.captured_at if e.capture else e.ended_at
    return e.target_id, e.outcome, e.reason, e.attempts, e.http_status, e.final_url, iso(at), record_id, e.detail
