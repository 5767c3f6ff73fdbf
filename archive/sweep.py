"""Step 9 of the commit protocol: what no manifest names, and what writes left behind that never ended, goes once it is old enough.

Readers start from manifests, so a sweep is never urgent; killed anywhere, it has removed only what nobody could see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archive import layout, manifests
from archive.errors import DamageError, KeyMissing
from archive.store import ObjectStat, Store

DATA = ("cdxj/", "documents/", "events/", "warc/")
"""Where the objects live that manifests name."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What went, or would go: objects by key, leftovers of writes by name; ``bytes`` are those of the objects."""

    removed: tuple[str, ...]
    debris: tuple[str, ...]
    bytes: int
    young: int  # objects that no manifest names, too young to go
    dry_run: bool

    def as_json(self) -> dict[str, Any]:
        """``warcite.sweep/1``."""
        return {"schema": "warcite.sweep/1", **asdict(self)}


def sweep(store: Store, before: datetime, *, dry_run: bool = False) -> Swept:
    """Remove what was written before ``before`` and is named by no manifest.

    A crawl uploads first and commits afterwards, so ``before`` must lie further back than any upload may take. Raises `DamageError`, and
    removes nothing, when a manifest is damaged or missing: what it names must not be taken for an orphan.
    """
    # The list before the manifests: what is committed in between is named by then.
    candidates = [stat for prefix in DATA for stat in store.list(prefix)]
    named = _named(store)
    orphans = [stat for stat in candidates if stat.key not in named]
    old = [stat for stat in orphans if stat.modified < before]
    removed = [stat for stat in old if dry_run or _remove(store, stat, before)]
    debris = store.debris(before, remove=not dry_run)
    size = sum(stat.size for stat in removed)
    return Swept(tuple(s.key for s in removed), tuple(debris), size, len(orphans) - len(old), dry_run)


def _named(store: Store) -> set[str]:
    """Every key that a manifest names. Raises `DamageError` unless all manifests that others build on are there."""
    named: set[str] = set()
    present: set[str] = set()
    needed: dict[str, str] = {}
    for key, manifest in manifests.load_all(store):
        present.add(manifest.segment)
        named |= {stored.key for stored in manifest.objects}
        needed |= dict.fromkeys(manifests.built_on(manifest), key)
    for segment in needed.keys() - present:
        raise DamageError(
            f"{layout.manifest(segment)} is missing, though {needed[segment]} builds on it: put it back (warcite verify says more);"
            " until then nothing is removed"
        )
    return named


def _remove(store: Store, stat: ObjectStat, before: datetime) -> bool:
    """Looks once more: a crawl that goes on after days uploads the same bytes under the same key, and is about to commit them."""
    try:
        if store.stat(stat.key).modified >= before:
            return False
    except KeyMissing:
        return False
    store.delete(stat.key)
    return True


def shown(swept: Swept) -> Iterator[str]:
    verb = "would remove" if swept.dry_run else "removed"
    for name in (*swept.removed, *swept.debris):
        yield f"{verb}  {name}"
    young = f"; {swept.young} younger ones stay" if swept.young else ""
    yield f"{verb} {len(swept.removed)} objects ({swept.bytes} bytes) and {len(swept.debris)} unfinished writes{young}"
