"""Segments of captures that are taken over: written, extracted, and committed as a crawl's are. The last one is the next one's previous."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from archive.model import Capture, DocumentContext, Manifest, OutcomeWord, Reason, TargetOutcome
from archive.spool.directory import Spool
from archive.spool.ledger import Segment, final_state
from archive.spool.recover import discard
from archive.spool.segment import SegmentWriter
from archive.store import Store
from archive.times import iso, now
from archive.urls import surt
from archive.warc.records import Encoded, new_record_id, warcinfo_member
from archive.warc.writer import Fields
from pipelines.ordered import in_order
from pipelines.publish import DocumentSpool, Sealed, is_page, publish, versions
from pipelines.tasks import ExtractionTask
from pipelines.work import Work

_CAPTURES, _BYTES = 1000, 64 << 20  # of a segment


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture in its segment; without an outcome it is in the index only."""

    capture: Capture
    outcome: tuple[OutcomeWord, Reason] | None
    http_status: int | None  # of the answer, also where a revisit's record does not have it


@dataclass(slots=True)
class Chain:
    """What the segments of one import share, and the newest of the archive, which changes."""

    spool: Spool
    store: Store
    work: Work
    run: str
    job: str
    previous: str | None
    told: Fields  # of the warcinfo records: what the import was told
    committed: list[Manifest] = field(default_factory=list)


class SegmentBuilder:
    """One segment at a time, each with at most one outcome an address; `close` commits the last."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._writer: SegmentWriter | None = None
        self._kept: list[Kept] = []
        self.name = ""
        self.warcinfo_id = ""

    def begin(self) -> None:
        """A segment to write to, full ones being committed: `name` and `warcinfo_id` are its."""
        writer = self._writer
        if writer is not None and (len(self._kept) >= _CAPTURES or writer.length >= _BYTES):
            self.close()
        if self._writer is None:
            self.name, self.warcinfo_id = str(uuid.uuid4()), new_record_id()
            self._writer = SegmentWriter(self._chain.spool, self.name, 0.0)
            fields = [("software", f"warcite {versions()['warcite']}"), ("description", "captures of other archives, taken over")]
            fields += [("run", self._chain.run), ("job", self._chain.job), *self._chain.told]
            self._writer.append(warcinfo_member(self.name, fields, self.warcinfo_id, now()))

    def add(self, encoded: Encoded, outcome: tuple[OutcomeWord, Reason] | None, http_status: int | None) -> Capture:
        if self._writer is None:
            raise RuntimeError("begin comes first")
        offset = self._writer.append(encoded.data)
        capture = replace(encoded.capture, offset=offset + encoded.capture.offset)
        self._kept.append(Kept(capture, outcome, http_status))
        return capture

    def close(self) -> None:
        """Seal, extract, upload, commit. Raises `StoreError`; what was committed before stays."""
        if self._writer is None:
            return
        writer, kept, chain = self._writer, self._kept, self._chain
        self._writer, self._kept = None, []
        writer.seal()
        if not kept:
            discard(chain.spool, self.name)
            return
        segment = Segment(self.name, chain.run, chain.job, writer.length, iso(now()), chain.previous)
        documents = DocumentSpool(chain.spool.documents(self.name))
        outcomes = tuple(self._outcomes(kept, documents))
        chain.committed.append(publish(chain.spool, chain.store, Sealed(segment, outcomes, documents, 0)))
        chain.previous = self.name
        discard(chain.spool, self.name)

    def _outcomes(self, kept: list[Kept], documents: DocumentSpool) -> Iterator[TargetOutcome]:
        tasks = ((one, self._task(one)) for one in kept if one.outcome is not None)
        for one, extracted in in_order(self._chain.work.pool, tasks):
            outcome = outcome_of(one)
            if extracted is not None:
                self._chain.work.tally.count(extracted)
                documents.add(one.capture.offset, extracted.line)
                state = final_state(extracted.outcome, extracted.reason)
                outcome = replace(
                    outcome, outcome=extracted.outcome, reason=extracted.reason, text_outcome=extracted.text_outcome, state=state
                )
            yield outcome

    def _task(self, kept: Kept) -> ExtractionTask | None:
        capture, outcome = kept.capture, kept.outcome
        if outcome is None or capture.kind != "response" or capture.status is None or not is_page(capture.status):
            return None
        context = DocumentContext(
            url=capture.url,
            final_url=capture.url,
            captured_at=iso(capture.captured_at),
            outcome=outcome[0],
            http_status=capture.status,
            warc_record_id=capture.record_id,
            payload_digest=capture.payload_digest,
            warc_offset=capture.offset,
            warc_length=capture.length,
            run=self._chain.run,
            via=capture.via.kind,
        )
        return ExtractionTask(context, self._chain.spool.sealed_segment(capture.segment), outcome[1])


def outcome_of(kept: Kept) -> TargetOutcome:
    """Before its text was looked at."""
    capture = kept.capture
    word, reason = kept.outcome or (OutcomeWord.ERROR, Reason.INTERNAL)
    return TargetOutcome(
        url=capture.url,
        key=surt(capture.url),
        outcome=word,
        reason=reason,
        attempts=1,
        http_status=kept.http_status,
        captured_at=iso(capture.captured_at),
        text_outcome=None,
        via=capture.via.kind,
        final_url=capture.url,
        record_id=capture.record_id,
        state=final_state(word, reason),
        detail=f"taken over from {capture.via.file}",
    )
