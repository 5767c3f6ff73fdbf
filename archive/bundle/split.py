"""A selection cut into parts of a size: whole segments where they fit, else target by target; nothing is in two parts but what revisits
of both refer to.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.bundle.members import SegmentRecords, read_records
from archive.bundle.part import Archive, Part, Unit, units_of, warcs_of
from archive.errors import DamageError
from archive.model import StoredObject
from archive.selection.documents import SegmentDocuments
from archive.selection.select import ChosenSegment, Selection, choose

_FIXED = 128 << 10  # bytes of a bundle besides rows and members: readme, schema, datapackage, ends of blocks
_ROW = 3 << 10  # of a target: index lines, its row among the sources, its share of the events
_FILE = 1 << 10  # of a WARC: headers and its resource


class Splitter:
    """Parts one after the other; each is complete when it is given, and gone when the next is asked for.

    A part stays under ``max_size`` bytes by upper bounds of what its rows will take. One target that is larger is a part by itself, and
    what revisits refer to, and site profiles, are not counted beforehand.
    """

    def __init__(self, archive: Archive, selection: Selection, max_size: int | None) -> None:
        self._archive, self._selection, self._limit = archive, selection, max_size
        self._part: Part | None = None
        self._room_of_one = (max_size or 0) - _FIXED
        self._room = 0

    def parts(self) -> Iterator[tuple[Part, bool]]:
        """Each with whether it is the last."""
        try:
            for chosen in choose(self._archive.store, self._selection, self._archive.facts):
                for full in self._add(chosen):
                    yield full, False
            if self._part is not None:
                self._part.complete()
                yield self._part, True
        finally:
            self._close()

    def _add(self, chosen: ChosenSegment) -> Iterator[Part]:
        if chosen.whole and self._limit is None:
            self._opened().add_whole(chosen.manifest)
            return
        with SegmentDocuments(self._archive.store, chosen.documents, chosen.record_ids()) as documents:
            if chosen.whole and (bound := _bound_of(chosen, documents)) <= self._room_of_one:
                yield from self._room_for(bound)
                self._opened().add_whole(chosen.manifest)
                return
            known = 0
            for warc in warcs_of(chosen.manifest):
                records = read_records(self._archive.store, warc)
                units = units_of(records, chosen.outcomes, self._archive.hidden)
                known += len(units)
                yield from self._add_units(chosen, warc, records, units, documents)
            if known < len(chosen.outcomes):
                raise DamageError(f"segment {chosen.manifest.segment} has not every record that its manifest names; run warcite verify")

    def _add_units(
        self, chosen: ChosenSegment, warc: StoredObject, records: SegmentRecords, units: list[Unit], documents: SegmentDocuments
    ) -> Iterator[Part]:
        waiting: list[Unit] = []
        for unit in units:
            bound = unit.bytes + 2 * documents.size_of(unit.outcome.record_id) + _ROW
            if self._limit is not None and bound > self._room and waiting:
                self._opened().add_units(chosen.manifest, warc, records, waiting, documents)
                waiting = []
            yield from self._room_for(bound)
            waiting.append(unit)
        if waiting:
            self._opened().add_units(chosen.manifest, warc, records, waiting, documents)

    def _room_for(self, bound: int) -> Iterator[Part]:
        """Gives away the part that is open when so much does not fit into it."""
        if self._limit is not None and self._part is not None and bound > self._room:
            self._part.complete()
            yield self._part
            self._close()
        self._opened()
        self._room -= bound

    def _opened(self) -> Part:
        if self._part is None:
            self._part = Part(self._archive)
            self._room = self._room_of_one
        return self._part

    def _close(self) -> None:
        if self._part is not None:
            self._part.__exit__(None, None, None)
            self._part = None


def _bound_of(chosen: ChosenSegment, documents: SegmentDocuments) -> int:
    warcs = sum(warc.size + _FILE for warc in warcs_of(chosen.manifest))
    return warcs + sum(2 * documents.size_of(o.record_id) + _ROW for o in chosen.outcomes)
