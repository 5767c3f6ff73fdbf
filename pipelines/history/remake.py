"""Documents made by other versions of warcite, made again from the bytes of their captures: else an upgrade would look like an edit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archive.errors import DamageError, KeyMissing
from archive.model import DocumentCitation, DocumentContext, OutcomeWord
from archive.store import Store
from archive.warc.reader import parse_member
from pipelines.document import EXTRACTOR, extractor_version
from pipelines.ordered import in_order
from pipelines.tasks import Extracted, ExtractionTask, RecordedResponse
from pipelines.workers import WorkerPool

Row = dict[str, Any]

_SETTINGS = "mode=full"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents of an address. ``remade`` says which of them were made again: "before", "after"."""

    before: Row
    after: Row
    remade: tuple[str, ...] = ()
    problem: str = ""  # why they cannot be compared


@dataclass(frozen=True, slots=True)
class Stored:
    """Two documents as they are stored, and how their captures came (``TargetOutcome.via``)."""

    before: Row
    after: Row
    via_before: str = "live"
    via_after: str = "live"


def comparable(store: Store, pairs: Iterable[Stored], pool: WorkerPool) -> Iterator[Pair]:
    """Each pair with documents of one version, in the same order; the pool works only where versions differ."""
    halves = (half for pair in pairs for half in _halves(store, pair))
    made = in_order(pool, halves)
    for (before, one), (after, other) in zip(made, made, strict=True):
        fault = before.fault or after.fault or _failed(one) or _failed(other)
        remade = tuple(name for name, extracted in (("before", one), ("after", other)) if extracted)
        yield Pair(_row(before.row, one), _row(after.row, other), remade, fault)


@dataclass(frozen=True, slots=True)
class _Half:
    row: Row
    fault: str = ""


def _halves(store: Store, pair: Stored) -> Iterator[tuple[_Half, ExtractionTask | None]]:
    alike = _made_by(pair.before) == _made_by(pair.after)
    for row, via in ((pair.before, pair.via_before), (pair.after, pair.via_after)):
        if alike or _made_by(row) == (EXTRACTOR, extractor_version(), _SETTINGS):
            yield _Half(row), None
            continue
        try:
            yield _Half(row), _task(store, row, via)
        except (DamageError, KeyMissing, KeyError, TypeError, ValueError) as error:
            yield _Half(row, f"{row.get('warc_record_id')} cannot be extracted again: {error}"), None


def _made_by(row: Row) -> tuple[Any, Any, Any]:
    return row.get("extractor"), row.get("extractor_version"), row.get("extractor_settings")


def _task(store: Store, row: Row, via: str) -> ExtractionTask:
    """Raises what a row that somebody edited makes it raise."""
    key, offset, length = row["warc_file"], int(row["warc_offset"]), int(row["warc_length"])
    with store.open_range(key, offset, length) as member:
        record = parse_member(member.read(), length, key, offset)
    if record.record_id != row["warc_record_id"]:
        raise DamageError(f"{key} at offset {offset}: another record")
    context = DocumentContext(
        url=row["url"],
        final_url=row["final_url"],
        captured_at=row["captured_at"],
        outcome=OutcomeWord(row["outcome"]),
        http_status=row["http_status"],
        warc_record_id=row["warc_record_id"],
        payload_digest=row["payload_digest"],
        warc_offset=offset,
        warc_length=length,
        run=row["run"],
        citations=tuple(DocumentCitation(**c) for c in row["citations"]),
        via=via,
    )
    return ExtractionTask(context, RecordedResponse(record.block))


def _row(stored: Row, made: Extracted | None) -> Row:
    if made is None:
        return stored
    row: Row = json.loads(made.line)
    return row | {"warc_file": stored["warc_file"], "rescue": stored.get("rescue")}


def _failed(made: Extracted | None) -> str:
    if made is None:
        return ""
    return made.unread or ("it could not be extracted again" if "extraction-failed" in made.flags else "")
