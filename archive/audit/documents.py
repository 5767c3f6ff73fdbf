"""Documents and events row by row, and documents against the records they were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

from archive import strict_json
from archive.audit.commits import CAPTURES, is_record_of
from archive.audit.objects import Findings
from archive.digests import sha256_hex
from archive.model import Citation, Document, Event, Related, StoredObject, TargetOutcome
from archive.warc.verify import Place

_KEYS = frozenset(field.name for field in fields(Document))
_EVENT = frozenset(field.name for field in fields(Event)) | {"schema"}
_REVISED = _EVENT | {"revision", "replaced_by"}  # rows of older versions lack these keys
_CITATION = frozenset(field.name for field in fields(Citation))
_RELATED = frozenset(field.name for field in fields(Related))
_FAULTS = (ValueError, TypeError, KeyError, AttributeError)


class DocumentClaim(NamedTuple):
    """What a document says of its record."""

    object: str
    number: int  # of its line
    record_id: str
    url: str
    addresses: tuple[str, ...]  # one of them is the record's: where the page ended, or the archived copy of it
    captured_at: str
    place: dict[str, Any]  # warc_file, warc_offset, warc_length, payload_digest


def read_documents(found: Findings, stored: StoredObject, outcomes: dict[str, TargetOutcome] | None) -> Iterator[DocumentClaim | str]:
    """Of every row that is right in itself and agrees with its outcome, what it says of its record. ``outcomes`` are by record id.

    Of the others, where it can be read, the record id alone. ``outcomes`` is None for documents that replace those of another manifest.
    """
    for number, raw in found.lines(stored, "document", "documents"):
        row: Any = None
        try:
            row = strict_json.loads(raw)
            _check_itself(row)
            if outcomes is not None:
                _check_outcome(row, outcomes.get(row["warc_record_id"]))
            claim = _claim(row, stored.key, number)
        except _FAULTS as error:
            named = row if isinstance(row, dict) else {}
            record_id, url = _text(named.get("warc_record_id")), _text(named.get("url"))
            found.damage("document", stored.key, f"line {number}: {_said(error)}", record_id=record_id, url=url)
            if record_id is not None:
                yield record_id
        else:
            yield claim


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}" if isinstance(error, KeyError) else str(error)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _check_itself(row: Any) -> None:
    """Raises one of `_FAULTS` unless the row has the schema's keys and its digests are right."""
    if not isinstance(row, dict) or row.keys() != _KEYS:
        raise ValueError("its keys are not those of the schema")
    if row["schema"] != "warcite.document/1":
        raise ValueError(f"its schema is {row['schema']!r}")
    if row["text_sha256"] != sha256_hex(row["text"].encode("utf-8")):
        raise ValueError("its text is not the one that text_sha256 was made of")
    if row["chars"] != len(row["text"]):
        raise ValueError(f"chars is {row['chars']!r}, not {len(row['text'])}")
    made_of = f"{row['url']}\n{row['captured_at']}\n{row['payload_digest'] or ''}"
    if row["id"] != hashlib.sha256(made_of.encode("utf-8")).hexdigest()[:32]:
        raise ValueError("its id is not that of its url, captured_at and payload_digest")


def _check_outcome(row: dict[str, Any], outcome: TargetOutcome | None) -> None:
    """Raises `ValueError` unless the manifest says the same of the page."""
    if outcome is None:
        raise ValueError("no outcome of its manifest names its record")
    true = {"url": outcome.url, "outcome": outcome.outcome, "http_status": outcome.http_status, "text_outcome": outcome.text_outcome}
    for name, value in true.items():
        if row[name] != value:
            raise ValueError(f"{name} is {row[name]!r}, its manifest says {value!r}")


def _claim(row: dict[str, Any], key: str, number: int) -> DocumentClaim:
    addresses = (row["final_url"], *([row["rescue"]["memento"]] if row["rescue"] else []))
    if not all(isinstance(text, str) for text in (row["warc_record_id"], row["url"], row["captured_at"], *addresses)):
        raise ValueError("an id, an address or a time that is no text")
    return DocumentClaim(
        object=key,
        number=number,
        record_id=row["warc_record_id"],
        url=row["url"],
        addresses=addresses,
        captured_at=row["captured_at"],
        place={name: row[name] for name in ("warc_file", "warc_offset", "warc_length", "payload_digest")},
    )


def document_fault(claim: DocumentClaim, place: Place) -> str | None:
    """In what a document differs from the record it names, first of all."""
    if place.type not in CAPTURES:
        return f"its record is a {place.type}"
    true = {"warc_file": place.file, "warc_offset": place.offset, "warc_length": place.length, "payload_digest": place.digest}
    for name, value in true.items():
        if claim.place[name] != value:
            return f"{name} is {claim.place[name]!r}, not {value!r}"
    if claim.captured_at != place.date:
        return f"captured_at is {claim.captured_at!r}, not {place.date!r}"
    if place.url is None or not is_record_of(place.url, set(claim.addresses)):
        return f"its record is of {place.url!r}"
    return None


def check_events(found: Findings, stored: StoredObject) -> None:
    for number, raw in found.lines(stored, "event", "events"):
        try:
            _check_event(strict_json.loads(raw))
        except _FAULTS as error:
            found.damage("event", stored.key, f"line {number}: {_said(error)}")


def _check_event(row: Any) -> None:
    """Raises one of `_FAULTS` unless the row is an event with its citations in order."""
    if not isinstance(row, dict) or row.get("schema") != "warcite.event/1" or row.keys() not in (_EVENT, _REVISED):
        raise ValueError("not a warcite.event/1")
    if any(related.keys() != _RELATED for related in row["related"]):
        raise ValueError("a related event without the keys of one")
    for position, citation in enumerate(row["citations"], 1):
        if citation.keys() != _CITATION or citation["event_id"] != row["id"] or citation["position"] != position:
            raise ValueError(f"citation {position} is not one of this event")
