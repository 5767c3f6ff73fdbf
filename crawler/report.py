"""What a run did, as ``warcite.run/1``: counted from the ledger, so that outcomes always sum to the targets."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.errors import WarciteError
from archive.model import OutcomeWord, StoredObject, TextOutcome
from archive.spool.ledger import Ledger
from archive.times import iso, now, parse_iso
from crawler.session import Session

_GOOD = (OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, OutcomeWord.RESCUED)


@dataclass(frozen=True, slots=True)
class Finished:
    """How the crawl process itself ended."""

    bytes_fetched: int = 0
    warcs: tuple[StoredObject, ...] = ()
    extraction_cpu: float = 0.0  # seconds
    stopped_by: signal.Signals | None = None
    fatal: WarciteError | None = None


def run_report(session: Session, finished: Finished, at: datetime | None = None) -> dict[str, Any]:
    """The run document; ``outcomes`` covers every target of the input, those of earlier runs too, and has every word."""
    ledger, ended = session.ledger, at or now()
    outcomes = _outcomes(ledger, session.run)
    pending = session.entered.targets - sum(outcomes.values())
    state, code = _state(session, finished, outcomes, pending)
    return {
        "schema": "warcite.run/1",
        "run": session.run,
        "job": session.job,
        "state": state,
        "exit_code": code,
        "started": session.started,
        "finished": iso(ended),
        "seconds": round((ended - parse_iso(session.started)).total_seconds(), 3),
        "store": session.store.uri,
        "digests": session.entered.digests,
        "events": session.entered.events,
        "citations": session.entered.citations,
        "sources": session.entered.targets,
        "to_fetch": session.to_fetch,
        "outcomes": outcomes,
        "pending": pending,
        "status_codes": _counts(ledger, session.run, "http_status"),
        "text": {word.value: 0 for word in TextOutcome} | _counts(ledger, session.run, "text_outcome"),
        "bytes": {"fetched": finished.bytes_fetched, "stored": sum(w.size for w in finished.warcs)},
        "hosts": ledger.sql.execute("SELECT count(DISTINCT host) FROM targets WHERE run = ?", (session.run,)).fetchone()[0],
        "cpu": {"crawler_s": round(time.process_time(), 3), "extraction_s": round(finished.extraction_cpu, 3)},
        "warcs": [{"key": w.key, "bytes": w.size, "sha256": w.sha256} for w in finished.warcs],
        "resume": "run the same command again" if pending else None,
        "error": str(finished.fatal) if finished.fatal else None,
        "problems": list(_problems(ledger, session.run)),
    }


def _state(session: Session, finished: Finished, outcomes: dict[str, int], pending: int) -> tuple[str, int]:
    if finished.fatal:
        return "failed", finished.fatal.exit_code
    if pending:
        return "interrupted", 128 + (finished.stopped_by or signal.SIGINT)
    if session.to_fetch == 0 and not session.left_over:
        return "nothing-to-do", 0
    good = sum(outcomes[word] for word in _GOOD)
    if good == session.entered.targets:
        return "complete", 0
    return ("partial", 3) if good else ("none", 4)


def _outcomes(ledger: Ledger, run: str) -> dict[str, int]:
    return {word.value: 0 for word in OutcomeWord} | _counts(ledger, run, "outcome")


def _counts(ledger: Ledger, run: str, column: str) -> dict[str, int]:
    rows = ledger.sql.execute(
        f"SELECT {column}, count(*) FROM targets WHERE run = ? AND {column} IS NOT NULL GROUP BY {column}",  # noqa: S608  # our own column names
        (run,),
    )
    return {str(row[0]): row[1] for row in rows}


def _problems(ledger: Ledger, run: str) -> Iterator[dict[str, Any]]:
    rows = ledger.sql.execute(
        "SELECT url, key, outcome, reason, http_status, attempts, detail FROM targets"
        " WHERE run = ? AND outcome IS NOT NULL AND outcome NOT IN ('captured', 'unchanged', 'rescued') ORDER BY id",
        (run,),
    )
    for row in rows:
        event = ledger.sql.execute("SELECT event_id FROM citations WHERE key = ? ORDER BY event_id LIMIT 1", (row["key"],)).fetchone()
        yield {
            "url": row["url"],
            "event": event[0] if event else None,
            "outcome": row["outcome"],
            "reason": row["reason"],
            "status": row["http_status"],
            "attempts": row["attempts"],
            "detail": row["detail"],
        }
