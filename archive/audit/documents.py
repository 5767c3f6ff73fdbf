"""Documents and events row by row, and documents against the records they were made from."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

from archive import strict_json
from archive.audit.evidence import Row
from archive.audit.objects import Findings
from archive.digests import sha256_hex
from archive.model import Document, StoredObject
from archive.times import parse_iso
from archive.urls import surt

_KEYS = frozenset(field.name for field in fields(Document))


def check_documents(found: Findings, stored: StoredObject) -> None:
    for number, raw in found.lines(stored, "document"):
        found.checked["documents"] += 1
        row: Any = None
        try:
            row = strict_json.loads(raw)
            _check_itself(row)
            record = found.evidence.by_id(row["warc_record_id"])
            if record is None:
                raise ValueError("its record is not in the archive")
            _check_record(row, record)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            named = row if isinstance(row, dict) else {}
            record_id, url = _text(named.get("warc_record_id")), _text(named.get("url"))
            found.damage("document", stored.key, f"line {number}: {error}", record_id=record_id, url=url)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _check_itself(row: Any) -> None:
    """Raises `ValueError`, `KeyError` or `TypeError` unless the row has the schema's keys and its two digests are right."""
    if not isinstance(row, dict) or set(row) != _KEYS:
        raise ValueError("its keys are not those of the schema")
    if row["text_sha256"] != sha256_hex(row["text"].encode("utf-8")):
        raise ValueError("its text is not the one that text_sha256 was made of")
    made_of = f"{row['url']}\n{row['captured_at']}\n{row['payload_digest'] or ''}"
    if row["id"] != hashlib.sha256(made_of.encode("utf-8")).hexdigest()[:32]:
        raise ValueError("its id is not that of its url, captured_at and payload_digest")


def _check_record(row: dict[str, Any], record: Row) -> None:
    """Raises `ValueError` unless the row says of its record what is true."""
    if record.line is None:
        raise ValueError(f"its record is a {record.type}")
    true = {"warc_file": record.file, "warc_offset": record.offset, "warc_length": record.length, "payload_digest": record.digest}
    for name, value in true.items():
        if row[name] != value:
            raise ValueError(f"{name} is {row[name]!r}, not {value!r}")
    if not record.date or parse_iso(row["captured_at"]) != parse_iso(record.date):
        raise ValueError(f"captured_at is {row['captured_at']!r}, not {record.date!r}")
    memento = row["rescue"]["memento"] if row["rescue"] else row["final_url"]
    if record.url is None or surt(record.url) not in {surt(row["final_url"]), surt(memento)}:
        raise ValueError(f"its record is of {record.url!r}")


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
