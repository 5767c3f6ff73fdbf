"""What only the crawler knows of its run: how it ended, how long it took, what came over the wire. From the ledger beside the archive."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from archive.audit.ledgers import is_blank, read_only


class Told(NamedTuple):
    """``report`` is the crawler's ``warcite.run/1``; empty where there is none, and ``why`` says why."""

    report: dict[str, Any]
    pending: int | None
    why: str


def told_by_ledger(ledger: Path | None, run: str) -> Told:
    """The ledger is only read. One that cannot be read costs the report nothing else."""
    if ledger is None or is_blank(ledger):
        return Told({}, None, "there is no ledger here: it lies where the crawl ran")
    try:
        with closing(read_only(ledger)) as sql:
            row = sql.execute("SELECT started, finished, report FROM runs WHERE run = ?", (run,)).fetchone()
            pending = sql.execute(
                "SELECT count(*) FROM targets WHERE run = ? AND state IN ('queued', 'leased', 'awaiting', 'captured')"
                " AND job NOT GLOB 'inputs-*'",
                (run,),
            ).fetchone()[0]
            report = json.loads(row["report"]) if row and row["report"] else None
    except (sqlite3.Error, ValueError) as error:
        return Told({}, None, f"the ledger cannot be read ({error})")
    if row is None:
        return Told({}, None, "the ledger here does not know the run: it lies where the crawl ran")
    if not isinstance(report, dict):
        return Told({"started": row["started"]}, pending, "the crawler did not come to write its own report")
    return Told(report, pending, "")
