"""Extraction over again, from a committed WARC alone: the documents object of a segment as the crawl made it, with no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.events import EventIndex
from archive.jobs import is_inputs
from archive.model import Capture, DocumentContext, Manifest, OutcomeWord, Reason, Rescue
from archive.times import iso
from archive.warc.captures import capture_of
from archive.warc.reader import Record, iterate_records
from archive.warc.rescues import read_rescue
from pipelines.publish import DocumentSpool, is_page
from pipelines.rescued import with_rescue
from pipelines.workers import ExtractionTask, WorkerPool

_AT_ONCE = 256  # pages handed to the workers before the first is waited for

Mention = tuple[str, int, str]
"""Event id, position of the citation, digest file: a ``citation`` field of a metadata record."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A segment's WARC as extraction needs it: its captures by record id, who cited each, and which were rescues."""

    captures: dict[str, Capture]
    mentions: dict[str, tuple[Mention, ...]]
    rescues: dict[str, Rescue]


def read_captures(warc: Path) -> Replayed:
    """Raises `DamageError`."""
    captures: dict[str, Capture] = {}
    mentions: dict[str, tuple[Mention, ...]] = {}
    rescues: dict[str, Rescue] = {}
    for record in iterate_records(warc):
        if capture := capture_of(record):
            captures[capture.record_id] = capture
        elif record.type == "metadata" and (main := record.header("WARC-Concurrent-To")):
            mentions[main] = tuple(_mentions(record))
        elif found := read_rescue(record):
            rescues[found[0]] = found[1]
    return Replayed(captures, mentions, rescues)


def read_rescues(warc: Path) -> dict[str, Rescue]:
    """What made copies from web archives their targets', by the copies' record ids. Raises `DamageError`."""
    return dict(found for record in iterate_records(warc) if (found := read_rescue(record)) is not None)


def _mentions(record: Record) -> Iterator[Mention]:
    for line in record.block.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(": ")
        if name == "citation":
            event_id, position, digest_file = value.split(" ", 2)
            yield event_id, int(position), digest_file


def replay(manifest: Manifest, warc: Path, events: EventIndex, pool: WorkerPool, documents: DocumentSpool) -> None:
    """Make every document of a segment again, into ``documents``. Raises `DamageError` when the WARC cannot be read."""
    found = read_captures(warc)
    for batch in _batches(page_tasks(manifest, warc, found, events)):
        for task, future in [(task, pool.submit(task)) for task in batch]:
            rescue = found.rescues.get(task.context.warc_record_id)
            documents.add(task.context.warc_offset, with_rescue(future.result().line, rescue))


def page_tasks(manifest: Manifest, warc: Path, found: Replayed, events: EventIndex) -> Iterator[ExtractionTask]:
    """The pages of a segment as its crawl handed them to the workers; of input pages there are no documents."""
    for outcome in () if is_inputs(manifest.job) else manifest.outcomes:
        capture = found.captures.get(outcome.record_id or "")
        if capture is None or capture.kind != "response" or outcome.http_status is None:
            continue
        if is_page(outcome.http_status):
            fetched, reason = as_fetched(outcome.outcome, outcome.reason, outcome.http_status)
            cited = (events.citation(*mention) for mention in found.mentions.get(capture.record_id, ()))
            context = DocumentContext(
                url=outcome.url,
                final_url=outcome.final_url or outcome.url,
                captured_at=iso(capture.captured_at),
                outcome=fetched,
                http_status=outcome.http_status,
                warc_record_id=capture.record_id,
                payload_digest=capture.payload_digest,
                warc_offset=capture.offset,
                warc_length=capture.length,
                run=manifest.run,
                citations=tuple(c for c in cited if c is not None),
                via=outcome.via,
            )
            yield ExtractionTask(context, warc, reason)


def as_fetched(outcome: OutcomeWord, reason: Reason, http_status: int | None) -> tuple[OutcomeWord, Reason]:
    """The outcome before the text was looked at, so that the text may say it again."""
    if reason in {Reason.SOFT_404, Reason.CHALLENGE} and 200 <= (http_status or 0) < 300:
        return OutcomeWord.CAPTURED, Reason.OK
    return outcome, reason


def _batches(tasks: Iterable[ExtractionTask]) -> Iterator[list[ExtractionTask]]:
    batch: list[ExtractionTask] = []
    for task in tasks:
        batch.append(task)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    yield batch
