"""Committed segments as extraction needs them: which, their WARC on this machine, and the events that cite from them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from archive import manifests
from archive.audit.objects import Hashing
from archive.errors import DamageError, KeyMissing, NotFound
from archive.events import EventIndex
from archive.model import StoredObject
from archive.rows import rows_of
from archive.store import Store

Problem = Callable[[str], None]


def choose_segments(
    store: Store, problem: Problem, *, runs: frozenset[str] = frozenset(), warcs: frozenset[str] = frozenset()
) -> list[str]:
    """Keys of the manifests of these runs and of these WARCs (by SHA-256), oldest first; of all when none is named.

    The run ``last`` is the newest. Manifests that cannot be read are told to ``problem``. Raises `NotFound`.
    """
    found: list[tuple[str, str, str, frozenset[str]]] = []
    for key, m in manifests.load_readable(store, lambda _, error: problem(str(error))):
        found.append((m.created_at, key, m.run, frozenset(o.sha256 for o in m.objects if o.kind == "warc")))
    found.sort()
    if not found:
        raise NotFound(f"no archive at {store.uri}")
    wanted = frozenset(found[-1][2] if run == "last" else run for run in runs)
    for run in wanted - {run for _, _, run, _ in found}:
        raise NotFound(f"no run {run} in {store.uri}, and no file of that name; warcite status --json lists the runs")
    if warcs - {sha256 for *_, named in found for sha256 in named}:
        raise NotFound(f"a WARC that is not one of {store.uri}: there are no stored documents to compare its own with")
    return [key for _, key, run, named in found if not (wanted or warcs) or run in wanted or named & warcs]


def fetch_warc(store: Store, warc: StoredObject, folder: Path) -> Path:
    """A copy of it on this machine. Raises `KeyMissing`, and `DamageError` unless it is the one that its manifest names."""
    path = folder / "segment.warc.gz"
    with store.open_range(warc.key) as raw, path.open("wb") as copy:
        stream = Hashing(raw)
        shutil.copyfileobj(stream, copy, 1 << 20)
        came = (stream.finish(), stream.size)
    if came != (warc.sha256, warc.size):
        raise DamageError(f"{warc.key} is damaged; warcite verify says more")
    return path


def learn_events(store: Store, events: EventIndex, unreadable: Callable[[str, str], None]) -> None:
    """Take in the events of the whole archive: a page may be cited by an event that another run brought.

    Events are no derived data. Of a segment whose events cannot be read ``unreadable`` is told the manifest's key and why; documents
    that cite from it come out different.
    """
    for key, manifest in manifests.load_readable(store):
        try:
            events.learn(rows_of(store, manifest, "events"))
        except (KeyMissing, DamageError) as error:
            unreadable(key, f"its events cannot be read: {error}")
