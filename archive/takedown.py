"""Take-down: a tombstone names records that no reader may show any more. Bytes and digests stay, so that the archive still verifies;
they leave with the next compaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from archive import layout, manifests, strict_json
from archive.errors import DamageError, KeyExists, NotFound
from archive.index.lookup import Indexed, captures_of
from archive.model import Tombstone
from archive.store import Store
from archive.urls import surt
from archive.warc.reader import parse_member

SCHEMA = "warcite.tombstone/1"

_ADAPTER = TypeAdapter(Tombstone)


def records_of(store: Store, what: str) -> tuple[str, ...]:
    """Record ids of every capture of an address, in any of its spellings: what was cited as it, and what lies at it.

    A record id names itself, and the revisits that would show its payload. Raises `NotFound`.
    """
    named = list(_named(store, what))
    found = {record_id for record_id, _ in named} | {_record_of(store, capture)[0] for capture in captures_of(store, what)}
    if not found:
        raise NotFound(f"no capture of {what} in {store.uri}; warcite status --targets lists what there is")
    found |= {revisit for address in {address for _, address in named} for revisit in _revisits_of(store, address, found)}
    return tuple(sorted(found))


def _named(store: Store, what: str) -> Iterator[tuple[str, str]]:
    """Final responses of the target, each with its own address: redirects lead to others."""
    key, record = surt(what), what if what.startswith("<") else f"<{what}>"
    for _, manifest in manifests.load_all(store):
        for outcome in manifest.outcomes:
            if outcome.record_id and (outcome.record_id == record or outcome.key == key):
                yield outcome.record_id, outcome.final_url or outcome.url


def _revisits_of(store: Store, address: str, originals: set[str]) -> Iterator[str]:
    for capture in captures_of(store, address):
        if capture.line.mime == "warc/revisit":
            revisit, original = _record_of(store, capture)
            if original in originals:
                yield revisit


def _record_of(store: Store, capture: Indexed) -> tuple[str, str | None]:
    """Ids of the record of an index line, and of the one that it refers to."""
    line = capture.line
    with store.open_range(capture.warc_key, line.offset, line.length) as member:
        record = parse_member(member.read(), line.length, capture.warc_key, line.offset)
    if record.record_id is None:
        raise DamageError(f"{capture.warc_key} at offset {line.offset}: a record without an id")
    return record.record_id, record.header("WARC-Refers-To")


def plan(record_ids: tuple[str, ...], reason: str, at: str) -> Tombstone:
    """The same records for the same reason are the same tombstone, whenever. ``at`` is RFC 3339."""
    named = hashlib.sha256("\n".join([*sorted(record_ids), reason]).encode("utf-8", "replace")).hexdigest()[:32]
    return Tombstone(SCHEMA, named, at, reason, tuple(sorted(record_ids)))


def take_down(store: Store, tombstone: Tombstone) -> Tombstone:
    """Commit with one create-only write; in force for every reader from its return on. Returns the one that is. Raises `StoreError`."""
    key = layout.tombstone(tombstone.id)
    try:
        store.put_if_absent(key, strict_json.dumps(asdict(tombstone)))
    except KeyExists:
        return load(store, key)  # an earlier one, or our own try whose answer was lost
    return tombstone


def load(store: Store, key: str) -> Tombstone:
    """Raises `DamageError` naming the key: what it forbids to show would be unknown."""
    try:
        tombstone = _ADAPTER.validate_python(strict_json.loads(store.get(key)))
    except (ValueError, ValidationError) as error:
        raise DamageError(f"{key}: not a tombstone ({type(error).__name__})") from error
    if tombstone.schema != SCHEMA or layout.tombstone(tombstone.id) != key:
        raise DamageError(f"{key}: not the tombstone that its name says")
    return tombstone


def tombstones(store: Store) -> Iterator[Tombstone]:
    """Every one. Raises `DamageError`."""
    for stat in store.list(layout.TOMBSTONES):
        yield load(store, stat.key)


def taken_down(store: Store) -> dict[str, Tombstone]:
    """Record id -> the tombstone that names it."""
    return {record_id: tombstone for tombstone in tombstones(store) for record_id in tombstone.record_ids}
