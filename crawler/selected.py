"""A recrawl of the archive's own targets: chosen, entered, or only counted."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from archive.errors import NotFound
from archive.index.recent import Progress
from archive.index.targets import Selection
from archive.options import CrawlOptions
from archive.spool.chosen import enter_targets
from archive.spool.directory import Spool
from archive.spool.ledger import Ledger
from archive.spool.recover import sync_with_store
from archive.store import open_store
from archive.times import now
from crawler.inputs import plan_of
from crawler.session import Session, choose, open_recent, open_session


def open_selected(selection: Selection, options: CrawlOptions, *, may_be_none: bool = False, told: Progress = lambda *_: None) -> Session:
    """A session with every target entered that the selection chooses. Raises `NotFound` when there is none, unless there may be none."""
    session = open_session(options, selection, "recrawl", told=told)
    if session.entered.targets == 0 and not session.left_over and not may_be_none:
        session.close()
        raise _nothing(selection, session.store.uri)
    return session


def plan_selected(selection: Selection, options: CrawlOptions) -> dict[str, Any]:
    """``warcite.plan/1`` of it, with the addresses; nothing is written but to a folder that is thrown away. Raises `NotFound`."""
    store = open_store(options.store)
    with tempfile.TemporaryDirectory(prefix="warcite-plan-") as directory, Spool(Path(directory)) as spool:
        ledger = Ledger(spool.ledger)
        sync_with_store(spool, ledger, store)
        with open_recent(spool, store) as recent:
            entered = enter_targets(ledger, "dry-run", "recrawl", choose(selection, recent, ledger, now()))
        plan = plan_of(ledger, "dry-run", entered, store, options.delay)
        rows = ledger.execute("SELECT url FROM targets WHERE run = 'dry-run' ORDER BY key").fetchall()
        ledger.close()
    if not rows:
        raise _nothing(selection, store.uri)
    return plan | {"selection": str(selection), "urls": [row[0] for row in rows]}


def _nothing(selection: Selection, store: str) -> NotFound:
    return NotFound(f"no target in {store} for {selection}; warcite status --targets lists what there is")
