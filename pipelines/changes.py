"""What changed on the pages of a run since their last documents: every target's change, read from the store, in memory for a few pages.

Only documents of pages that came out other than before are read: a target that a revisit stands for is the same by its bytes.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, get_args

from archive import layout, manifests
from archive.errors import DamageError, KeyMissing
from archive.model import Change
from archive.rows import rows_of
from archive.store import Store
from pipelines.compare import Kind, compare
from pipelines.history.endings import Ended, Verdict, verdicts
from pipelines.history.remake import Pair, Stored, comparable
from pipelines.workers import WorkerPool

KINDS: tuple[Kind, ...] = get_args(Kind)

_SCHEMA = """
CREATE TABLE pairs (
    after TEXT PRIMARY KEY, before TEXT, segment TEXT, old_segment TEXT, kind TEXT, url TEXT, key TEXT, via TEXT, old_via TEXT
) WITHOUT ROWID;
CREATE INDEX by_old_segment ON pairs (old_segment, before);
CREATE INDEX by_segment ON pairs (segment);
CREATE TABLE rows (record TEXT PRIMARY KEY, packed BLOB);
"""

Row = dict[str, Any]
Problem = Callable[[str], None]


class Changes:
    """Of the targets whose ``endings`` are given by key and by time (`pipelines.history.records`). Iterate once.

    Afterwards ``counts`` has every kind, and ``not_compared`` the changes that cannot be told, of which ``problem`` was told why.
    Raises `StoreError` for a store that cannot be reached.
    """

    def __init__(self, store: Store, endings: Iterable[Ended], hidden: frozenset[str], pool: WorkerPool, problem: Problem) -> None:
        self._store, self._endings, self._hidden = store, endings, hidden
        self._pool, self._problem = pool, problem
        self.counts: Counter[Kind] = Counter(dict.fromkeys(KINDS, 0))
        self.not_compared = 0

    def __iter__(self) -> Iterator[Change]:
        with closing(sqlite3.connect("", isolation_level=None)) as sql:
            sql.executescript(f"{_SCHEMA} BEGIN;")
            for verdict in verdicts(self._endings, self._hidden):
                if verdict.by_documents and verdict.before:
                    _enter(sql, verdict, verdict.before)
                else:
                    yield self._counted(verdict.change())
            yield from self._by_documents(sql)

    def _counted(self, change: Change) -> Change:
        self.counts[change.kind] += 1
        return change

    def _by_documents(self, sql: sqlite3.Connection) -> Iterator[Change]:
        for (segment,) in sql.execute("SELECT DISTINCT old_segment FROM pairs").fetchall():
            wanted = {row[0] for row in sql.execute("SELECT before FROM pairs WHERE old_segment = ?", (segment,))}
            for row in self._documents(segment, wanted):
                packed = zlib.compress(json.dumps(row).encode(), 1)
                sql.execute("INSERT OR IGNORE INTO rows VALUES (?, ?)", (row["warc_record_id"], packed))
        before = sql.execute("SELECT count(*) FROM pairs").fetchone()[0]
        found = 0
        for pair in comparable(self._store, self._stored(sql), self._pool):
            found += 1
            yield from self._compared(sql, pair)
        if before > found:
            self.not_compared += before - found
            self._problem(f"{before - found} documents are not in the archive")

    def _stored(self, sql: sqlite3.Connection) -> Iterator[Stored]:
        for (segment,) in sql.execute("SELECT DISTINCT segment FROM pairs ORDER BY segment").fetchall():
            wanted = {row[0] for row in sql.execute("SELECT after FROM pairs WHERE segment = ?", (segment,))}
            for row in self._documents(segment, wanted):
                old = sql.execute(
                    "SELECT packed, old_via, via FROM pairs JOIN rows ON record = before WHERE after = ?", (row["warc_record_id"],)
                ).fetchone()
                if old:
                    yield Stored(json.loads(zlib.decompress(old[0])), row, old[1], old[2])

    def _documents(self, segment: str, wanted: set[str]) -> Iterator[Row]:
        """Of one segment, those with these record ids."""
        try:
            for row in rows_of(self._store, manifests.load(self._store, layout.manifest(segment)), "documents"):
                if isinstance(row, dict) and row.get("warc_record_id") in wanted:  # type: ignore[redundant-expr]  # says who wrote it
                    yield row
        except (DamageError, KeyMissing) as error:
            self._problem(str(error))

    def _compared(self, sql: sqlite3.Connection, pair: Pair) -> Iterator[Change]:
        fault = pair.problem or _unfit(pair.before) or _unfit(pair.after)
        if fault:
            self.not_compared += 1
            self._problem(fault)
            return
        kind, url, key = sql.execute("SELECT kind, url, key FROM pairs WHERE after = ?", (pair.after["warc_record_id"],)).fetchone()
        change = compare(pair.before, pair.after).change("back" if kind == "back" else None)
        yield self._counted(replace(change, url=url, key=key))


def _enter(sql: sqlite3.Connection, verdict: Verdict, before: Ended) -> None:
    now = verdict.now
    sql.execute(
        "INSERT OR IGNORE INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (now.record_id, before.record_id, now.segment, before.segment, verdict.kind, now.url, now.key, now.via, before.via),
    )


def _unfit(row: Row) -> str:
    """Why a document says nothing of its page: its extraction failed."""
    flags = row.get("flags")
    failed = isinstance(flags, list) and "extraction-failed" in flags
    return f"{row.get('url')}: the text of {row.get('captured_at')} could not be extracted" if failed else ""
