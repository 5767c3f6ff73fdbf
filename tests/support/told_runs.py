"""Runs written straight into a store, with every ending that a test asks for: real records, index, documents, events and manifests."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from archive import manifests
from archive.digests import sha256_hex
from archive.model import (
    Capture,
    Citation,
    Event,
    Manifest,
    OutcomeWord,
    Reason,
    TargetOutcome,
    TextOutcome,
)
from archive.spool.entry import event_json
from archive.spool.ledger import final_state
from archive.store.base import Store
from archive.times import iso
from archive.urls import surt
from archive.warc.records import Encoded, encode_exchange, encode_failure, encode_revisit, warcinfo_member
from tests.support.exchanges import STARTED, exchange, record_ids, response
from tests.support.small_archive import Rows, commit_manifest, document_row, put_captures

_STATUS = {"gone": 404, "blocked": 403, "captured": 200, "unchanged": 304, "rescued": 200}
_REASON = {
    "captured": Reason.OK,
    "rescued": Reason.OK,
    "unchanged": Reason.NOT_MODIFIED,
    "gone": Reason.NOT_FOUND,
    "blocked": Reason.FORBIDDEN,
    "error": Reason.TIMEOUT,
    "skipped": Reason.ROBOTS,
}
_LINES = {200: "200 OK", 403: "403 Forbidden", 404: "404 Not Found", 304: "304 Not Modified"}


@dataclass(frozen=True, slots=True)
class Told:
    """A source and what a run came to with it. ``after`` is in seconds from the run's beginning."""

    url: str
    outcome: str = "captured"
    text: str = "The old bridge over the Aller is closed."
    title: str | None = "Bridge closed"
    after: float = 0.0
    elapsed: float = 0.25
    detail: str = ""
    language: str | None = "en"
    version: str = "1"


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    manifest: Manifest
    captures: dict[str, Capture]  # by address


def event(date: str | None, urls: Sequence[str], title: str = "Bridge", digest: str = "a.md") -> dict[str, object]:
    """A row of an events object."""
    name = f"{date or 'undated'}-{sha256_hex(' '.join(urls).encode('utf-8', 'replace'))[:12]}"
    citations = tuple(Citation(name, n, url, "News", 3 + n) for n, url in enumerate(urls, 1))
    row: dict[str, object] = json.loads(event_json(Event(name, date, title, "It closed.", (), None, digest, "0" * 64, citations)))
    return row


def tell_run(
    store: Store, number: int, sources: Sequence[Told], events: Sequence[dict[str, object]] = (), before: Run | None = None
) -> Run:
    """Commit a run in one segment, a day after the one with the number before. Revisits refer to captures of ``before``."""
    segment, run = f"{number:08d}-1111-4111-8111-111111111111", f"run-{number}"
    start = number * 86400.0
    new_id = record_ids(1 + number * 1_000_000)
    info = new_id()
    data = warcinfo_member(segment, [("software", "warcite"), ("robots", "obey: RFC 9309"), ("run", run)], info, STARTED)
    captures: dict[str, Capture] = {}
    for source in sources:
        encoded = _encoded(source, start, segment, info, new_id, before)
        captures[source.url] = replace(encoded.capture, offset=encoded.capture.offset + len(data), segment=segment)
        data += encoded.data

    def documents(warc_key: str) -> Rows:
        return [_document(s, captures[s.url], warc_key, run) for s in sources if s.outcome in {"captured", "rescued", "blocked"}]

    objects = put_captures(store, data, list(captures.values()), documents, events)
    manifest = commit_manifest(
        *(store, segment, objects, [_outcome(s, captures[s.url]) for s in sources]),
        run=run,
        job="sources" if before is None else f"recrawl-{run}",
        created_at=iso(STARTED + timedelta(seconds=start + 3600)),
        depends_on=(before.manifest.segment,) if before and any(s.outcome == "unchanged" for s in sources) else (),
        previous=before.manifest.segment if before else None,
    )
    return Run(run, manifests.decode(manifests.encode(manifest)), captures)


def _encoded(source: Told, start: float, segment: str, info: str, new_id: Callable[[], str], before: Run | None) -> Encoded:
    at = STARTED + timedelta(seconds=start + source.after)
    if source.outcome in {"error", "skipped"}:
        return encode_failure(source.url, at=at, warcinfo_id=info, segment=segment, new_id=new_id, fields=[("outcome", source.outcome)])
    status = _STATUS[source.outcome]
    body = b"" if status == 304 else f"<title>{status}</title><p>{source.text}".encode("utf-8", "replace")
    answer = response(body, "Content-Type: text/html; charset=utf-8", status=_LINES[status])
    one = replace(exchange(source.url, answer, after=start + source.after), elapsed=source.elapsed)
    if source.outcome == "unchanged" and before is not None:
        original = before.captures[source.url]
        return encode_revisit(
            one, original, profile="server-not-modified", warcinfo_id=info, segment=segment, new_id=new_id, fields=[("target", source.url)]
        )
    return encode_exchange(one, warcinfo_id=info, segment=segment, new_id=new_id, fields=[("target", source.url)])


def _outcome(source: Told, capture: Capture) -> TargetOutcome:
    outcome, reason = OutcomeWord(source.outcome), _REASON[source.outcome]
    return TargetOutcome(
        url=source.url,
        key=surt(source.url),
        outcome=outcome,
        reason=reason,
        attempts=1,
        http_status=_STATUS.get(source.outcome),
        captured_at=iso(capture.captured_at),
        text_outcome=TextOutcome.OK
        if source.outcome in {"captured", "rescued"}
        else TextOutcome.THIN
        if source.outcome == "blocked"
        else None,
        via="archive" if source.outcome == "rescued" else "live",
        final_url=source.url,
        record_id=capture.record_id,
        state=final_state(outcome, reason),
        detail=source.detail,
    )


def _document(source: Told, capture: Capture, warc_key: str, run: str) -> dict[str, object]:
    row = document_row(replace(capture, url=source.url), warc_key) | {"outcome": source.outcome, "run": run}
    row |= {"text": source.text, "text_sha256": sha256_hex(source.text.encode("utf-8", "replace")), "chars": len(source.text)}
    row |= {"words": len(source.text.split()), "title": source.title, "language": source.language, "extractor_version": source.version}
    row |= {"text_outcome": "thin" if source.outcome == "blocked" else "ok", "warc_file": warc_key}
    row["blocks"] = [{"kind": "paragraph", "text": source.text}] if source.text else []
    if source.outcome == "rescued":
        row["rescue"] = {"archive": "keeps.example", "memento": source.url, "score": 0.9, "why": ["title"]}
    return row
