"""The documents of an archive over again, from its stored WARCs, and how they differ from the stored ones. Nothing is written to it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive import manifests
from archive.errors import DamageError, KeyMissing
from archive.events import EventIndex
from archive.model import Manifest, Rescue
from archive.rows import rows_of
from archive.store import Store
from archive.takedown import taken_down
from pipelines.document_diff import DocumentDiff, Row, compare_rows
from pipelines.ordered import in_order
from pipelines.replay import page_tasks, read_captures
from pipelines.rescued import with_rescue
from pipelines.segments import fetch_warc, learn_events
from pipelines.tasks import ExtractionTask
from pipelines.work import Work


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment whose WARC is at hand, as long as the next one is not asked for."""

    manifest: Manifest
    warc_key: str
    tasks: tuple[ExtractionTask, ...]  # in the order of the captures
    rescues: Mapping[str, Rescue]  # by record id


class Reextraction:
    """Of the segments with these manifests, in that order. Captures that were taken down are left out.

    The work is told of a segment that cannot be read, and the others go on. All else that a store may raise ends it.
    """

    def __init__(self, store: Store, segments: Iterable[str], work: Work) -> None:
        self._store, self._segments, self._work = store, segments, work
        self._hidden = frozenset(taken_down(store))

    def documents(self) -> Iterator[bytes]:
        """Lines of JSON, each as the documents object of its segment has it when nothing changed."""
        for segment in self._opened():
            yield from self._lines(segment)

    def compared(self) -> Iterator[DocumentDiff]:
        """Every document, the unchanged too."""
        for segment in self._opened():
            try:
                yield from _compared(self._stored(segment.manifest), map(json.loads, self._lines(segment)))
            except (KeyMissing, DamageError) as error:
                self._work.damaged(str(error))

    def _opened(self) -> Iterator[_Segment]:
        with EventIndex() as events:
            learn_events(self._store, events, lambda key, why: self._work.damaged(f"{key}: {why}"))
            for key in self._segments:
                manifest = manifests.load(self._store, key)
                warc = next((o for o in manifest.objects if o.kind == "warc"), None)
                if warc is None:
                    continue  # events alone, or failures without an answer
                with tempfile.TemporaryDirectory(prefix="warcite-extract-") as folder:
                    try:
                        path = fetch_warc(self._store, warc, Path(folder))
                        found = read_captures(path)
                        tasks = list(page_tasks(manifest, path, found, events))
                    except (KeyMissing, DamageError) as error:
                        self._work.damaged(f"{key}: {error}")
                        continue
                    shown = [self._work.prepared(t) for t in tasks if t.context.warc_record_id not in self._hidden]
                    yield _Segment(manifest, warc.key, tuple(sorted(shown, key=lambda t: t.context.warc_offset)), found.rescues)

    def _lines(self, segment: _Segment) -> Iterator[bytes]:
        file = b'"warc_file": ' + json.dumps(segment.warc_key).encode()
        for record_id, extracted in in_order(self._work.pool, ((task.context.warc_record_id, task) for task in segment.tasks)):
            self._work.tally.count(extracted)
            if extracted:
                yield with_rescue(extracted.line, segment.rescues.get(record_id)).replace(b'"warc_file": ""', file, 1)

    def _stored(self, manifest: Manifest) -> Iterator[Row]:
        for row in rows_of(self._store, manifest, "documents"):
            if not isinstance(row, dict) or not isinstance(row.get("warc_record_id"), str):  # type: ignore[redundant-expr]  # says who wrote it
                raise DamageError(f"a documents object of segment {manifest.segment} has a row that is no document; run warcite rebuild")
            if row["warc_record_id"] not in self._hidden:
                yield row


def _compared(stored: Iterator[Row], remade: Iterable[Row]) -> Iterator[DocumentDiff]:
    """Pairs by record. Both are in the order of the captures, so that little waits for its partner; in any other it works too."""
    ahead: dict[str, Row] = {}
    for now in remade:
        record_id = now["warc_record_id"]
        while record_id not in ahead and (row := next(stored, None)) is not None:
            ahead[row["warc_record_id"]] = row
        yield compare_rows(ahead.pop(record_id, None), now)
    yield from (compare_rows(row, None) for row in (*ahead.values(), *stored))
