"""A WARC looked at byte by byte: members, headers, digests, references, by our own walk and by fastwarc beside it."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.audit.damage import Damage, DamageKind
from archive.digests import warc_digest
from archive.errors import DamageError
from archive.index.cdxj import line
from archive.warc.captures import capture_of, record_date
from archive.warc.http import first_blank_line
from archive.warc.members import Member, Readable, walk_members
from archive.warc.reader import Record, iterate_records, parse_record

_TYPES = frozenset({"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"})
_REPEATABLE = frozenset({"warc-concurrent-to", "warc-protocol"})
_RECORD_ID = re.compile(r"<urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}>")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufffd]")
_REFERENCES = ("WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID")


@dataclass(frozen=True, slots=True)
class Place:
    """A record that was found whole: what others may say about it."""

    record_id: str
    type: str
    offset: int
    length: int
    url: str | None
    date: str | None
    digest: str | None
    line: str | None  # the index line it must have
    references: tuple[tuple[str, str], ...]  # header, record id


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault at a place where no record could be read: its page is known to the index only."""

    offset: int
    detail: str


def scan_warc(source: Readable, key: str) -> Iterator[Place | Broken | Damage]:
    """Everything a WARC has to say, streaming: a place for each whole record, and what is wrong. Record ids are compared by the caller."""
    for member in walk_members(source):
        if member.fault:
            yield Broken(member.offset, f"at offset {member.offset}: {member.fault}")
            continue
        try:
            record = parse_record(member.unpacked, f"at offset {member.offset}", member.offset, len(member.data))
        except DamageError as error:
            yield Broken(member.offset, str(error))
            continue
        for kind, detail in _faults(record, member):
            yield Damage(kind, key, record.record_id, record.target_uri, f"at offset {record.offset}: {detail}")
        yield _place(record, key)


def verify_warc(source: Path | Readable, key: str) -> Iterator[Damage]:
    """The damages of one WARC by itself, references and duplicate ids within it included. A cut between two records cannot be seen."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from verify_warc(stream, key)
        return
    ids: Counter[str] = Counter()
    references: list[tuple[Place, str, str]] = []
    for found in scan_warc(source, key):
        if isinstance(found, Damage):
            yield found
        elif isinstance(found, Broken):
            yield Damage("gzip", key, None, None, found.detail)
        else:
            ids[found.record_id] += 1
            if ids[found.record_id] == 2:
                yield Damage(
                    "duplicate-id", key, found.record_id, found.url, f"at offset {found.offset}: the record id is not the first of its kind"
                )
            references += [(found, name, target) for name, target in found.references if name != "WARC-Refers-To"]
    for place, name, target in references:
        if target not in ids:
            yield Damage("reference", key, place.record_id, place.url, f"{name} points at {target}, which is not here")


def _place(record: Record, key: str) -> Place:
    try:
        capture = capture_of(record)
    except DamageError:
        capture = None  # `_faults` has said why
    return Place(
        record_id=record.record_id or "",
        type=record.type,
        offset=record.offset,
        length=record.length,
        url=record.target_uri,
        date=record.header("WARC-Date"),
        digest=record.header("WARC-Payload-Digest"),
        line=line(capture, key) if capture else None,
        references=tuple((n, v) for wanted in _REFERENCES for n, v in record.headers if n.lower() == wanted.lower()),
    )


def _faults(record: Record, member: Member) -> Iterator[tuple[DamageKind, str]]:
    yield from _header_faults(record)
    yield from _digest_faults(record)
    try:
        again = list(iterate_records(io.BytesIO(member.data)))
    except DamageError as error:
        yield "record", f"fastwarc cannot read it ({error})"
        return
    if len(again) != 1 or again[0].block != record.block or again[0].record_id != record.record_id:
        yield "record", "fastwarc reads something else here"


def _header_faults(record: Record) -> Iterator[tuple[DamageKind, str]]:
    names = Counter(name.lower() for name, _ in record.headers)
    for name, count in names.items():
        if count > 1 and name not in _REPEATABLE:
            yield "record", f"{name[:60]!r} occurs {count} times"
    for name, value in record.headers:
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            yield "record", f"not a header: {name[:60]!r}: {value[:60]!r}"
    if record.type not in _TYPES:
        yield "record", f"WARC-Type {record.type[:60]!r}"
    if not _RECORD_ID.fullmatch(record.record_id or ""):
        yield "record", f"WARC-Record-ID {(record.record_id or '')[:80]!r}"
    if record.type in {"response", "revisit", "request", "resource"} and not record.target_uri:
        yield "record", "no WARC-Target-URI"
    if record.type == "revisit" and not record.header("WARC-Refers-To"):
        yield "record", "a revisit that refers to nothing"
    try:
        record_date(record)
    except DamageError as error:
        yield "record", str(error)


def _digest_faults(record: Record) -> Iterator[tuple[DamageKind, str]]:
    block, payload = record.header("WARC-Block-Digest"), record.header("WARC-Payload-Digest")
    if block is None:
        yield "digest", "no WARC-Block-Digest"
    elif _differs(block, record.block):
        yield "digest", f"the block is not {block}"
    if (
        payload is not None
        and record.type == "response"
        and _differs(payload, memoryview(record.block)[first_blank_line(record.block)[1] :])
    ):
        yield "digest", f"the payload is not {payload}"


def _differs(digest: str, data: bytes | memoryview) -> bool:
    return digest != warc_digest(data)
