"""Targets chosen from the archive enter the ledger: their events and citations are there already, learned from the manifests."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from archive.errors import NotFound
from archive.spool.entry import Entered
from archive.spool.ledger import Ledger
from archive.urls import host_of

_BATCH = 2000  # targets a transaction


def enter_targets(ledger: Ledger, run: str, job: str, targets: Iterable[tuple[str, str]]) -> Entered:
    """Give every target (key, address) its row, claimed for ``run``; the events and citations counted are those that lead to them."""
    stream = iter(targets)
    while batch := list(islice(stream, _BATCH)):
        ledger.begin()
        ledger.execute_each(
            "INSERT INTO targets (job, key, url, host, run) VALUES (?, ?, ?, ?, ?) ON CONFLICT (job, key) DO UPDATE SET run = excluded.run",
            ((job, key, url, host_of(url), run) for key, url in batch),
        )
        ledger.commit()
    counts = ledger.execute(
        "SELECT count(DISTINCT c.event_id), count(c.event_id), count(DISTINCT e.digest_file), count(DISTINCT t.key) FROM targets t"
        " LEFT JOIN citations c ON c.key = t.key LEFT JOIN events e ON e.id = c.event_id WHERE t.run = ? AND t.job = ?",
        (run, job),
    ).fetchone()
    return Entered(*counts)


def cited_by(ledger: Ledger, event_id: str) -> frozenset[str]:
    """Keys of the sources of an event. Raises `NotFound`."""
    if ledger.execute("SELECT 1 FROM events WHERE id = ?", (event_id,)).fetchone() is None:
        raise NotFound(f"no event {event_id} in the archive; warcite show URL --json names the events that cite an address")
    return frozenset(row[0] for row in ledger.execute("SELECT key FROM citations WHERE event_id = ?", (event_id,)))


def about_to_be_published(ledger: Ledger) -> frozenset[str]:
    """Keys of targets that ended in a run that was killed: no manifest tells of them yet, and the next start publishes them."""
    return frozenset(row[0] for row in ledger.execute("SELECT key FROM targets WHERE state = 'captured'"))
