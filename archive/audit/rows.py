"""Rows that speak about records: index lines, documents, outcomes, each compared with what the WARCs hold."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import fields
from typing import Any

from archive import strict_json
from archive.audit.objects import Findings
from archive.digests import sha256_hex
from archive.errors import DamageError
from archive.index.cdxj import parse_line
from archive.model import Document, Manifest, OutcomeWord, StoredObject
from archive.times import parse_iso
from archive.urls import target_uri

_DOCUMENT_KEYS = frozenset(field.name for field in fields(Document))


def gather_index(found: Findings, manifest: Manifest, stored: StoredObject) -> None:
    """Take in an index object: its lines are compared once the WARCs are known."""
    warcs = {o.key.rpartition("/")[2]: o.key for o in manifest.objects if o.kind == "warc"}
    previous = b""
    for number, raw in found.lines(stored, "index"):
        found.checked["index lines"] += 1
        if raw <= previous:
            found.damage("index", stored.key, f"line {number} is {'a repetition' if raw == previous else 'not in order'}")
        previous = raw
        try:
            entry = parse_line(raw)
        except DamageError as error:
            found.damage("index", stored.key, f"line {number}: {error}")
            continue
        if entry.filename not in warcs:
            found.damage("index", stored.key, f"line {number} names {entry.filename[:90]!r}, which is not in its manifest", url=entry.url)
            continue
        found.evidence.add_line(stored.key, number, warcs[entry.filename], entry.offset, raw)


def check_index(found: Findings) -> None:
    """Every line is exactly the line of a record, and every capture has one."""
    for object_key, number, file, offset, raw in found.evidence.lines():
        entry, row = parse_line(raw), found.evidence.at(file, offset)
        if row is None or row.line is None:
            what = "no record" if row is None else f"a {row.type} record"
            found.damage("index", object_key, f"line {number}: {what} at offset {offset} of {file}", url=entry.url)
            continue
        found.evidence.mark_indexed(file, offset)
        if raw != row.line:
            found.damage(
                "index",
                object_key,
                f"line {number} is not that of its record: {_difference(raw, row.line)}",
                record_id=row.id,
                url=entry.url,
            )
    for row in found.evidence.not_indexed():
        found.damage("index", row.file, f"the capture at offset {row.offset} is in no index", record_id=row.id, url=row.url)


def _difference(raw: bytes, expected: bytes) -> str:
    is_line, should = parse_line(raw), parse_line(expected)
    names = [field.name for field in fields(is_line) if getattr(is_line, field.name) != getattr(should, field.name)]
    return ", ".join(f"{n} is {getattr(is_line, n)!r}, not {getattr(should, n)!r}" for n in names)[:300] or "written differently"


def check_documents(found: Findings, stored: StoredObject) -> None:
    for number, raw in found.lines(stored, "document"):
        found.checked["documents"] += 1
        try:
            row = strict_json.loads(raw)
            detail = _document_fault(found, row)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            found.damage("document", stored.key, f"line {number}: {error}")
            continue
        if detail:
            found.damage("document", stored.key, f"line {number}: {detail}", record_id=str(row["warc_record_id"]), url=str(row["url"]))


def _document_fault(found: Findings, row: dict[str, Any]) -> str | None:
    """What is wrong with a document; None when nothing is. Raises `ValueError`, `KeyError`, `TypeError` on other JSON."""
    if set(row) != _DOCUMENT_KEYS:
        return f"its keys differ from the schema's: {sorted(set(row) ^ _DOCUMENT_KEYS)[:5]}"
    if row["text_sha256"] != sha256_hex(row["text"].encode("utf-8")):
        return "its text is not the one its text_sha256 was made of"
    identity = hashlib.sha256(f"{row['url']}\n{row['captured_at']}\n{row['payload_digest'] or ''}".encode()).hexdigest()
    if row["payload_digest"] and row["id"] != identity[:32]:
        return "its id is not that of its url, captured_at and payload_digest"
    record = found.evidence.by_id(row["warc_record_id"])
    if record is None:
        return "its record is not in the archive"
    claims = {"warc_file": record.file, "warc_offset": record.offset, "warc_length": record.length, "payload_digest": record.digest}
    for name, value in claims.items():
        if row[name] != value:
            return f"{name} is {row[name]!r}, not {value!r}"
    if record.line is None:
        return f"its record is a {record.type}"
    if not record.date or parse_iso(row["captured_at"]) != parse_iso(record.date):
        return f"captured_at is {row['captured_at']!r}, not {record.date!r}"
    memento = row["rescue"]["memento"] if row["rescue"] else ""
    if record.url not in {target_uri(address) for address in (row["final_url"], row["url"], memento)}:
        return f"its record is of {record.url!r}"
    return None


def check_events(found: Findings, stored: StoredObject) -> None:
    for number, raw in found.lines(stored, "event"):
        found.checked["events"] += 1
        try:
            row = strict_json.loads(raw)
        except ValueError as error:
            found.damage("event", stored.key, f"line {number}: {error}")
            continue
        if not isinstance(row, dict) or row.get("schema") != "warcite.event/1" or not isinstance(row.get("citations"), list):
            found.damage("event", stored.key, f"line {number} is not a warcite.event/1")


def check_outcomes(found: Findings, key: str, manifest: Manifest) -> None:
    """Counts fit, every target ends once, and the record an outcome names is there and of that page."""
    counted = Counter(outcome.outcome.value for outcome in manifest.outcomes)
    if manifest.counts != {word.value: counted[word.value] for word in OutcomeWord}:
        found.damage("manifest", key, f"its counts are not those of its {len(manifest.outcomes)} outcomes")
    seen: set[str] = set()
    for outcome in manifest.outcomes:
        found.checked["outcomes"] += 1
        if outcome.key in seen:
            found.damage("outcome", key, "the target has two outcomes", record_id=outcome.record_id, url=outcome.url)
        seen.add(outcome.key)
        if outcome.record_id is not None and found.evidence.by_id(outcome.record_id) is None:
            found.damage("outcome", key, "the record it names is not in the archive", record_id=outcome.record_id, url=outcome.url)
