"""What is derived, made again: index and documents objects from WARC and manifests, byte for byte what the manifests vouch for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive import manifests
from archive.audit.objects import Hashing
from archive.digests import sha256_file
from archive.errors import DamageError, KeyMissing
from archive.events import EventIndex
from archive.index import cdxj
from archive.model import Manifest, StoredObject
from archive.store import Store
from pipelines.publish import DocumentSpool, versions
from pipelines.replay import replay
from pipelines.segments import fetch_warc, learn_events
from pipelines.workers import WorkerPool

DERIVED = frozenset({"cdxj", "documents"})
_SHAPING = ("warcite", "trafilatura", "lxml")  # versions that decide what a document says

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lost:
    """An object that could not be restored, and why."""

    object: str
    why: str


@dataclass(slots=True)
class Rebuilt:
    """``checked`` derived objects were looked at; ``restored`` were missing or damaged; ``identical`` came out as their manifest says."""

    checked: int = 0
    identical: int = 0
    restored: list[str] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    ledger: str = ""

    def as_json(self) -> dict[str, Any]:
        """``warcite.rebuild/1``."""
        return {"schema": "warcite.rebuild/1", **asdict(self)}


def rebuild_objects(store: Store, jobs: int, progress: Progress, *, again: bool = False, dry_run: bool = False) -> Rebuilt:
    """Restore index and documents objects that are missing or not what their manifest says; with ``again`` all are made and compared.

    Nothing else is written: an object that comes out with other bytes is reported as lost and left as it is. Killed anywhere, it has
    restored some; the next call does the rest. Raises `StoreError`.
    """
    found = Rebuilt()
    wanted = _wanted(store, found, again)
    if not wanted:
        return found
    with ExitStack() as stack:
        events = stack.enter_context(EventIndex())
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warcite-rebuild-")))
        pool = stack.enter_context(WorkerPool(jobs))
        learn_events(store, events, lambda key, why: found.lost.append(Lost(key, why)))
        for key, harmed in wanted.items():
            progress(key)
            _rebuild_segment(_Work(store, work, events, pool, found, dry_run), manifests.load(store, key), harmed)
    return found


@dataclass(frozen=True, slots=True)
class _Work:
    store: Store
    directory: Path
    events: EventIndex
    pool: WorkerPool
    found: Rebuilt
    dry_run: bool


def _wanted(store: Store, found: Rebuilt, again: bool) -> dict[str, dict[str, bool]]:
    """Per manifest the derived objects to make, each with whether the stored one is missing or damaged."""
    wanted: dict[str, dict[str, bool]] = {}
    for key, manifest in manifests.load_readable(store, lambda key, error: found.lost.append(Lost(key, str(error)))):
        for stored in manifest.objects:
            if stored.kind not in DERIVED:
                continue
            found.checked += 1
            harmed = not _is_whole(store, stored)
            if harmed or again:
                wanted.setdefault(key, {})[stored.key] = harmed
    return wanted


def _is_whole(store: Store, stored: StoredObject) -> bool:
    try:
        with store.open_range(stored.key) as raw:
            stream = Hashing(raw)
            return (stream.finish(), stream.size) == (stored.sha256, stored.size)
    except (KeyMissing, DamageError):
        return False


def _rebuild_segment(work: _Work, manifest: Manifest, harmed: dict[str, bool]) -> None:
    warc = next((o for o in manifest.objects if o.kind == "warc"), None)
    with tempfile.TemporaryDirectory(dir=work.directory) as folder:
        try:
            if warc is None:
                raise DamageError("its manifest names no WARC")
            path = fetch_warc(work.store, warc, Path(folder))
            for stored in manifest.objects:
                if stored.key in harmed:
                    _settle(work, manifest, stored, _make(work, manifest, stored, warc, path), harmed[stored.key])
        except (KeyMissing, DamageError) as error:
            work.found.lost.extend(Lost(key, str(error)) for key, is_harmed in harmed.items() if is_harmed)


def _make(work: _Work, manifest: Manifest, stored: StoredObject, warc: StoredObject, path: Path) -> Path:
    """The object over again, as a file."""
    made = path.with_name(stored.kind)
    if stored.kind == "cdxj":
        made.write_bytes(cdxj.from_warc(path, warc.key).data)
    else:
        documents = DocumentSpool(path.with_name("documents.jsonl"))
        replay(manifest, path, work.events, work.pool, documents)
        documents.finish(warc.key, made)
    return made


def _settle(work: _Work, manifest: Manifest, stored: StoredObject, made: Path, harmed: bool) -> None:
    digest = sha256_file(made)
    if digest != stored.sha256:
        work.found.lost.append(Lost(stored.key, f"made again it has other bytes{_other_versions(manifest)}"))
        return
    work.found.identical += 1
    if harmed:
        work.found.restored.append(stored.key)
        if not work.dry_run:
            work.store.put(stored.key, made, digest)


def _other_versions(manifest: Manifest) -> str:
    here = versions()
    others = [f"{name} {manifest.versions.get(name)} (here {here[name]})" for name in _SHAPING if manifest.versions.get(name) != here[name]]
    return f": it was made with {', '.join(others)}" if others else ""


def shown(rebuilt: Rebuilt) -> Iterator[str]:
    for key in rebuilt.restored:
        yield f"restored  {key}"
    for lost in rebuilt.lost:
        yield f"lost  {lost.object}  {lost.why}"
    ledger = f"; ledger {rebuilt.ledger}" if rebuilt.ledger else ""
    yield f"{rebuilt.checked} derived objects: {len(rebuilt.restored)} restored, {len(rebuilt.lost)} lost{ledger}"
