"""From a selection of an archive to a dataset: a folder of tables, their description for machines and their card for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from archive.bundle.dataset.about import CardAbout
from archive.bundle.dataset.card import CARD, card
from archive.bundle.dataset.croissant import FILE as CROISSANT
from archive.bundle.dataset.croissant import FileFacts, croissant_json
from archive.bundle.dataset.originals import Originals
from archive.bundle.dataset.rows import Rows
from archive.bundle.dataset.table import WriteTables
from archive.bundle.events import EventBook
from archive.bundle.naming import created_at, default_name, default_title
from archive.bundle.part import warcs_of
from archive.digests import sha256_file
from archive.errors import InputError, LimitReached, NotFound, StoreError
from archive.generations import SegmentFact, newest_generations, read_facts
from archive.model import Manifest, OutcomeWord
from archive.schema import document_schema
from archive.selection.documents import SegmentDocuments
from archive.selection.select import ChosenSegment, Selection, choose
from archive.store.base import Store
from archive.takedown import taken_down
from archive.warc.members import walk_members

FORMATS = ("jsonl", "csv", "wet", "parquet")
SCHEMA = "warcite.dataset/1"
DOCUMENT_SCHEMA = "schema.json"

_ROBOTS = re.compile(rb"^robots: ([^\r\n]{1,100})", re.MULTILINE)
_FULL = frozenset({28, 122, 27})
"""ENOSPC, EDQUOT, EFBIG."""


@dataclass(frozen=True, slots=True)
class DatasetOptions:
    """``created`` is SOURCE_DATE_EPOCH; by default it is when the newest segment in the dataset was committed."""

    format: str
    selection: Selection = field(default_factory=Selection)
    title: str | None = None
    description: str | None = None
    contact: str | None = None
    created: datetime | None = None

    def __post_init__(self) -> None:
        """Raises `InputError` for an unknown format."""
        if self.format not in FORMATS:
            raise InputError(f"--format: unknown format {self.format[:40]!r}; known are wacz, {', '.join(FORMATS)}")


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was written into ``folder``."""

    folder: Path
    name: str
    title: str
    format: str
    created: str
    files: tuple[FileFacts, ...]  # in order of their names
    counts: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """``warcite.dataset/1``."""
        files = [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in self.files]
        about = {"schema": SCHEMA, "name": self.name, "title": self.title, "format": self.format, "created": self.created}
        return {**about, "counts": self.counts, "files": files}


def make_dataset(store: Store, options: DatasetOptions, folder: Path) -> Dataset:
    """Write it into an empty folder. The same selection of the same archive gives the same bytes; Parquet's are those of one version of
    pyarrow.

    Memory does not grow with the rows; the temporary folder holds them packed meanwhile. Raises `NotFound` when nothing is chosen,
    `InputError` where pyarrow is missing, `DamageError`, `StoreError`, `LimitReached` (disk full).
    """
    write_tables = cast("WriteTables", import_module(f"archive.bundle.dataset.{options.format}").write_tables)
    try:
        with EventBook(store) as events, Rows(events) as rows:
            maker = _Maker(store, options, rows)
            maker.collect(read_facts(store, events.learn))
            return maker.write(write_tables, events, folder)
    except OSError as error:
        if error.errno in _FULL:
            raise LimitReached(f"no space left for the dataset in {folder}; free some, then run again") from error
        raise StoreError(f"cannot write the dataset in {folder}: {error.strerror or error}") from error


class _Maker:
    def __init__(self, store: Store, options: DatasetOptions, rows: Rows) -> None:
        self._store, self._options, self._rows = store, options, rows
        self._created = ""
        self._robots: set[str] = set()
        self._hidden = frozenset(taken_down(store))

    def collect(self, facts: tuple[SegmentFact, ...]) -> None:
        originals = Originals(self._store, newest_generations(facts), self._hidden)
        for chosen in choose(self._store, self._options.selection, facts):
            self._created = max(self._created, chosen.manifest.created_at, chosen.documents.created_at)
            self._robots.update(_robots_of(self._store, chosen.manifest))
            self._add(chosen)
            if self._options.selection and any(o.outcome is OutcomeWord.UNCHANGED for o in chosen.outcomes):
                originals.note(chosen)
        if not self._created:
            selection = self._options.selection or "a dataset"
            raise NotFound(f"nothing in {self._store.uri} for {selection}; warcite status --targets lists what there is")
        for key, line in originals.documents(self._rows.has):
            self._rows.add_original(key, line)

    def _add(self, chosen: ChosenSegment) -> None:
        with SegmentDocuments(self._store, chosen.documents, chosen.record_ids()) as documents:
            for outcome in chosen.outcomes:
                self._rows.add(chosen.manifest, outcome, documents.line_of(outcome.record_id))

    def write(self, write_tables: WriteTables, events: EventBook, folder: Path) -> Dataset:
        about = self._about(events)
        tables = write_tables(self._rows, folder)
        schema = json.dumps(document_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (folder / DOCUMENT_SCHEMA).write_text(schema, encoding="utf-8")
        (folder / CARD).write_text(card(about, self._options.format, tables, self._rows), encoding="utf-8", errors="replace")
        media_types = {table.file: table.media_type for table in tables}
        media_types |= {DOCUMENT_SCHEMA: "application/json", CARD: "text/markdown"}
        files = [_facts(folder / name, media_types[name]) for name in sorted(media_types)]
        (folder / CROISSANT).write_bytes(croissant_json(about, tables, files))
        everything = sorted([*files, _facts(folder / CROISSANT, "application/ld+json")], key=lambda file: file.name)
        counts: dict[str, Any] = {table: self._rows.count(table) for table in ("documents", "events", "sources")}
        counts["outcomes"] = dict(sorted(self._rows.tally("outcome").items()))
        return Dataset(folder, about.name, about.title, self._options.format, about.created, tuple(everything), counts)

    def _about(self, events: EventBook) -> CardAbout:
        selection, options = self._options.selection, self._options
        created = created_at(self._created, options.created)
        return CardAbout(
            name=f"{default_name(created, selection)}-{options.format}",
            title=_line(options.title or default_title(selection, events)),
            description=options.description or "Clean text of the sources that news digests cite, and what became of every source.",
            created=created,
            software=f"warcite {version('warcite')}",
            contact=options.contact,
            chosen=str(selection),
            robots=tuple(sorted(self._robots)),
            taken_down=len(self._hidden),
        )


def _robots_of(store: Store, manifest: Manifest) -> Iterator[str]:
    """How the crawl of a segment treated robots.txt, by its warcinfo record (WARC 1.1 section 6.2)."""
    for stored in warcs_of(manifest):
        with store.open_range(stored.key) as stream:
            first = next(walk_members(stream), None)
        if first is not None and (said := _ROBOTS.search(first.unpacked)):
            yield said[1].decode("utf-8", "replace")


def _facts(path: Path, media_type: str) -> FileFacts:
    return FileFacts(path.name, media_type, path.stat().st_size, sha256_file(path))


def _line(text: str) -> str:
    return " ".join(text.split())
