"""The chain of a document: event, citation, capture, record, bytes, extraction; and whether each link holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.digests import sha256_hex, warc_digest
from archive.errors import DamageError, NotFound
from archive.events import revision_of
from archive.model import OutcomeWord, Rescue, TextOutcome
from archive.times import parse_iso
from archive.urls import MAX_URI, surt, target_uri
from archive.warc.http import parse_http
from archive.warc.payload import payload_digest
from archive.warc.reader import Record
from pipelines.document import extractor_version
from pipelines.trace.found import Found, find, member, name_of
from pipelines.trace.origin import Ended, Origin, Place, Row
from pipelines.trace.published import (
    SCHEMA,
    Check,
    Derived,
    Trace,
    TracedCapture,
    TracedCitation,
    TracedDocument,
    TracedEnding,
    TracedExtraction,
    TracedParagraph,
    TracedPlace,
    TracedRevisit,
)
from pipelines.trace.rederive import derive, settings_of
from pipelines.workers import WorkerPool


def trace(origin: Origin, asked: str, pool: WorkerPool) -> Trace:
    """Trace ``DOC[#paragraph]``. Damage of the capture's bytes is in the trace; raises `NotFound`, `InputError`, `StoreError`, and
    `DamageError` where the chain cannot be followed that far.
    """
    name = name_of(asked)
    found = find(origin, name.document)
    row = found.document
    try:
        return _traced(origin, asked, name.paragraph, found, pool)
    except (KeyError, TypeError, ValueError) as error:
        raise DamageError(
            f"the document of {row.get('warc_record_id')} is not whole ({type(error).__name__}); run warcite verify"
        ) from error


def _traced(origin: Origin, asked: str, number: int | None, found: Found, pool: WorkerPool) -> Trace:
    row = found.document
    paragraph = None if number is None else _paragraph(row, number)
    place = Place(str(row["warc_file"]), int(row["warc_offset"]), int(row["warc_length"]))
    record, data, fault = _read(origin, place)
    derived, now = (Derived("damaged", explained=False, why=fault, fields={}, diff=()), None)
    checks: tuple[Check, ...] = (Check("member", ok=False, detail=fault),)
    if record is not None:
        checks = tuple(_checks(record, row))
        derived, now = derive(origin, row, found.ended, record, pool)
    vouched = origin.warc(place.file)
    settings = settings_of(row)
    return Trace(
        schema=SCHEMA,
        archive=origin.name,
        asked=asked,
        document=_document(row),
        paragraph=None if paragraph is None else _compared(paragraph, now),
        citations=tuple(_citations(origin, row, found.ended)),
        capture=None if record is None else _capture(record, found.ended),
        place=TracedPlace(
            place.file,
            vouched.size,
            vouched.sha256,
            vouched.segment or (found.ended.segment if found.ended else None),
            place.offset,
            place.length,
            sha256_hex(data) if data else None,
        ),
        revisit=_revisit(found),
        later=_ending(found.later),
        rescue=_rescue(row),
        extraction=TracedExtraction(
            str(row["extractor"]),
            str(row["extractor_version"]),
            str(row["extractor_settings"]),
            settings.profile if settings else None,
            extractor_version(),
        ),
        checks=checks,
        derived=derived,
    )


def _read(origin: Origin, place: Place) -> tuple[Record | None, bytes, str]:
    try:
        record, data = member(origin, place)
    except DamageError as error:
        return None, b"", str(error)
    return record, data, ""


def _checks(record: Record, row: Row) -> Iterator[Check]:
    """The document's claims against its record, and the record's against its bytes."""
    block = warc_digest(record.block)
    said = record.header("WARC-Block-Digest")
    yield Check("block-digest", said is None or not said.startswith("sha1:") or said == block, said or "the record has none")
    yield _same("record-id", record.record_id, row["warc_record_id"])
    date = record.header("WARC-Date") or ""
    yield Check("captured-at", _same_time(date, str(row["captured_at"])), date)
    uri = record.target_uri
    addresses = {target_uri(str(a)) for a in (row["final_url"], (row.get("rescue") or {}).get("memento")) if a}
    long = any(len(address) > MAX_URI for address in addresses)
    yield Check("address", long or uri in addresses or _same_key(uri, addresses), uri or "")
    digest = payload_digest(record.block) if record.type == "response" else None
    said = record.header("WARC-Payload-Digest")
    yield Check("payload-digest", said == row["payload_digest"] and (said is None or digest in {None, said}), said or "the record has none")
    text = sha256_hex(str(row["text"]).encode("utf-8", "replace"))
    yield Check("text-sha256", text == row["text_sha256"], text)


def _same(name: str, recorded: str | None, said: Any) -> Check:
    return Check(name, recorded == said, str(recorded) if recorded == said else f"{recorded}, and the document says {said}")


def _same_time(recorded: str, said: str) -> bool:
    try:
        return parse_iso(recorded) == parse_iso(said)
    except (ValueError, TypeError):
        return False


def _same_key(uri: str | None, addresses: set[str]) -> bool:
    """A copy from a web archive, or from its WARC, lies under the address that it was asked for."""
    return uri is not None and surt(uri) in {surt(address) for address in addresses}


def _document(row: Row) -> TracedDocument:
    return TracedDocument(
        id=row["id"],
        url=row["url"],
        final_url=row["final_url"],
        title=row["title"],
        captured_at=row["captured_at"],
        run=row["run"],
        outcome=OutcomeWord(row["outcome"]),
        text_outcome=TextOutcome(row["text_outcome"]),
        chars=int(row["chars"]),
        text_sha256=row["text_sha256"],
    )


def _paragraph(row: Row, number: int) -> TracedParagraph:
    """A paragraph is a block of the text. Raises `NotFound`."""
    blocks = row["blocks"]
    if number > len(blocks):
        raise NotFound(f"{row['url']}: its text has {len(blocks)} paragraphs, and no paragraph {number}")
    before = sum(len(block["text"]) + 1 for block in blocks[: number - 1])
    block = blocks[number - 1]
    return TracedParagraph(number, len(blocks), block["kind"], block["text"], before, None)


def _compared(paragraph: TracedParagraph, now: Row | None) -> TracedParagraph:
    """Of a text that came out otherwise, whether this paragraph is in it all the same."""
    p = paragraph
    equal = None if now is None else any((b["kind"], b["text"]) == (p.kind, p.text) for b in now["blocks"])
    return TracedParagraph(p.number, p.of, p.kind, p.text, p.at, equal)


def _capture(record: Record, ended: Ended | None) -> TracedCapture:
    message = parse_http(record.block)
    return TracedCapture(
        record_id=record.record_id or "",
        type=record.type,
        url=record.target_uri or "",
        captured_at=record.header("WARC-Date") or "",
        http_status=message.status,
        content_type=message.header("Content-Type"),
        ip=record.header("WARC-IP-Address"),
        via=ended.via if ended else None,
        detail=ended.detail if ended else "",
        truncated=record.header("WARC-Truncated"),
        payload_digest=record.header("WARC-Payload-Digest"),
        block_digest=record.header("WARC-Block-Digest"),
    )


def _revisit(found: Found) -> TracedRevisit | None:
    if found.revisit is None:
        return None
    ended, place, record = found.revisit.ended, found.revisit.place, found.revisit.record
    return TracedRevisit(
        record_id=ended.record_id or "",
        captured_at=ended.captured_at or "",
        profile=record.header("WARC-Profile"),
        refers_to=record.header("WARC-Refers-To"),
        refers_to_date=record.header("WARC-Refers-To-Date"),
        reason=ended.reason,
        file=place.file,
        offset=place.offset,
        length=place.length,
    )


def _ending(ended: Ended | None) -> TracedEnding | None:
    return None if ended is None else TracedEnding(ended.outcome, ended.reason, ended.captured_at, ended.run)


def _rescue(row: Row) -> Rescue | None:
    said = row.get("rescue")
    return None if said is None else Rescue(said["archive"], said["memento"], float(said["score"]), tuple(map(str, said["why"])))


def _citations(origin: Origin, row: Row, ended: Ended | None) -> Iterator[TracedCitation]:
    """Those that the document names, with the line of each in its digest; then those of digests that were read later."""
    key = ended.key if ended else surt(str(row["url"]))
    told = _events_citing(origin, key)
    named = {(c["event_id"], c["digest_file"], c["position"]) for c in row["citations"]}
    for said in row["citations"]:
        event = told.get((said["event_id"], said["digest_file"]))
        cited = next((c for c in event["citations"] if c["position"] == said["position"]), None) if event else None
        yield _citation(said, event, cited, since=False)
    for (event_id, digest_file), event in sorted(told.items()):
        for cited in event["citations"]:
            if surt(cited["url"]) == key and (event_id, digest_file, cited["position"]) not in named:
                yield _citation(_as_said(event, cited), event, cited, since=True)


def _events_citing(origin: Origin, key: str) -> dict[tuple[str, str], Row]:
    """As each digest told them last."""
    found: dict[tuple[str, str], list[Row]] = {}
    for event in origin.events():
        if any(surt(c["url"]) == key for c in event["citations"]):
            found.setdefault((event["id"], event["digest_file"]), []).append(event)
    return {which: max(rows, key=revision_of) for which, rows in found.items()}


def _as_said(event: Row, cited: Row) -> Row:
    return {
        "event_id": event["id"],
        "event_date": event["date"],
        "event_title": event["title"],
        "event_url": event["url"],
        "digest_file": event["digest_file"],
        "source_name": cited["label"],
        "position": cited["position"],
    }


def _citation(said: Row, event: Row | None, cited: Row | None, *, since: bool) -> TracedCitation:
    cited = cited or {}
    return TracedCitation(
        event_id=said["event_id"],
        event_date=said["event_date"],
        event_title=said["event_title"],
        event_url=said["event_url"],
        digest_file=said["digest_file"],
        digest_sha256=event["digest_sha256"] if event else None,
        line=cited.get("line"),
        position=said["position"],
        source_name=said["source_name"],
        url=cited.get("url"),
        archive_url=cited.get("archive_url"),
        since_capture=since,
    )
