"""Documents of a WARC that anyone wrote: each page among its responses, with what its own record says as the context."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from archive.errors import DamageError
from archive.model import DocumentContext
from archive.statuses import judge_status
from archive.times import iso
from archive.warc.captures import capture_of
from archive.warc.foreign import iterate_captures
from archive.warc.http import HttpMessage, decode_body, parse_http
from archive.warc.reader import Record
from pipelines.clean.media import kind_of
from pipelines.ordered import in_order
from pipelines.publish import is_page
from pipelines.sources import MAX_BODY
from pipelines.tasks import ExtractionTask, RecordedResponse
from pipelines.work import Work

_MAX_BLOCK = MAX_BODY + (1 << 20)
_HEAD = 4096  # bytes of a body that tell its kind


class WarcFile:
    """The documents as lines of JSON, in the order of the records. Where the file ends to be readable, the work is told."""

    def __init__(self, path: Path, work: Work) -> None:
        self._path, self._work = path, work
        self._left_out: Counter[str] = Counter()

    def __iter__(self) -> Iterator[bytes]:
        file = b'"warc_file": ' + json.dumps(str(self._path)).encode()
        for _, extracted in in_order(self._work.pool, self._tasks()):
            self._work.tally.count(extracted)
            if extracted:
                yield extracted.line.replace(b'"warc_file": ""', file, 1)
        if self._left_out:
            counts = ", ".join(f"{count} {why}" for why, count in sorted(self._left_out.items()))
            self._work.tell(f"{self._path}: records that are no pages: {counts}")

    def _tasks(self) -> Iterator[tuple[None, ExtractionTask | None]]:
        for record in iterate_captures(self._path, {"response"}, _MAX_BLOCK, self._passed_over, self._damaged):
            yield from self._task_of(record)

    def _task_of(self, record: Record) -> Iterator[tuple[None, ExtractionTask | None]]:
        try:
            if task := self._task(record):
                yield None, task
        except DamageError as error:
            self._work.tell(f"{self._path}: {error}")
            yield None, None

    def _passed_over(self, offset: int, why: str) -> None:
        self._left_out[why.partition(":")[0]] += 1
        self._work.tell(f"{self._path} at offset {offset}: {why}")

    def _damaged(self, offset: int, why: str) -> None:
        self._work.damaged(f"{self._path} at offset {offset}: {why}")

    def _task(self, record: Record) -> ExtractionTask | None:
        message = parse_http(record.block)
        why = _why_no_page(message)
        capture = None if why else capture_of(record)
        if capture is None or message.status is None:
            self._left_out[why] += 1
            return None
        outcome, reason = judge_status(message.status, None)
        context = DocumentContext(
            url=capture.url,
            final_url=capture.url,
            captured_at=iso(capture.captured_at),
            outcome=outcome,
            http_status=message.status,
            warc_record_id=capture.record_id,
            payload_digest=capture.payload_digest,
            warc_offset=record.offset,
            warc_length=record.length,
            run="",
        )
        return self._work.prepared(ExtractionTask(context, RecordedResponse(record.block), reason))


def _why_no_page(message: HttpMessage) -> str:
    """Empty for a page, by the extraction's own rule: what it would call no HTML need not be sent there."""
    if not is_page(message.status):
        return "not a page's status"
    return "" if kind_of(decode_body(message, _HEAD).body, message.header("Content-Type")) == "html" else "not HTML"
