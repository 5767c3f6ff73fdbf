"""Step 1 of the commit protocol: what an input cites enters the ledger before anything runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

from archive.model import Event
from archive.spool.ledger import Ledger
from archive.urls import host_of, surt

_BATCH = 2000  # events a transaction: keeps memory flat and the write-ahead log small


@dataclass(slots=True)
class Entered:
    """What came in: ``targets`` counts distinct addresses of this input, ``citations`` every mention."""

    events: int = 0
    citations: int = 0
    digests: int = 0
    targets: int = 0


def start_run(ledger: Ledger, run: str, job: str, at: str) -> None:
    ledger.begin()
    ledger.execute("INSERT INTO runs (run, job, started) VALUES (?, ?, ?)", (run, job, at))
    ledger.commit()


def enter(ledger: Ledger, run: str, job: str, events: Iterable[Event]) -> Entered:
    """Give every cited address its row, claimed for ``run``; rows that have an outcome keep it.

    Streams: 90,000 citations take a few seconds and no more memory than one batch.
    """
    entered = Entered()
    last_digest = None
    stream = iter(events)
    while batch := list(islice(stream, _BATCH)):
        ledger.begin()
        for event in batch:
            entered.events += 1
            entered.citations += len(event.citations)
            entered.digests += event.digest_file != last_digest
            last_digest = event.digest_file
        _enter_batch(ledger, run, job, batch)
        ledger.commit()
    entered.targets = ledger.execute("SELECT count(*) FROM targets WHERE run = ?", (run,)).fetchone()[0]
    return entered


def _enter_batch(ledger: Ledger, run: str, job: str, batch: list[Event]) -> None:
    ledger.execute_each(
        "INSERT INTO events (id, date, title, url, digest_file, json, run) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        ((e.id, e.date, e.title, e.url, e.digest_file, event_json(e), run) for e in batch),
    )
    cited = [(surt(c.url), e.id, c) for e in batch for c in e.citations]
    ledger.execute_each(
        "INSERT INTO targets (job, key, url, host, run) VALUES (?, ?, ?, ?, ?) ON CONFLICT (job, key) DO UPDATE SET run = excluded.run",
        ((job, key, c.url, host_of(c.url), run) for key, _, c in cited),
    )
    ledger.execute_each(
        "INSERT OR IGNORE INTO citations (key, event_id, position, label) VALUES (?, ?, ?, ?)",
        ((key, event_id, c.position, c.label) for key, event_id, c in cited),
    )


def event_json(event: Event) -> str:
    """``warcite.event/1``: one event as its line in an ``events/`` object."""
    return json.dumps({"schema": "warcite.event/1", **asdict(event)}, ensure_ascii=False, allow_nan=False)


def take_new_events(ledger: Ledger) -> Iterator[str]:
    """Lines of events no manifest holds yet; `Ledger.finish` books them on the manifest that was built from them."""
    ledger.begin()
    ledger.execute("UPDATE events SET manifest = '' WHERE manifest IS NULL")
    for row in ledger.execute("SELECT json FROM events WHERE manifest = '' ORDER BY id"):
        yield row[0]


def resume_job(ledger: Ledger, run: str, job: str) -> str:
    """The job to work on: an unfinished older one that asked for exactly the same addresses, or the one just entered.

    A recrawl is a job of its own each time; only its interrupted twin is continued instead of started again.
    """
    mine = _keys_digest(ledger, job)
    older = ledger.execute(
        "SELECT DISTINCT job FROM targets WHERE job LIKE 'recrawl-%' AND job <> ? AND state IN ('queued', 'leased', 'captured')", (job,)
    ).fetchall()
    for (candidate,) in older:
        if _keys_digest(ledger, candidate) == mine:
            ledger.begin()
            ledger.execute("DELETE FROM targets WHERE job = ?", (job,))
            ledger.execute("UPDATE targets SET run = ? WHERE job = ?", (run, candidate))
            ledger.execute("UPDATE runs SET job = ? WHERE run = ?", (candidate, run))
            ledger.commit()
            return str(candidate)
    return job


def _keys_digest(ledger: Ledger, job: str) -> bytes:
    digest = hashlib.sha256()
    for row in ledger.execute("SELECT key FROM targets WHERE job = ? ORDER BY key", (job,)):
        digest.update(row[0].encode("utf-8", "surrogatepass") + b"\n")
    return digest.digest()
