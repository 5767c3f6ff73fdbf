"""A small whole archive in a store: two segments with captures of every kind, a failure, documents, events, a revisit across segments."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

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
    store: Store, name: str, warcinfo_id: str, encoded: list[Encoded], events: list[dict[str, object]], depends_on: tuple[str, ...] = ()
) -> Segment:
    data = warcinfo_member(name, [("software", "warcite")], warcinfo_id, STARTED)
    captures = []
    for one in encoded:
        captures.append(replace(one.capture, offset=one.capture.offset + len(data)))
        data += one.data
    warc_key = layout.data("warc", sha256_hex(data))
    kept = [c for c in captures if c.kind == "response"]
    objects = [put_object(store, "warc", data, 1 + 3 * sum(c.kind != "metadata" for c in captures) + _without_response(captures))]
    objects.append(put_object(store, "cdxj", cdxj.build(captures, warc_key), sum(c.kind != "metadata" for c in captures)))
    if kept:
        objects.append(put_object(store, "documents", json_lines(document_row(c, warc_key) for c in kept), len(kept)))
    if events:
        objects.append(put_object(store, "events", json_lines(events), len(events)))
    outcomes = tuple(outcome_row(c) for c in captures)
    counted = Counter(o.outcome.value for o in outcomes)
    manifest = Manifest(
        schema=manifests.SCHEMA,
        segment=name,
        run="run-1",
        job="job-1",
        created_at=iso(STARTED),
        objects=tuple(objects),
        outcomes=outcomes,
        counts={word.value: counted[word.value] for word in OutcomeWord},
        versions={"warcite": "0"},
        depends_on=depends_on,
        previous=depends_on[-1] if depends_on else None,
    )
    data = manifests.encode(manifest)
    store.put_if_absent(layout.manifest(name), data)
    return Segment(manifests.decode(data), tuple(captures))


def _without_response(captures: list[Capture]) -> int:
    """Records of failures: request and metadata, or a lone metadata record."""
    return sum(2 if c.offset and c.url == SILENT else 1 for c in captures if c.kind == "metadata")


def put_object(store: Store, kind: str, data: bytes, rows: int) -> StoredObject:
    digest = sha256_hex(data)
    key = layout.data(kind, digest)
    store.put(key, data, digest)
    return StoredObject(kind, key, len(data), digest, rows)  # type: ignore[arg-type]


def json_lines(rows: Iterable[dict[str, object]]) -> bytes:
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
