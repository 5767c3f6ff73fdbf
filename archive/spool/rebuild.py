"""The ledger made again from the manifests, which have the last word; what no manifest has yet is kept as long as it can be read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from archive import manifests
from archive.spool.directory import Spool
from archive.spool.ledger import Ledger
from archive.spool.recover import forget, recover_spool, sync_with_store
from archive.store import Store
from archive.times import now

What = Literal["made", "renewed", "replaced"]


def rebuild_ledger(spool: Spool, store: Store) -> What:
    """Forget all committed outcomes and learn them again. A ledger that cannot be read is moved aside, with the captures only it could
    vouch for, and a new one made: those are fetched again. Idempotent: it may be killed and run again. Raises `DamageError`, `StoreError`.
    """
    for _ in manifests.load_all(store):
        pass  # all can be read: nothing is forgotten that could not be learned again
    what: What = "renewed" if spool.ledger.exists() else "made"
    if what == "renewed" and not _is_sound(spool.ledger):
        _move_aside(spool)
        what = "replaced"
    with closing(Ledger(spool.ledger)) as ledger:
        recover_spool(spool, ledger)
        for (name,) in ledger.execute("SELECT segment FROM manifests").fetchall():
            forget(ledger, name)
        sync_with_store(spool, ledger, store)
    return what


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as sql:
            return bool(sql.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False


def _move_aside(spool: Spool) -> None:
    aside = spool.directory / f"damaged-{now():%Y%m%dT%H%M%SZ}"
    aside.mkdir(exist_ok=True)
    for part in [*(path for _, path in spool.segments_on_disk()), *spool.directory.glob(f"{spool.ledger.name}*")]:
        part.rename(aside / part.name)
