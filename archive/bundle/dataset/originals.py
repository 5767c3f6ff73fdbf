"""The documents of unchanged pages: those of the captures that their revisits refer to, in segments that may not be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from archive import layout, manifests
from archive.bundle.members import read_records
from archive.bundle.part import warcs_of
from archive.errors import KeyMissing
from archive.model import OutcomeWord
from archive.selection.documents import SegmentDocuments
from archive.selection.select import ChosenSegment
from archive.store.base import Store


class Originals:
    """``generations``: segment -> key of the manifest that has its documents now; ``hidden``: ids of records that were taken down."""

    def __init__(self, store: Store, generations: Mapping[str, str], hidden: AbstractSet[str]) -> None:
        self._store, self._generations, self._hidden = store, generations, hidden
        self._wanted: dict[str, dict[str, str]] = {}  # segment -> record -> key of the target

    def note(self, chosen: ChosenSegment) -> None:
        """Find what the unchanged pages of a segment refer to. Reads its WARC. Raises `DamageError`, `StoreError`."""
        keys = {o.record_id: o.key for o in chosen.outcomes if o.outcome is OutcomeWord.UNCHANGED}
        for warc in warcs_of(chosen.manifest):
            for main, group in read_records(self._store, warc).groups.items():
                if main in keys and group.refers_to is not None and group.refers_to not in self._hidden:
                    known = chosen.manifest.depends_on
                    for segment in (group.original_in,) if group.original_in in known else known:
                        self._wanted.setdefault(str(segment), {})[group.refers_to] = keys[main]

    def documents(self, is_in: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Target's key and document's line of each that is not in already. Raises `DamageError`, `StoreError`."""
        for segment, records in sorted(self._wanted.items()):
            missing = {record: key for record, key in records.items() if not is_in(record)}
            if not missing:
                continue
            try:
                source = manifests.load(self._store, self._generations.get(segment, layout.manifest(segment)))
            except KeyMissing:
                continue  # its segment left the archive
            with SegmentDocuments(self._store, source, missing.keys()) as documents:
                for record, key in sorted(missing.items()):
                    line = documents.line_of(record)
                    if line is not None:
                        yield key, line
