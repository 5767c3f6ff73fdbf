"""What an archive has of every address and what became of every target, in a file on this machine: looked up in microseconds.

The file is derived from manifests, index objects and tombstones, and may be deleted at any time. `RecentCaptures.refresh` reads only
what it has not seen; what the store has lost makes it begin again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from archive import layout, manifests, takedown
from archive.errors import DamageError, KeyMissing, StoreError
from archive.index.cdxj import IndexLine
from archive.index.lookup import lines_of
from archive.jobs import is_inputs
from archive.model import Manifest, OutcomeWord
from archive.store.base import Store

_SCHEMA = Path(__file__).with_name("recent.sql")
_FORMAT = 1  # of the tables

REVISIT = "warc/revisit"

Problem = Callable[[str], None]
Progress = Callable[[int, int, str], None]  # bytes of manifests done, to do, and of which segment

_AT_ONCE = 500_000
"""Rows that go into the tables together, in the order of their keys: one by one each would be another page to read and to write."""
_WAITING = """
CREATE TEMP TABLE IF NOT EXISTS new_captures AS SELECT * FROM captures LIMIT 0;
CREATE TEMP TABLE IF NOT EXISTS new_outcomes AS SELECT * FROM outcomes LIMIT 0;
"""
_IN_ORDER = (
    'INSERT OR IGNORE INTO captures SELECT * FROM new_captures ORDER BY key, at, warc, "offset"',
    "INSERT OR IGNORE INTO outcomes SELECT * FROM new_outcomes ORDER BY key, at, segment",
    "DELETE FROM new_captures",
    "DELETE FROM new_outcomes",
)


class Place(NamedTuple):
    """Where a capture's record is, and what its index line says of it."""

    warc: str  # key in the store
    segment: str
    offset: int
    length: int  # bytes of the gzip member
    status: int | None
    revisit: bool
    digest: str | None


class LastOutcome(NamedTuple):
    outcome: OutcomeWord
    record_id: str | None


class RecentCaptures:
    """One process at a time: it lies in the spool, whose lock keeps others out. Raises `StoreError` when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.sql = self._opened()
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _opened(self) -> sqlite3.Connection:
        """A file of another version, or one that is damaged, is made again."""
        with suppress(sqlite3.DatabaseError):
            sql = sqlite3.connect(self.path, isolation_level=None)
            if sql.execute("PRAGMA user_version").fetchone()[0] == _FORMAT:
                sql.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768;")
                return sql
            sql.close()
        return self._made()

    def _made(self) -> sqlite3.Connection:
        for part in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + part).unlink(missing_ok=True)
        sql = sqlite3.connect(self.path, isolation_level=None)
        sql.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768;")
        sql.executescript(f"BEGIN; {_SCHEMA.read_text(encoding='utf-8')}; PRAGMA user_version={_FORMAT}; COMMIT;")
        return sql

    def _explained(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"cannot use {self.path}: {error}; it is only a cache: delete it, or free some space")

    def close(self) -> None:
        self.sql.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what the store says ---------------------------------------------------------------------

    def refresh(self, store: Store, problem: Problem = lambda _: None, progress: Progress = lambda *_: None) -> int:
        """Learn what was committed since the last time; returns how many segments that was. It may be killed at any time, and goes on
        the next time.

        An index that cannot be read is told to ``problem``: its captures are not known until it is restored. Raises `DamageError`
        for a manifest or tombstone that cannot be read, `StoreError`.
        """
        try:
            return self._refresh(store, problem, progress)
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _refresh(self, store: Store, problem: Problem, progress: Progress) -> int:
        committed = {manifests.segment_of(stat.key): stat.size for stat in store.list(layout.MANIFESTS)}
        tombstones = {stat.key for stat in store.list(layout.TOMBSTONES)}
        if self._names("SELECT name FROM segments") - committed.keys() or self._names("SELECT name FROM tombstones") - tombstones:
            self.sql.close()
            self.sql = self._made()
        for key in sorted(tombstones - self._names("SELECT name FROM tombstones")):
            hidden = takedown.load(store, key).record_ids
            self.sql.execute("BEGIN")
            self.sql.executemany("INSERT OR IGNORE INTO hidden VALUES (?)", ((record,) for record in hidden))
            self.sql.execute("INSERT INTO tombstones VALUES (?)", (key,))
            self.sql.execute("COMMIT")
        new = sorted(committed.keys() - self._names("SELECT name FROM segments WHERE indexed"))
        if new:
            self._learn_all(store, {name: committed[name] for name in new}, problem, progress)
        return len(new)

    def _learn_all(self, store: Store, sizes: dict[str, int], problem: Problem, progress: Progress) -> None:
        self.sql.executescript(_WAITING)
        done, total, waiting = 0, sum(sizes.values()), 0
        self.sql.execute("BEGIN")
        try:
            for name, size in sizes.items():
                progress(done, total, name)
                waiting += self._learn(store, manifests.load(store, layout.manifest(name)), problem)
                done += size
                if waiting > _AT_ONCE:
                    self._enter()
                    self.sql.execute("BEGIN")
                    waiting = 0
            self._enter()
        except BaseException:
            self.sql.rollback()
            raise
        progress(done, total, "")

    def _enter(self) -> None:
        """Put what was learned into the tables, and end the transaction."""
        for statement in _IN_ORDER:
            self.sql.execute(statement)
        self.sql.execute("COMMIT")

    def _names(self, query: str) -> set[str]:
        return {row[0] for row in self.sql.execute(query)}

    def _learn(self, store: Store, manifest: Manifest, problem: Problem) -> int:
        """Returns how many rows are to enter."""
        targets = () if is_inputs(manifest.job) else manifest.outcomes
        self.sql.execute("INSERT OR IGNORE INTO segments (name, run, indexed) VALUES (?, ?, 0)", (manifest.segment, manifest.run))
        number = self.sql.execute("SELECT number FROM segments WHERE name = ?", (manifest.segment,)).fetchone()[0]
        self.sql.executemany(
            "INSERT INTO new_outcomes VALUES (?, ?, ?, ?, ?, ?)",
            ((o.key, o.captured_at or "", number, o.url, o.outcome.value, o.record_id) for o in targets),
        )
        return len(targets) + self._learn_captures(store, manifest, number, problem)

    def _learn_captures(self, store: Store, manifest: Manifest, number: int, problem: Problem) -> int:
        warcs: dict[str, int] = {}
        learned = 0
        self.sql.execute("SAVEPOINT captures")
        try:
            for stored in manifest.objects:
                if stored.kind == "warc":
                    made = self.sql.execute("INSERT INTO warcs (key, segment) VALUES (?, ?)", (stored.key, number))
                    warcs[stored.key.rpartition("/")[2]] = made.lastrowid or 0
            for stored in manifest.objects:
                if stored.kind == "cdxj":
                    rows = _rows(lines_of(store, stored.key), warcs)
                    learned += self.sql.executemany("INSERT INTO new_captures VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows).rowcount
        except (DamageError, KeyMissing) as error:
            self.sql.execute("ROLLBACK TO captures")
            problem(str(error))
        else:
            self.sql.execute("UPDATE segments SET indexed = 1 WHERE number = ?", (number,))
        self.sql.execute("RELEASE captures")
        return learned

    # --- what is asked ---------------------------------------------------------------------------

    def last_outcome(self, key: str) -> LastOutcome | None:
        """How a target ended the last time."""
        latest = "SELECT outcome, record FROM outcomes WHERE key = ? ORDER BY at DESC, segment DESC LIMIT 1"
        row = self.sql.execute(latest, (key,)).fetchone()
        return LastOutcome(OutcomeWord(row[0]), row[1]) if row else None

    def last(self, key: str) -> Place | None:
        """The newest capture of an address, whatever it was."""
        return self._place("c.key = ?", (key,))

    def original(self, key: str, digest: str | None) -> Place | None:
        """The newest page of an address with this payload: what its revisits refer to."""
        return self._place("c.key = ? AND c.digest = ? AND c.status = 200 AND NOT c.revisit", (key, digest))

    def hidden(self) -> frozenset[str]:
        """Ids of the records that were taken down."""
        return frozenset(self._names("SELECT record FROM hidden"))

    def _place(self, where: str, values: tuple[object, ...]) -> Place | None:
        row = self.sql.execute(
            'SELECT w.key, s.name, c."offset", c.length, c.status, c.revisit, c.digest FROM captures c JOIN warcs w ON w.number = c.warc'  # noqa: S608  # constants
            f' JOIN segments s ON s.number = w.segment WHERE {where} ORDER BY c.at DESC, c.warc DESC, c."offset" DESC LIMIT 1',
            values,
        ).fetchone()
        return Place(row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6]) if row else None


def _rows(lines: Iterator[IndexLine], warcs: dict[str, int]) -> Iterator[tuple[object, ...]]:
    """An index line that names a WARC which is not in its manifest leads nowhere, and is left out."""
    for line in lines:
        if line.filename in warcs:
            place = (int(line.timestamp), warcs[line.filename], line.offset, line.length)
            yield (line.key, *place, line.status, line.mime == REVISIT, line.digest)
