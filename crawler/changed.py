"""What a run found changed on the pages that it fetched again: a part of its report, counted when all is committed."""

from __future__ import annotations

import os
from typing import Any

from archive.errors import WarciteError
from archive.takedown import taken_down
from crawler.session import SOURCES_JOB, Session
from pipelines.changes import KINDS, Changes
from pipelines.history.records import endings_in_ledger, has_other_jobs
from pipelines.workers import WorkerPool


def changes_of(session: Session) -> dict[str, Any] | None:
    """Changes by kind, and the stealth edits; None for a crawl that met nothing which had been fetched before.

    A recrawl that was interrupted and continued is counted as a whole. What cannot be told costs the report nothing else:
    ``problem`` says why.
    """
    crawl, sql = session.job == SOURCES_JOB, session.ledger.sql
    if crawl and not has_other_jobs(sql, session.job):
        return None
    stealth: list[dict[str, Any]] = []
    problems: list[str] = []
    options = session.options
    counts, not_compared = dict.fromkeys(KINDS, 0), 0
    try:
        with WorkerPool(options.jobs or os.cpu_count() or 1, options.extract_deadline, options.extract_memory) as pool:
            endings = endings_in_ledger(sql, session.run, session.job, session.started if crawl else "")
            changes = Changes(session.store, endings, frozenset(taken_down(session.store)), pool, problems.append)
            stealth += ({"url": c.url, "before": c.before, "after": c.after} for c in changes if c.stealth)
            counts, not_compared = changes.counts, changes.not_compared
    except WarciteError as error:
        problems.append(str(error))
    if crawl and sum(counts.values()) == counts["first"] and not problems:
        return None
    return {
        "counts": {kind: counts[kind] for kind in KINDS},
        "not_compared": not_compared,
        "problem": problems[0] if problems else None,
        "stealth": stealth,
    }
