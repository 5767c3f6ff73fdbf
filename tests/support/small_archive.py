"""A small whole archive in a store: two segments with captures of every kind, a failure, documents, events, a revisit across segments."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from isal import igzip_lib

from archive import layout, manifests
from archive.compression import LEVEL
from archive.digests import sha256_hex
from archive.index import cdxj
from archive.model import (
    Capture,
    Citation,
    DocumentContext,
    Event,
    Manifest,
    OutcomeWord,
    Reason,
    StoredObject,
    TargetOutcome,
    TextOutcome,
)
from archive.spool.entry import event_json
from archive.store.base import Store
from archive.times import iso
from archive.urls import surt
from archive.warc.records import Encoded, encode_exchange, encode_failure, encode_revisit, warcinfo_member
from pipelines.document import document_json, empty_document
from tests.support.exchanges import PAGE, STARTED, chunked, exchange, gzipped, record_ids, response

FIRST, SECOND = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
STORY, CHUNKED, GONE, SILENT = (
    "http://news.example/story?id=7",
    "http://news.example/long",
    "http://gone.example/x",
    "http://silent.example/",
)

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it stands in the store, with what tests need to damage it on purpose."""

    manifest: Manifest
    captures: tuple[Capture, ...]

    def key(self, kind: str) -> str:
        return next(o.key for o in self.manifest.objects if o.kind == kind)

    @property
    def manifest_key(self) -> str:
        return layout.manifest(self.manifest.segment)


@dataclass(frozen=True, slots=True)
class SmallArchive:
    store: Store
    first: Segment
    second: Segment


def make_archive(store: Store) -> SmallArchive:
    new_id = record_ids()
    info = new_id()
    page = encode_in(info, new_id, STORY, response(), 0)
    long = encode_in(info, new_id, CHUNKED, response(chunked(gzipped(PAGE)), "Content-Encoding: gzip", "Transfer-Encoding: chunked"), 1)
    silent = encode_in(info, new_id, SILENT, b"", 2)
    gone = encode_failure(GONE, at=STARTED, warcinfo_id=info, segment="seg", new_id=new_id, fields=[("reason", "dns")])
    first = commit_segment(store, FIRST, info, [page, long, silent, gone], [event_row()])
    info = new_id()
    again = encode_revisit(
        exchange(STORY, response(b"", "ETag: x", status="304 Not Modified"), after=86400),
        page.capture,
        profile="server-not-modified",
        warcinfo_id=info,
        segment="seg",
        new_id=new_id,
        fields=(),
    )
    second = commit_segment(store, SECOND, info, [again], [], depends_on=(FIRST,))
    store.put_if_absent(layout.ARCHIVE, b'{"schema":"warcite.archive/1","version":1}\n')
    return SmallArchive(store, first, second)


def encode_in(warcinfo_id: str, new_id: Callable[[], str], url: str, answer: bytes, after: float) -> Encoded:
    return encode_exchange(exchange(url, answer, after=after), warcinfo_id=warcinfo_id, segment="seg", new_id=new_id, fields=())


def commit_segment(
    store: Store, name: str, warcinfo_id: str, encoded: list[Encoded], events: Rows, depends_on: tuple[str, ...] = ()
) -> Segment:
    data = warcinfo_member(name, [("software", "warcite")], warcinfo_id, STARTED)
    captures = []
    for one in encoded:
        captures.append(replace(one.capture, offset=one.capture.offset + len(data)))
        data += one.data
    objects = put_captures(store, data, captures, lambda key: [document_row(c, key) for c in captures if c.kind == "response"], events)
    previous = depends_on[-1] if depends_on else None
    manifest = commit_manifest(store, name, objects, map(outcome_row, captures), depends_on=depends_on, previous=previous)
    return Segment(manifests.decode(manifests.encode(manifest)), tuple(captures))


def put_captures(
    store: Store, warc: bytes, captures: Sequence[Capture], documents: Callable[[str], Rows], events: Rows
) -> Iterator[StoredObject]:
    """A WARC, its index, and the documents, which name its key."""
    key, indexed = layout.data("warc", sha256_hex(warc)), sum(c.kind != "metadata" for c in captures)
    yield put_object(store, "warc", warc, 1 + 3 * indexed + _without_response(captures))
    yield put_object(store, "cdxj", cdxj.build(captures, key), indexed)
    yield from (put_rows(store, kind, rows) for kind, rows in (("documents", documents(key)), ("events", events)) if rows)


def commit_manifest(
    store: Store, segment: str, objects: Iterable[StoredObject], outcomes: Iterable[TargetOutcome], **facts: Any
) -> Manifest:
    """``facts`` are what is not as in every other manifest of tests."""
    outcomes = tuple(outcomes)
    counted = Counter(o.outcome.value for o in outcomes)
    counts = {word.value: counted[word.value] for word in OutcomeWord}
    facts = {"run": "run-1", "job": "job-1", "created_at": iso(STARTED), "versions": {"warcite": "0"}} | facts
    manifest = Manifest(schema=manifests.SCHEMA, segment=segment, objects=tuple(objects), outcomes=outcomes, counts=counts, **facts)
    store.put_if_absent(layout.manifest(segment), manifests.encode(manifest))
    return manifest


def _without_response(captures: Sequence[Capture]) -> int:
    """Records of failures: request and metadata, or a lone metadata record."""
    return sum(2 if c.offset and c.url == SILENT else 1 for c in captures if c.kind == "metadata")


def put_object(store: Store, kind: str, data: bytes, rows: int) -> StoredObject:
    digest = sha256_hex(data)
    key = layout.data(kind, digest)
    store.put(key, data, digest)
    return StoredObject(kind, key, len(data), digest, rows)  # type: ignore[arg-type]


def put_rows(store: Store, kind: str, rows: Rows) -> StoredObject:
    return put_object(store, kind, json_lines(rows), len(rows))


def json_lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    packed: bytes = igzip_lib.compress(text.encode("utf-8"), LEVEL, igzip_lib.COMP_GZIP)
    return packed


def event_row() -> dict[str, object]:
    event = "2016-05-21-0123456789ab"
    citations = (Citation(event, 1, STORY, "News", 3), Citation(event, 2, SILENT, "Silent", 4))
    whole = Event(event, "2016-05-21", "Bridge", "It closed.", (), None, "a.md", "0" * 64, citations)
    row: dict[str, object] = json.loads(event_json(whole))
    return row


def outcome_row(capture: Capture) -> TargetOutcome:
    kept = capture.kind != "metadata"
    return TargetOutcome(
        url=capture.url,
        key=surt(capture.url),
        outcome=OutcomeWord.CAPTURED if capture.kind == "response" else OutcomeWord.UNCHANGED if kept else OutcomeWord.ERROR,
        reason=Reason.OK if kept else Reason.DNS,
        attempts=1,
        http_status=capture.status,
        captured_at=iso(capture.captured_at),
        text_outcome=TextOutcome.OK if kept else None,
        via="live",
        final_url=capture.url,
        record_id=capture.record_id,
        state="archived" if kept else "failed",
    )


def document_row(capture: Capture, warc_key: str) -> dict[str, object]:
    """The document of a capture, as the crawl would write it."""
    text = "The old bridge over the Aller is closed."
    context = DocumentContext(
        url=capture.url,
        final_url=capture.url,
        captured_at=iso(capture.captured_at),
        outcome=OutcomeWord.CAPTURED,
        http_status=capture.status or 0,
        warc_record_id=capture.record_id,
        payload_digest=capture.payload_digest,
        warc_offset=capture.offset,
        warc_length=capture.length,
        run="run-1",
    )
    row: dict[str, object] = json.loads(document_json(empty_document(context)))
    row |= {"text": text, "text_sha256": sha256_hex(text.encode()), "chars": len(text), "text_outcome": "ok"}
    return row | {"warc_file": warc_key}


def rewrite_manifest(store: Store, segment: Segment, **changes: object) -> None:
    """Commit other content under the same name, as only an intruder could."""
    data = manifests.encode(replace(segment.manifest, **changes))  # type: ignore[arg-type]
    store.put(segment.manifest_key, data, sha256_hex(data))
