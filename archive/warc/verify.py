"""A WARC looked at byte by byte: members, headers, digests, references, by our own walk and by fastwarc beside it.

The bytes are unpacked once; both readers parse what came out of each member.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from fastwarc.warc import ArchiveIterator

from archive.audit.damage import Damage, DamageKind
from archive.errors import DamageError
from archive.index.cdxj import line
from archive.warc.captures import capture_of
from archive.warc.heads import header_faults
from archive.warc.http import first_blank_line
from archive.warc.members import Readable, walk_members
from archive.warc.reader import Record, parse_record

_REFERENCES = frozenset({"WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID"})
_BATCH = 1 << 20  # unpacked bytes that fastwarc is given at a time
_SHA1 = re.compile(r"sha1:[A-Z2-7]{32}")
_TO_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")


class Place(NamedTuple):
    """A record that was found whole: what others may say about it."""

    record_id: str
    file: str  # key of the WARC
    offset: int
    length: int
    type: str
    url: str | None
    date: str | None
    digest: str | None
    status: int | None  # of the recorded answer
    line: bytes | None  # the index line it must have, with its line end
    references: tuple[tuple[str, str], ...]  # header, record id


class Broken(NamedTuple):
    """A fault at a place where no record could be read: its page is known to the index only."""

    offset: int
    detail: str


def scan_warc(source: Readable, key: str, start: int = 0) -> Iterator[Place | Broken | Damage]:
    """Everything a WARC has to say, streaming: a place for each whole record, and what is wrong, in the order of the file.

    ``start`` is where in the file the stream begins. Record ids are compared by the caller.
    """
    batch: list[tuple[Record, bytes]] = []
    size = 0
    for member in walk_members(source, start):
        place = f"at offset {member.offset}"
        try:
            if member.fault:
                raise DamageError(f"{place}: {member.fault}")
            batch.append((parse_record(member.unpacked, place, member.offset, member.length), member.unpacked))
        except DamageError as error:
            yield from _examined(batch, key)
            yield Broken(member.offset, str(error))
            batch, size = [], 0
            continue
        size += len(member.unpacked)
        if size >= _BATCH:
            yield from _examined(batch, key)
            batch, size = [], 0
    yield from _examined(batch, key)


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
                detail = f"at offset {found.offset}: the record id is not the first of its kind"
                yield Damage("duplicate-id", key, found.record_id, found.url, detail)
            references += [(found, name, target) for name, target in found.references if name != "WARC-Refers-To"]
    for place, name, target in references:
        if target not in ids:
            yield Damage("reference", key, place.record_id, place.url, f"{name} points at {target}, which is not here")


def _examined(batch: Sequence[tuple[Record, bytes]], key: str) -> Iterator[Place | Damage]:
    agreed = _fastwarc_agrees(batch)
    for record, unpacked in batch:
        first = dict(reversed(record.headers))
        faults = [*header_faults(record.headers, first), *_digest_faults(record, first)]
        if not agreed and not _fastwarc_agrees([(record, unpacked)]):
            faults.append(("record", "fastwarc cannot read it, or reads something else here"))
        for kind, detail in faults:
            yield Damage(kind, key, first.get("WARC-Record-ID"), record.target_uri, f"at offset {record.offset}: {detail}")
        yield _place(record, first, key)


def _fastwarc_agrees(batch: Sequence[tuple[Record, bytes]]) -> bool:
    """Whether the second reader finds exactly these records, with these ids and blocks."""
    found = ArchiveIterator(io.BytesIO(b"".join([unpacked for _, unpacked in batch])), parse_http=False)
    try:
        for record, _ in batch:
            theirs = next(found, None)
            if theirs is None or theirs.reader.read() != record.block or theirs.headers.get("WARC-Record-ID") != record.record_id:
                return False
        return next(found, None) is None
    except (ValueError, OSError, RuntimeError):
        return False


def _place(record: Record, first: dict[str, str], key: str) -> Place:
    try:
        capture = capture_of(record)
    except DamageError:
        capture = None  # `header_faults` has said why
    return Place(
        record_id=first.get("WARC-Record-ID", ""),
        file=key,
        offset=record.offset,
        length=record.length,
        type=record.type,
        url=first.get("WARC-Target-URI"),
        date=first.get("WARC-Date"),
        digest=first.get("WARC-Payload-Digest"),
        status=capture.status if capture else None,
        line=line(capture, key).encode("utf-8", "replace") + b"\n" if capture else None,
        references=tuple([field for field in record.headers if field[0] in _REFERENCES]),
    )


def _digest_faults(record: Record, first: dict[str, str]) -> Iterator[tuple[DamageKind, str]]:
    block, payload = first.get("WARC-Block-Digest"), first.get("WARC-Payload-Digest")
    if block is None:
        yield "digest", "no WARC-Block-Digest"
    elif not _is_digest(block, record.block):
        yield "digest", f"the block is not {block}"
    if payload is not None and record.type == "response":
        body = memoryview(record.block)[first_blank_line(record.block)[1] :]
        if not _is_digest(payload, body):
            yield "digest", f"the payload is not {payload}"


def _is_digest(written: str, data: bytes | memoryview) -> bool:
    """Base32 is read as a number, in Python's own digits: a fifth of what `base64` takes, twice a record."""
    if not _SHA1.fullmatch(written):
        return False
    return int(written[5:].translate(_TO_DIGITS), 32) == int.from_bytes(hashlib.sha1(data, usedforsecurity=False).digest(), "big")
