"""What a bundle would hold, without making it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from archive.bundle.members import read_records
from archive.bundle.part import units_of, warcs_of
from archive.errors import NotFound
from archive.selection.select import Selection, choose
from archive.store.base import Store
from archive.takedown import taken_down

SCHEMA = "warcite.bundle-plan/1"


def plan_bundle(store: Store, selection: Selection) -> dict[str, Any]:
    """``warcite.bundle-plan/1``: targets by outcome, segments, bytes of WARC. What revisits refer to, and tables, come on top.

    Raises `NotFound` when nothing is chosen, `DamageError`, `StoreError`.
    """
    hidden = frozenset(taken_down(store))
    outcomes: Counter[str] = Counter()
    segments = size = 0
    for chosen in choose(store, selection):
        segments += 1
        outcomes.update(outcome.outcome.value for outcome in chosen.outcomes)
        for warc in warcs_of(chosen.manifest):
            if chosen.whole:
                size += warc.size
            else:
                spans = {s for u in units_of(read_records(store, warc), chosen.outcomes, hidden) for g in u.groups for s in g.spans}
                size += sum(span.length for span in spans)
    if not segments:
        raise NotFound(f"nothing in {store.uri} for {selection or 'a bundle'}; warcite status --targets lists what there is")
    counts = {"targets": outcomes.total(), "outcomes": dict(sorted(outcomes.items())), "segments": segments, "warc_bytes": size}
    return {"schema": SCHEMA, "selection": selection.as_json(), **counts}
