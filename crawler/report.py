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
from archive.spool.seeds import count_inputs
from archive.times import iso, now, parse_iso
from crawler.changed import changes_of
from crawler.session import Session

_TARGETS = "FROM targets WHERE run = ? AND job = ?"  # the sources: input pages have a job of their own
_STEALTH = 3  # stealth edits that are named to people
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
    outcomes = _outcomes(ledger, session)
    pending = session.entered.targets - sum(outcomes.values())
    inputs = count_inputs(ledger, session.run, session.input_pages.job)
    state, code = _state(session, finished, outcomes, pending + inputs.pending)
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
        "inputs": {word.value: 0 for word in OutcomeWord} | inputs.outcomes | {"pending": inputs.pending},
        "status_codes": _counts(ledger, session, "http_status"),
        "text": {word.value: 0 for word in TextOutcome} | _counts(ledger, session, "text_outcome"),
        "bytes": {"fetched": finished.bytes_fetched, "stored": sum(w.size for w in finished.warcs)},
        "changes": changes_of(session) if state not in {"failed", "interrupted"} else None,
        "hosts": ledger.sql.execute(f"SELECT count(DISTINCT host) {_TARGETS}", (session.run, session.job)).fetchone()[0],
        "cpu": {"crawler_s": round(time.process_time(), 3), "extraction_s": round(finished.extraction_cpu, 3)},
        "warcs": [{"key": w.key, "bytes": w.size, "sha256": w.sha256} for w in finished.warcs],
        "resume": "run the same command again" if pending + inputs.pending else None,
        "error": str(finished.fatal) if finished.fatal else None,
        "problems": list(_problems(ledger, session)),
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


def _outcomes(ledger: Ledger, session: Session) -> dict[str, int]:
    return {word.value: 0 for word in OutcomeWord} | _counts(ledger, session, "outcome")


def _counts(ledger: Ledger, session: Session, column: str) -> dict[str, int]:
    rows = ledger.sql.execute(
        f"SELECT {column}, count(*) {_TARGETS} AND {column} IS NOT NULL GROUP BY {column}",  # our own column names
        (session.run, session.job),
    )
    return {str(row[0]): row[1] for row in rows}


def _problems(ledger: Ledger, session: Session) -> Iterator[dict[str, Any]]:
    rows = ledger.sql.execute(
        f"SELECT url, key, outcome, reason, http_status, attempts, detail {_TARGETS}"
        " AND outcome IS NOT NULL AND outcome NOT IN ('captured', 'unchanged', 'rescued') ORDER BY id",
        (session.run, session.job),
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


def changes_lines(report: dict[str, Any]) -> Iterator[str]:
    """For people, in a line or two; none where nothing was fetched again."""
    changes = report["changes"]
    if changes is None:
        return
    told = ", ".join(f"{count} {kind}" for kind, count in changes["counts"].items() if count) or "none"
    missed = f"; {changes['not_compared']} could not be compared" if changes["not_compared"] else ""
    why = f" ({changes['problem']})" if changes["problem"] else ""
    yield f"changes: {told}{missed}{why}"
    if stealth := changes["stealth"]:
        named = ", ".join(edit["url"] for edit in stealth[:_STEALTH])
        more = f" and {len(stealth) - _STEALTH} more" if len(stealth) > _STEALTH else ""
        yield f"text changed, date not: {named}{more}; see warcite diff --run {report['run']}"
