"""M3: documents that break parsers, through the workers of the crawl: whatever becomes of a child, each has its document in time."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from archive import strict_json
from archive.model import DocumentContext, OutcomeWord
from archive.schema import document_schema
from pipelines.workers import Extracted, ExtractionTask, WorkerPool
from tests.support import hostile_samples
from tests.support.exchanges import encode, exchange, record_ids
from tests.torture.corpus import Sample, answer, documents, some
from tests.torture.result import Result, Size

ROW, NAME = "M3", "odd documents"
DEADLINE: dict[Size, float] = {"ci": 10.0, "release": 20.0}  # seconds a document
_ONE_LINE = ("title", "byline", "site_name", "description", "host", "canonical_url", "language", "charset")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_VALID = Draft202012Validator(document_schema())


def run(size: Size, work: Path) -> Result:
    result, started = Result(ROW, NAME), time.monotonic()
    samples = some(documents(), 500 if size == "ci" else None)
    heavy = [Sample(f"heavy/{name}", body, kind) for name, kind, body in hostile_samples.heavy_documents(5)]
    samples += heavy[:2] if size == "ci" else heavy
    tasks = _segment(samples, work / "segment.warc.gz")
    before = _peak()
    with WorkerPool(2, deadline=DEADLINE[size]) as pool:
        futures = [pool.submit(task) for task in tasks]
        for sample, future in zip(samples, futures, strict=True):
            may_be_late = size == "ci" or sample.name.startswith("heavy/")  # a change is tested on machines that are busy
            result.failures += [f"{sample.name}: {wrong}" for wrong in _wrong(future, may_be_late, result)]
    result.counts["cases"] = len(samples)
    result.counts["parent MB more"] = (_peak() - before) >> 20
    if result.counts["parent MB more"] > 200:
        result.failures.append(f"the parent grew by {result.counts['parent MB more']} MB")
    result.seconds = round(time.monotonic() - started, 1)
    return result


def _segment(samples: list[Sample], path: Path) -> list[ExtractionTask]:
    ids, tasks = record_ids(), []
    with path.open("wb") as file:
        for number, sample in enumerate(samples):
            url = f"http://odd.example/{number}"
            data = sample.data if sample.name.startswith("http_raw") else answer(sample.data, sample.content_type)
            encoded, offset = encode(exchange(url, data), ids), file.tell()
            file.write(encoded.data)
            capture = encoded.capture
            known = (capture.record_id, capture.payload_digest, offset, capture.length)
            context = DocumentContext(url, url, "2016-05-24T12:00:00Z", OutcomeWord.CAPTURED, 200, *known, "run")
            tasks.append(ExtractionTask(context, path))
    return tasks


def _wrong(future: Future[Extracted], may_be_late: bool, result: Result) -> Iterator[str]:
    extracted = future.result(600)
    for flag in extracted.flags:
        result.counts[flag.partition(":")[0]] += 1
    if "extraction-failed" in extracted.flags and not (may_be_late and {"deadline", "memory", "crashed"} & set(extracted.flags)):
        yield f"{extracted.flags}"
    yield from faults(extracted.line)


def faults(line: bytes) -> Iterator[str]:
    """What is wrong with a document as it would be published."""
    try:
        document: dict[str, Any] = strict_json.loads(line)
    except ValueError as error:
        yield f"not strict JSON: {error}"
        return
    yield from (f"schema: {error.message[:200]}" for error in _VALID.iter_errors(document))
    for field in _ONE_LINE:
        if _UNSAFE.search(document[field] or ""):
            yield f"{field}: {document[field][:80]!r}"
    for field in ("authors", "tags", "categories"):
        yield from (f"{field}: {value[:80]!r}" for value in document[field] if _UNSAFE.search(value))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
