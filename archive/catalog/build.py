"""The catalog follows the store: what is new is read, what was replaced or taken down goes, what is known is not asked for again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from pathlib import Path
from typing import NamedTuple

from archive import layout, manifests, takedown
from archive.catalog.file import explained, make_tables, only_writer
from archive.catalog.rows import Rows
from archive.errors import DamageError, KeyMissing
from archive.generations import SegmentFact, fact_of, in_order, newest_generations
from archive.model import Manifest
from archive.rows import rows_of
from archive.store.base import Store

Problem = Callable[[str], None]
Progress = Callable[[int, int, str], None]  # bytes of documents objects done, to do, and which one


class _Step(NamedTuple):
    """The documents of a segment's captures are to come from another manifest than they do."""

    segment: int
    source: str


class Build:
    """One refresh of an open catalog."""

    def __init__(self, path: Path, sql: sqlite3.Connection, store: Store, problem: Problem, progress: Progress) -> None:
        self._path, self._sql, self._store = path, sql, store
        self._problem, self._progress = problem, progress
        self._rows = Rows(sql)
        self._manifests: dict[str, Manifest] = {}  # those read just now, without their outcomes

    def run(self, waiting: Callable[[], None] = lambda: None) -> int:
        """Returns how many segments' documents were read. It may be killed at any time, and goes on the next time.

        What is damaged is told to the problem's callback, left as it is known, and tried again the next time. Raises `DamageError` for a
        tombstone that cannot be read, since what it hides would be shown, and `StoreError`.
        """
        try:
            if self._is_current():
                return 0
            with only_writer(self._path, waiting):
                return self._follow()
        except sqlite3.Error as error:
            raise explained(self._path, error) from error
        except OSError as error:
            raise explained(self._path, sqlite3.OperationalError(error.strerror)) from error

    def _is_current(self) -> bool:
        known = self._names("SELECT name FROM segments WHERE events") == self._committed()
        return known and self._names("SELECT name FROM tombstones") == self._tombstones() and not self._steps()

    def _committed(self) -> set[str]:
        return {manifests.segment_of(stat.key) for stat in self._store.list(layout.MANIFESTS)}

    def _tombstones(self) -> set[str]:
        return {stat.key for stat in self._store.list(layout.TOMBSTONES)}

    def _names(self, query: str) -> set[str]:
        return {row[0] for row in self._sql.execute(query)}

    def _follow(self) -> int:
        committed, tombstones = self._committed(), self._tombstones()
        if self._names("SELECT name FROM segments") - committed or self._names("SELECT name FROM tombstones") - tombstones:
            make_tables(self._sql)  # the store has lost something: it is another one, or an older one
        for key in sorted(tombstones - self._names("SELECT name FROM tombstones")):
            self._hide(key)
        for name in sorted(committed - self._names("SELECT name FROM segments WHERE events")):
            self._learn_segment(name)
        return self._read_documents(self._steps())

    def _hide(self, key: str) -> None:
        hidden = [(record,) for record in takedown.load(self._store, key).record_ids]
        with self._transaction():
            self._sql.executemany("INSERT OR IGNORE INTO hidden VALUES (?)", hidden)
            numbers = self._sql.execute("SELECT number FROM documents WHERE record IN (SELECT record FROM hidden)").fetchall()
            self._rows.drop_documents(number for (number,) in numbers)
            self._sql.execute("INSERT INTO tombstones VALUES (?)", (key,))

    def _learn_segment(self, name: str) -> None:
        """What its manifest says of it, and the events told in it."""
        try:
            manifest = manifests.load(self._store, layout.manifest(name))
        except (DamageError, KeyMissing) as error:
            self._problem(str(error))
            return
        self._manifests[name] = replace(manifest, outcomes=())
        vias = ((o.record_id, o.via) for o in manifest.outcomes if o.record_id and o.via != "live")
        _, *facts = astuple(fact_of(layout.manifest(name), manifest))
        with self._transaction():
            self._sql.execute("INSERT OR IGNORE INTO segments VALUES (NULL, ?, ?, ?, ?, ?, 0, NULL)", facts)
            self._sql.executemany("INSERT OR IGNORE INTO vias VALUES (?, ?)", vias)
        try:
            with self._transaction():
                self._rows.add_events(self._store, manifest)
                self._sql.execute("UPDATE segments SET events = 1 WHERE name = ?", (name,))
        except (DamageError, KeyMissing) as error:
            self._problem(str(error))

    def _manifest(self, name: str) -> Manifest:
        if name not in self._manifests:
            self._manifests[name] = replace(manifests.load(self._store, layout.manifest(name)), outcomes=())
        return self._manifests[name]

    def _steps(self) -> list[_Step]:
        """In the order in which segments were sealed."""
        rows = self._sql.execute("SELECT number, documents, name, run, created_at, supersedes, inputs FROM segments").fetchall()
        known = {name: (number, has) for number, has, name, *_ in rows}
        facts = in_order(SegmentFact(layout.manifest(name), name, *more) for _, _, name, *more in rows)
        newest = newest_generations(facts)
        steps = []
        for fact in facts:
            number, has = known[fact.segment]
            source = manifests.segment_of(newest.get(fact.segment, fact.key))
            if fact.has_sources and has != source:
                steps.append(_Step(number, source))
        return steps

    def _read_documents(self, steps: list[_Step]) -> int:
        sizes = [0] * len(steps)
        for n, step in enumerate(steps):
            if step.source in self._manifests:
                sizes[n] = sum(stored.size for stored in self._manifests[step.source].objects if stored.kind == "documents")
        done, read = 0, 0
        for step, size in zip(steps, sizes, strict=True):
            self._progress(done, sum(sizes), step.source)
            try:
                self._replace_documents(step)
                read += 1
            except (DamageError, KeyMissing) as error:
                self._problem(str(error))
            done += size
        if steps:
            self._progress(done, sum(sizes), "")
        return read

    def _replace_documents(self, step: _Step) -> None:
        manifest = self._manifest(step.source)
        with self._transaction():
            old = self._sql.execute("SELECT number FROM documents WHERE segment = ?", (step.segment,)).fetchall()
            self._rows.drop_documents(number for (number,) in old)
            for row in rows_of(self._store, manifest, "documents"):
                if not self._sql.execute("SELECT 1 FROM hidden WHERE record = ?", (row.get("warc_record_id"),)).fetchone():
                    self._rows.add_document(step.segment, row)
            self._sql.execute("UPDATE segments SET documents = ? WHERE number = ?", (step.source, step.segment))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._sql.execute("ROLLBACK")
            raise
        self._sql.execute("COMMIT")
