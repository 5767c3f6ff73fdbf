"""Step 1 of the commit protocol: what an input cites enters the ledger before anything runs.

An input may be read again and say something else. An event that it tells in other words keeps what documents cite of it (title, label,
position: as first read) and is committed anew with the new words; the newest row of an id in the archive counts. An event that gains or
loses a source is another one by its id: the old one is committed once more, naming what replaced it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from typing import Any

from archive.events import revision_of
from archive.model import Event
from archive.spool.ledger import Ledger
from archive.urls import host_of, surt

_BATCH = 2000  # events a transaction: keeps memory flat and the write-ahead log small
_AT_ONCE = 500  # values in one query
_PLACE = frozenset({"digest_sha256", "replaced_by", "revision"})  # says where and when an event was read, not what it is


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
    last = None
    stream = iter(events)
    while batch := list(islice(stream, _BATCH)):
        cut = {last, batch[-1].digest_file if len(batch) == _BATCH else None}
        ledger.begin()
        for event in batch:
            entered.events += 1
            entered.citations += len(event.citations)
            entered.digests += event.digest_file != last
            last = event.digest_file
        _enter_batch(ledger, run, job, batch, cut)
        ledger.commit()
    entered.targets = count_targets(ledger, run, job)
    return entered


def count_targets(ledger: Ledger, run: str, job: str) -> int:
    """Targets of a job that a run asked for."""
    return int(ledger.execute("SELECT count(*) FROM targets WHERE run = ? AND job = ?", (run, job)).fetchone()[0])


def count_queued(ledger: Ledger, run: str, job: str) -> int:
    """Of those, how many are yet to be fetched."""
    return int(ledger.execute("SELECT count(*) FROM targets WHERE run = ? AND job = ? AND state = 'queued'", (run, job)).fetchone()[0])


def _enter_batch(ledger: Ledger, run: str, job: str, batch: list[Event], cut: Container[str | None]) -> None:
    """``cut`` are inputs of which the batch may not have all events."""
    known = _known(ledger, {event.id for event in batch})
    new = {event.id: event for event in reversed(batch) if event.id not in known}
    replaced = list(_replaced(ledger, batch, new, cut))
    for event in batch:
        if row := known.get(event.id):
            _tell_again(ledger, event, row)
    ledger.execute_each(
        "INSERT INTO events (id, date, title, url, digest_file, json, run) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((e.id, e.date, e.title, e.url, e.digest_file, event_json(e), run) for e in new.values()),
    )
    cited = [(surt(c.url), e, c) for e in batch for c in e.citations]
    ledger.execute_each(
        "INSERT INTO targets (job, key, url, host, run) VALUES (?, ?, ?, ?, ?) ON CONFLICT (job, key) DO UPDATE SET run = excluded.run",
        ((job, key, c.url, host_of(c.url), run) for key, _, c in cited),
    )
    ledger.execute_each(
        "INSERT OR IGNORE INTO citations (key, event_id, position, label) VALUES (?, ?, ?, ?)",
        # As first read: documents and WARC records name these positions.
        ((key, e.id, c.position, c.label) for key, e, c in cited if new.get(e.id) is e),
    )
    for event_id, successor in replaced:
        before = json.loads(_known(ledger, {event_id})[event_id]["json"])
        _revise(ledger, before | {"replaced_by": successor}, before)


def _known(ledger: Ledger, ids: Iterable[str]) -> dict[str, sqlite3.Row]:
    wanted, found = list(ids), {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = ledger.execute(f"SELECT id, digest_file, json, manifest FROM events WHERE id IN ({marks})", tuple(some))  # noqa: S608
        found.update({row["id"]: row for row in rows})
    return found


def _tell_again(ledger: Ledger, event: Event, row: sqlite3.Row) -> None:
    """An event that is known, told by its digest once more. New words wait until the old ones are committed: documents cite those."""
    if row["digest_file"] != event.digest_file or row["json"] == event_json(event):
        return
    before = json.loads(row["json"])
    after = json.loads(event_json(event)) if row["manifest"] else before | {"replaced_by": None}
    if before.get("replaced_by") is not None or _words(before) != _words(after):
        _revise(ledger, after, before)


def _revise(ledger: Ledger, event: dict[str, Any], before: dict[str, Any]) -> None:
    text = json.dumps(event | {"revision": revision_of(before) + 1}, ensure_ascii=False, allow_nan=False)
    ledger.execute("UPDATE events SET json = ?, manifest = NULL WHERE id = ?", (text, event["id"]))


def _words(row: dict[str, Any]) -> dict[str, Any]:
    """What an event says, wherever in its digest it stands."""
    said = {name: value for name, value in row.items() if name not in _PLACE}
    return said | {"citations": [{name: value for name, value in c.items() if name != "line"} for c in row["citations"]]}


def _replaced(ledger: Ledger, batch: list[Event], new: Mapping[str, Event], cut: Container[str | None]) -> Iterator[tuple[str, str]]:
    """Events that their digest no longer tells, each with the new one in its place: it shares a source, or at least day and title."""
    for digest_file, told in groupby(batch, lambda e: e.digest_file):
        page = {event.id: event for event in told}
        fresh = [event for event in page.values() if event.id in new and new[event.id].digest_file == digest_file]
        if digest_file in cut or not fresh:
            continue
        rows = ledger.execute("SELECT id, date, title, json FROM events WHERE digest_file = ?", (digest_file,)).fetchall()
        gone = {row["id"]: row for row in rows if row["id"] not in page and json.loads(row["json"]).get("replaced_by") is None}
        for event in fresh if gone else ():
            if old := _most_alike(ledger, event, gone):
                del gone[old]
                yield old, event.id


def _most_alike(ledger: Ledger, event: Event, gone: Mapping[str, sqlite3.Row]) -> str | None:
    shared: Counter[str] = Counter()
    for key in {surt(c.url) for c in event.citations}:
        rows = ledger.execute("SELECT DISTINCT event_id FROM citations WHERE key = ?", (key,))
        shared.update(row[0] for row in rows if row[0] in gone)
    if shared:
        return shared.most_common(1)[0][0]
    return next((i for i, row in gone.items() if (row["date"], row["title"]) == (event.date, event.title)), None)


def event_json(event: Event) -> str:
    """``warcite.event/1``: one event as its line in an ``events/`` object."""
    row = {"schema": "warcite.event/1", **asdict(event), "revision": 1, "replaced_by": None}
    return json.dumps(row, ensure_ascii=False, allow_nan=False)


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
        "SELECT DISTINCT job FROM targets WHERE job LIKE 'recrawl-%' AND job <> ?"
        " AND state IN ('queued', 'leased', 'awaiting', 'captured')",
        (job,),
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
