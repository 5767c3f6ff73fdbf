"""Step 8: what every start does, however the last one ended. Idempotent: it may be killed and run again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from archive import layout, manifests
from archive.errors import KeyMissing, StoreError
from archive.events import revision_of
from archive.model import Manifest
from archive.rows import rows_of
from archive.spool.directory import Spool
from archive.spool.ledger import Ledger
from archive.spool.segment import cut_and_seal
from archive.store import Store
from archive.times import iso, now
from archive.urls import host_of, surt


def recover_spool(spool: Spool, ledger: Ledger) -> None:
    """Cut open segments to the length the ledger vouches for, drop files it does not know, give leased rows back."""
    known = {s.name: s for s in ledger.uncommitted_segments()}
    for name, path in spool.segments_on_disk():
        segment = known.get(name)
        if segment is None or segment.length == 0:
            path.unlink()
        elif path.suffix == ".open":
            cut_and_seal(spool, name, segment.length)
    _require_files(spool, ledger)
    for leftover in spool.directory.glob("*.jsonl*"):
        leftover.unlink()  # a cache of derived data: made again from the segment
    ledger.begin()
    ledger.execute("UPDATE segments SET sealed_at = ? WHERE sealed_at IS NULL", (iso(now()),))
    ledger.execute("UPDATE targets SET state = 'queued' WHERE state = 'leased'")
    ledger.commit()


def _require_files(spool: Spool, ledger: Ledger) -> None:
    for segment in ledger.uncommitted_segments():
        if segment.length and not spool.sealed_segment(segment.name).exists():
            raise StoreError(
                f"the ledger vouches for {spool.sealed_segment(segment.name)}, which is not there; put it back,"
                f" or delete {spool.directory} to fetch its pages again"
            )
        if not segment.length:
            ledger.begin()
            ledger.execute("DELETE FROM segments WHERE name = ?", (segment.name,))


def sync_with_store(spool: Spool, ledger: Ledger, store: Store) -> None:
    """Make the ledger agree with the manifests, which have the last word.

    A lost ledger, another crawler's commits, a crash between commit and finish, and an archive that was deleted all end here.
    """
    in_store = {manifests.segment_of(stat.key) for stat in store.list(layout.MANIFESTS)}
    known = {row[0] for row in ledger.execute("SELECT segment FROM manifests")}
    ours = known | {segment.name for segment in ledger.uncommitted_segments()}
    in_store |= {name for name in ours - in_store if _is_there(store, name)}
    for name in sorted(known - in_store):
        forget(ledger, name)
    for name in _oldest_first(store, in_store - known):
        _learn(ledger, store, manifests.load(store, layout.manifest(name)))
        discard(spool, name)


def _is_there(store: Store, name: str) -> bool:
    """A listing may be older than what we know: whom it leaves out is looked up, before pages are fetched or published again."""
    try:
        store.stat(layout.manifest(name))
    except KeyMissing:
        return False
    return True


def _oldest_first(store: Store, names: set[str]) -> list[str]:
    """The order in which manifests came to be: the newest is the one that the next manifest names as its previous."""
    return sorted(names, key=lambda name: (manifests.load(store, layout.manifest(name)).created_at, name))


def forget(ledger: Ledger, name: str) -> None:
    """Let go what a manifest said: its targets are entered again when an input asks for them, its events are committed again."""
    ledger.begin()
    ledger.execute("DELETE FROM targets WHERE segment = ?", (name,))
    ledger.execute("UPDATE events SET manifest = NULL WHERE manifest = ?", (name,))
    ledger.execute("DELETE FROM manifests WHERE segment = ?", (name,))
    ledger.commit()


def _learn(ledger: Ledger, store: Store, manifest: Manifest) -> None:
    ledger.begin()
    ledger.execute("INSERT OR IGNORE INTO runs (run, job, started) VALUES (?, ?, ?)", (manifest.run, manifest.job, manifest.created_at))
    _learn_events(ledger, store, manifest)
    ledger.execute_each(
        "INSERT INTO targets (job, key, url, host, run, state, attempts, outcome, reason, http_status, final_url, captured_at, via,"
        " detail, text_outcome, segment, record_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (job, key) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, outcome = excluded.outcome,"
        " reason = excluded.reason, http_status = excluded.http_status, final_url = excluded.final_url, captured_at = excluded.captured_at,"
        " via = excluded.via, detail = excluded.detail, text_outcome = excluded.text_outcome, segment = excluded.segment,"
        " record_id = excluded.record_id"
        " WHERE state IN ('queued', 'leased', 'awaiting') OR (state = 'captured' AND segment = excluded.segment)",
        _rows(manifest),
    )
    ledger.execute("DELETE FROM segments WHERE name = ?", (manifest.segment,))
    ledger.execute("INSERT INTO manifests (segment) VALUES (?)", (manifest.segment,))
    ledger.commit()


def _learn_events(ledger: Ledger, store: Store, manifest: Manifest) -> None:
    """Events that the manifest holds need not be committed again, and are known to whoever fetches what they cite."""
    for row in rows_of(store, manifest, "events"):
        text = json.dumps(row, ensure_ascii=False)
        known = ledger.execute("SELECT digest_file, json, manifest FROM events WHERE id = ?", (row["id"],)).fetchone()
        if known is None:
            event = (row["id"], row["date"], row["title"], row["url"], row["digest_file"], text, manifest.run, manifest.segment)
            ledger.execute(
                "INSERT INTO events (id, date, title, url, digest_file, json, run, manifest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", event
            )
        elif known["digest_file"] == row["digest_file"]:
            _learn_revision(ledger, manifest, text, known)
        if known is None or (known["digest_file"] == row["digest_file"] and revision_of(row) == 1):
            ledger.execute_each(
                "INSERT OR IGNORE INTO citations (key, event_id, position, label) VALUES (?, ?, ?, ?)",
                ((surt(c["url"]), row["id"], c["position"], c["label"]) for c in row["citations"]),
            )


def _learn_revision(ledger: Ledger, manifest: Manifest, text: str, known: sqlite3.Row) -> None:
    """A committed row of an event that is known: the ledger's own waits to be committed only if it is a later revision."""
    row, mine = json.loads(text), json.loads(known["json"])
    if revision_of(row) >= revision_of(mine):
        ledger.execute("UPDATE events SET json = ?, manifest = ? WHERE id = ?", (text, manifest.segment, row["id"]))
    if revision_of(row) == 1:
        # What documents cite, whatever was learned first.
        ledger.execute("UPDATE events SET title = ?, url = ? WHERE id = ?", (row["title"], row["url"], row["id"]))


def _rows(manifest: Manifest) -> Iterator[tuple[object, ...]]:
    for o in manifest.outcomes:
        yield (
            *(manifest.job, o.key, o.url, host_of(o.url), manifest.run, o.state, o.attempts, o.outcome, o.reason, o.http_status),
            *(o.final_url, o.captured_at, o.via, o.detail, o.text_outcome, manifest.segment, o.record_id),
        )


def discard(spool: Spool, segment: str) -> None:
    """The segment is committed and final in the ledger: its spool files go."""
    spool.sealed_segment(segment).unlink(missing_ok=True)
    for leftover in spool.directory.glob(f"{segment}.*.jsonl*"):
        leftover.unlink()
    spool.documents(segment).unlink(missing_ok=True)
