"""Captures of others become captures of an archive: those that it does not have, with where they came from, and documents as our own."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from archive.errors import DamageError, InputError
from archive.jobs import new_run
from archive.model import Capture, Manifest, OutcomeWord, Reason
from archive.spool.directory import Spool
from archive.statuses import judge_revisit
from archive.store import Store
from archive.times import now
from archive.urls import surt, target_uri
from archive.warc.http import parse_http
from archive.warc.reader import Record
from archive.warc.records import Encoded, RevisitProfile, encode_exchange, encode_revisit, new_record_id
from archive.warc.writer import Fields, is_record_id
from pipelines.imports.convert import Found, exchange_of, outcome_of
from pipelines.imports.files import ForeignWarc, first_bytes, warcs_in
from pipelines.imports.known import KnownCaptures
from pipelines.imports.originals import Originals, with_requests
from pipelines.imports.segments import Chain, SegmentBuilder
from pipelines.publish import store_marker
from pipelines.work import Work

SCHEMA = "warcite.add/1"
_GENERATIONS = 50  # captures of one address that get an outcome and a document each; more are in the index only
_KIND = re.compile(r"(?:^the record at offset \d+ has |:? '.*|: .*)")  # what of a reason is of one record only


@dataclass(slots=True)
class Added:
    """``known``: captures that the archive had already."""

    run: str
    files: int = 0
    added: int = 0
    known: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    damages: list[str] = field(default_factory=list)
    segments: list[Manifest] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return DamageError.exit_code if self.damages else 0 if self.added or self.known else 4

    def as_json(self) -> dict[str, Any]:
        """``warcite.add/1``."""
        outcomes: Counter[str] = Counter({word.value: 0 for word in OutcomeWord})
        for manifest in self.segments:
            outcomes.update(manifest.counts)
        return {
            "schema": SCHEMA,
            "run": self.run,
            "files": self.files,
            "added": self.added,
            "known": self.known,
            "left_out": dict(sorted(self.left_out.items())),
            "outcomes": dict(outcomes),
            "documents": sum(o.rows for m in self.segments for o in m.objects if o.kind == "documents"),
            "segments": [manifest.segment for manifest in self.segments],
            "damages": self.damages,
        }


def add_files(store: Store, files: Iterable[Path], work: Work, told: Callable[[str], None] = lambda _: None, about: Fields = ()) -> Added:
    """Of WARC and WACZ files; ``about`` are further fields of the ``warcinfo`` records: what the import was told.

    Killed anywhere, what was committed stays and the next call adds the rest. Raises `InputError` for a file that is neither,
    `StoreError`, `LimitReached`, and `DamageError` when the archive itself is damaged.
    """
    named = list(files)
    for file in named:
        first_bytes(file)  # a name that was mistyped is said before anything is done
    with tempfile.TemporaryDirectory(prefix="warcite-add-") as folder, Spool(Path(folder) / "spool") as spool:
        return _Import(store, spool, work, told, about).run(named, Path(folder))


def _said_already(offset: int, why: str) -> None:
    """When the responses were read."""


class _Import:
    def __init__(self, store: Store, spool: Spool, work: Work, told: Callable[[str], None], about: Fields) -> None:
        self._store, self._told = store, told
        self._known = KnownCaptures(store)
        self._added = Added(new_run(now()))
        previous = self._known.newest.segment if self._known.newest else None
        run = self._added.run
        self._chain = Chain(spool, store, work, run, f"add-{run}", previous, about, self._added.segments)
        self._builders: dict[int, SegmentBuilder] = {}
        self._times: Counter[str] = Counter()  # outcomes, by SURT
        self._originals = Originals(store)
        self._unfit: list[InputError] = []

    def run(self, files: list[Path], folder: Path) -> Added:
        store_marker(self._store)
        revisits = [file for file in files if self._take_responses(file, folder)]
        if self._unfit and not self._added.files:
            raise self._unfit[0]
        self._close()  # a revisit refers to what is committed
        for file in revisits:
            for warc in warcs_in(file, folder, lambda _: None):
                for record, request in with_requests(warc.path, _said_already, _said_already):
                    if record.type == "revisit":
                        self._take_record(record, request, warc, self._add_revisit)
        self._close()
        return self._added

    def _close(self) -> None:
        for builder in self._builders.values():
            builder.close()

    # --- reading ---------------------------------------------------------------------------------

    def _take_responses(self, file: Path, folder: Path) -> bool:
        """Whether there are revisits too. A file that is no WARC does not keep the others out."""
        revisits = False
        try:
            for warc in warcs_in(file, folder, self._damaged):
                self._told(warc.name)
                self._added.files += 1
                revisits |= self._take_warc(warc)
        except (InputError, DamageError) as error:
            self._damaged(str(error) if isinstance(error, InputError) else f"{file.name}: {error}")
            self._unfit += [error] if isinstance(error, InputError) else []
        return revisits

    def _take_warc(self, warc: ForeignWarc) -> bool:
        revisits = False
        for record, request in with_requests(warc.path, partial(self._leave_out, warc), partial(self._damaged_at, warc)):
            if record.type == "revisit":
                revisits = True
            else:
                self._take_record(record, request, warc, self._add_response)
        return revisits

    def _take_record(self, record: Record, request: bytes, warc: ForeignWarc, add: Callable[[Record, Found], None]) -> None:
        try:
            found = exchange_of(record, request, warc)
            add(record, found)
        except (DamageError, ValueError, OverflowError) as error:
            self._leave_out(warc, record.offset, str(error))
            return
        if found.fault:
            self._damaged_at(warc, record.offset, f"{found.fault}; it was taken over as it is")

    def _leave_out(self, warc: ForeignWarc, offset: int, why: str) -> None:
        self._added.left_out[_KIND.sub("", why).strip(": ")] += 1
        self._told(f"{warc.name} at offset {offset}: left out: {why}")

    def _damaged_at(self, warc: ForeignWarc, offset: int, why: str) -> None:
        self._damaged(f"{warc.name} at offset {offset}: {why}")

    def _damaged(self, why: str) -> None:
        self._added.damages.append(why)
        self._told(why)

    # --- adding ----------------------------------------------------------------------------------

    def _add_response(self, record: Record, found: Found) -> None:
        status = parse_http(found.exchange.response).status
        outcome = outcome_of(found.exchange.url, status, found.exchange.truncated)

        def encode(builder: SegmentBuilder, new_id: Callable[[], str]) -> Encoded:
            named = {"warcinfo_id": builder.warcinfo_id, "segment": builder.name, "new_id": new_id}
            return encode_exchange(found.exchange, fields=found.fields, **named)  # type: ignore[arg-type]

        if not found.exchange.response:
            raise DamageError("no answer in it")
        self._originals.note(record, self._add(record, found, outcome, status, encode))

    def _add_revisit(self, record: Record, found: Found) -> None:
        original = self._originals.of(record)
        if original is None:
            raise DamageError("a revisit of what is neither in these files nor in the archive")
        not_modified = "not-modified" in (record.header("WARC-Profile") or "")
        outcome = judge_revisit(not_modified=not_modified)
        profile: RevisitProfile = "server-not-modified" if not_modified else "identical-payload-digest"

        def encode(builder: SegmentBuilder, new_id: Callable[[], str]) -> Encoded:
            named = {"warcinfo_id": builder.warcinfo_id, "segment": builder.name, "new_id": new_id}
            return encode_revisit(found.exchange, original, profile=profile, fields=found.fields, **named)  # type: ignore[arg-type]

        status = parse_http(found.exchange.response).status or (304 if not_modified else original.status)
        self._add(record, found, outcome, status, encode)

    def _add(
        self,
        record: Record,
        found: Found,
        outcome: tuple[OutcomeWord, Reason] | None,
        http_status: int | None,
        encode: Callable[[SegmentBuilder, Callable[[], str]], Encoded],
    ) -> Capture:
        """The capture; one that the archive has already is not written, and has no segment."""
        key = surt(target_uri(found.exchange.url))
        if self._times[key] >= _GENERATIONS:
            outcome = None
        builder = self._builder(0 if outcome is None else self._times[key])
        ids = chain([self._own_id(record)], iter(new_record_id, ""))
        encoded = encode(builder, lambda: next(ids))
        if self._known.has(encoded.capture):
            self._added.known += 1
            return replace(encoded.capture, segment="")
        capture = builder.add(encoded, outcome, http_status)
        self._known.add(capture)
        self._added.added += 1
        self._times[key] += outcome is not None
        return capture

    def _builder(self, generation: int) -> SegmentBuilder:
        """Each capture of an address goes into segments of its own number: there it is the only outcome of its address."""
        builder = self._builders.get(generation)
        if builder is None:
            builder = self._builders[generation] = SegmentBuilder(self._chain)
        builder.begin()
        return builder

    def _own_id(self, record: Record) -> str:
        """As it was, unless it is no id as ours are, or another record has it."""
        own = record.record_id or ""
        return own if is_record_id(own) and own not in self._known.record_ids else new_record_id()
