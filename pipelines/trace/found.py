"""Which document is meant: by its id, by its record, by an address, and which revisit led to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from archive.errors import DamageError, InputError, NotFound
from archive.model import OutcomeWord
from archive.urls import surt
from archive.warc.reader import Record, parse_member
from pipelines.trace.origin import Ended, Origin, Place, Row

_ID = re.compile(r"[0-9a-f]{32}")
_RECORD = re.compile(r"<?(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>?", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(.+)#(\d{1,7})", re.DOTALL)
_MAX_MEMBER = 1 << 30
_KEPT = frozenset({OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, OutcomeWord.RESCUED})


class Name(NamedTuple):
    """``DOC[#paragraph]`` taken apart; paragraphs count from 1."""

    document: str
    paragraph: int | None


@dataclass(frozen=True, slots=True)
class Revisit:
    """The revisit record that a page was asked for by, and where it is; its text is the original's."""

    ended: Ended
    place: Place
    record: Record


@dataclass(frozen=True, slots=True)
class Found:
    """``ended`` is None where only the document is at hand, as for originals that a bundle has for its revisits' sake."""

    document: Row
    ended: Ended | None
    revisit: Revisit | None
    later: Ended | None  # what the target came to since then


def name_of(text: str) -> Name:
    """Raises `InputError`."""
    split = _PARAGRAPH.fullmatch(text)
    name = Name(split[1], int(split[2])) if split else Name(text, None)
    if not name.document.strip() or name.paragraph == 0:
        raise InputError(f"{text[:120]!r} names no document: give its id, its record's id or its address, and #N for a paragraph from 1 on")
    return name


def find(origin: Origin, name: str) -> Found:
    """Raises `NotFound`: no such thing, nothing kept of it, or taken down."""
    if _ID.fullmatch(name):
        return _checked(origin, _by_id(origin, name))
    if record := _RECORD.fullmatch(name):
        return _checked(origin, _by_record(origin, f"<urn:uuid:{record[1].lower()}>"))
    return _checked(origin, _by_address(origin, name))


def member(origin: Origin, place: Place) -> tuple[Record, bytes]:
    """The record at a place, and its gzip member as it is stored: these bytes are read and no others. Raises `DamageError`."""
    if not 0 < place.length <= _MAX_MEMBER or place.offset < 0:
        raise DamageError(f"{place.file[:200]}: no record has {place.length} bytes at {place.offset}")
    with origin.open_range(place.file, place.offset, place.length) as stream:
        data = stream.read(place.length)
    return parse_member(data, place.length, place.file, place.offset), data


def _by_id(origin: Origin, document_id: str) -> Found:
    row = origin.document_named(document_id)
    if row is None:
        raise NotFound(f"no document {document_id} in {origin.name}")
    return Found(row, _ended(origin, str(row.get("warc_record_id"))), None, None)


def _by_record(origin: Origin, record_id: str) -> Found:
    _refuse_hidden(origin, record_id)
    row = origin.document(record_id)
    endings = origin.ended(record_id=record_id)
    if row is not None:
        return Found(row, endings[-1] if endings else None, None, None)
    if not endings:
        raise NotFound(f"no document of a record {record_id} in {origin.name}")
    return _of_ending(origin, endings[-1], None)


def _by_address(origin: Origin, url: str) -> Found:
    """The newest page that was kept, or else the newest text of any: what the address came to later is told beside it."""
    endings = origin.ended(key=surt(url))
    shown = [e for e in endings if e.record_id not in origin.hidden]
    if endings and not shown:
        _refuse_hidden(origin, str(endings[-1].record_id))
    problem: NotFound | None = None
    newest_first = shown[::-1]
    for ended in sorted(newest_first, key=lambda e: e.outcome not in _KEPT):
        try:
            return _of_ending(origin, ended, shown[-1] if shown[-1] is not ended else None)
        except NotFound as error:
            problem = problem or error
    raise problem or NotFound(f"nothing named {url} in {origin.name}")


def _of_ending(origin: Origin, ended: Ended, later: Ended | None) -> Found:
    if ended.record_id is None or ended.captured_at is None:
        raise NotFound(f"{ended.url}: no page of it was kept: {ended.outcome} ({ended.reason})")
    if ended.outcome is OutcomeWord.UNCHANGED:
        revisit = _revisit(origin, ended)
        original = revisit.record.header("WARC-Refers-To") or ""
        _refuse_hidden(origin, original)
        row = origin.document(original)
        if row is None:
            raise NotFound(f"{ended.url}: {ended.record_id} refers to {original or 'nothing'}, of which there is no document")
        return Found(row, _ended(origin, original), revisit, later)
    row = origin.document(ended.record_id)
    if row is None:
        raise NotFound(f"{ended.url}: no text was made of {ended.record_id}: {ended.outcome} ({ended.reason})")
    return Found(row, ended, None, later)


def _revisit(origin: Origin, ended: Ended) -> Revisit:
    """The index names addresses and places; the record itself says which one it is."""
    for place in origin.captures(ended.final_url):
        try:
            record, _ = member(origin, place)
        except DamageError:
            continue  # it may be another's
        if record.record_id == ended.record_id:
            return Revisit(ended, place, record)
    raise DamageError(f"{ended.record_id} of {ended.final_url} is not where the index says; run warcite verify")


def _ended(origin: Origin, record_id: str) -> Ended | None:
    endings = origin.ended(record_id=record_id)
    return endings[-1] if endings else None


def _checked(origin: Origin, found: Found) -> Found:
    record_id = found.document.get("warc_record_id")
    if not isinstance(record_id, str):
        raise DamageError(f"a document in {origin.name} does not name its record; run warcite verify")
    _refuse_hidden(origin, record_id)
    return found


def _refuse_hidden(origin: Origin, record_id: str) -> None:
    tombstone = origin.hidden.get(record_id)
    if tombstone is not None:
        raise NotFound(f"{record_id}: taken down {tombstone.created_at}: {tombstone.reason}")
