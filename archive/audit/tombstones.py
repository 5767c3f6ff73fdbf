"""Records that were taken down are missed by nobody; a tombstone that cannot be read would let them be shown again."""

from __future__ import annotations

from archive import layout, takedown
from archive.audit.objects import Findings
from archive.errors import DamageError


def taken_down(found: Findings) -> frozenset[str]:
    """Ids of the records that tombstones name, each of which is checked."""
    records: set[str] = set()
    for stat in found.store.list(layout.TOMBSTONES):
        try:
            tombstone = takedown.load(found.store, stat.key)
        except DamageError as error:
            found.damage("tombstone", stat.key, str(error).removeprefix(f"{stat.key}: "))
            continue
        found.count(stat.key, "tombstones")
        records.update(tombstone.record_ids)
        if takedown.plan(tombstone.record_ids, tombstone.reason, tombstone.created_at).id != tombstone.id:
            found.damage("tombstone", stat.key, "its name is not that of its records and its reason: it was edited")
    return frozenset(records)
