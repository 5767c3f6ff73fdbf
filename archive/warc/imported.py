"""Records of a WARC that anyone wrote, for taking over what it captured: bounded memory, and what is wrong with it told."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord
from isal import isal_zlib

from archive.errors import DamageError
from archive.times import parse_iso
from archive.warc.reader import BAD_GZIP, Record, check_tail

_TAKEN = frozenset({"response", "revisit", "resource", "request"})
_ABOUT = frozenset({"warcinfo", "metadata"})  # of captures: they are none themselves
_DERIVED = frozenset({"conversion", "continuation"})
_SHORT = re.compile(r"\d{4}(?:-\d\d)?")
_CHUNK = 1 << 20
_CUT = "the record is cut"
_GZIP = b"\x1f\x8b"
_ALGORITHMS = {"sha1": 20, "sha256": 32, "md5": 16}

Told = Callable[[int, str], None]
"""Told the offset of a record and what is to be said of it."""


def iterate_captures(path: Path, max_block: int, passed_over: Told, damaged: Told) -> Iterator[Record]:
    """Every ``response``, ``revisit``, ``resource`` and ``request`` of a WARC (gzip, zstd or plain), in order.

    Those with more than ``max_block`` bytes are passed over, and so are ``conversion``, ``continuation`` and what is not in the standard
    (WARC 1.1 section 6). Behind what is damaged it goes on with the next gzip member, where there is one. Nothing else is looked for
    there: bytes of an answer may look like a record.
    """
    start: int | None = 0
    with path.open("rb") as stream:
        while start is not None:
            at = start
            try:
                stream.seek(start)
                for found in ArchiveIterator(stream, parse_http=False, strict_mode=False):
                    at = found.stream_pos
                    if (record := _taken(found, at, max_block, passed_over)) is not None:
                        yield record
                check_tail(stream, at, "its gzip data")
            except (DamageError, ValueError, OSError, RuntimeError) as error:
                start = _next_member(stream, at)
                damaged(at, f"{error}; {'what follows' if start is None else 'the rest of its gzip member'} is left out")
            else:
                start = None


def _next_member(stream: BinaryIO, at: int) -> int | None:
    """Where the gzip member behind the one at this offset begins."""
    gzip = isal_zlib.decompressobj(31)
    try:
        stream.seek(at)
        while not gzip.eof:
            if not (data := stream.read(_CHUNK)):
                return None
            while data and not gzip.eof:
                gzip.decompress(data, _CHUNK)
                data = gzip.unconsumed_tail
        end = stream.tell() - len(gzip.unused_data)
        stream.seek(end)
        return end if stream.read(len(_GZIP)) == _GZIP else None
    except (BAD_GZIP, OSError):
        return None


def _taken(found: WarcRecord, at: int, max_block: int, passed_over: Told) -> Record | None:
    kind = (found.headers.get("WARC-Type") or "").strip().lower()
    length = _length(found)
    if kind in _TAKEN and length <= max_block:
        return Record(kind, tuple((name, value) for name, value in found.headers.to_tuples()), _block(found, length), at)
    _pass(found, length)
    if kind not in _ABOUT:
        passed_over(at, _why(kind, length, max_block))
    return None


def _why(kind: str, length: int, max_block: int) -> str:
    if kind in _TAKEN:
        return f"more than {max_block >> 20} MB: {length} bytes"
    return f"a {kind} record" if kind in _DERIVED else f"a record of an unknown kind: {kind[:40]!r}"


def _length(found: WarcRecord) -> int:
    """The length that the record has to say of its block (WARC 1.1 section 5.3); fastwarc takes one that it cannot read for 0."""
    said = found.headers.get("Content-Length") or ""
    if not said.strip().isdecimal() or int(said) != found.content_length:
        raise DamageError("the record does not say how long it is")
    return found.content_length


def _block(found: WarcRecord, length: int) -> bytes:
    block = found.reader.read()
    if len(block) != length:
        raise DamageError(_CUT)
    return bytes(block)


def _pass(found: WarcRecord, length: int) -> None:
    """Over a block, a piece at a time: one that is not there would hide that the file is cut."""
    while length > 0 and (data := found.reader.read(min(length, _CHUNK))):
        length -= len(data)
    if length:
        raise DamageError(_CUT)


def foreign_date(value: str) -> datetime:
    """A ``WARC-Date``, which is in UTC and may be as short as a year (WARC 1.1 section 5.4). Raises `DamageError`."""
    said = value.strip()
    try:
        at = parse_iso(said + "-01-01"[3 * said.count("-") :] if _SHORT.fullmatch(said) else said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DamageError(f"the WARC-Date {value[:60]!r}" if said else "no WARC-Date") from error


def block_fault(record: Record) -> str:
    """In what a block is not the one that its own ``WARC-Block-Digest`` is of (WARC 1.1 section 5.8); empty when it is, or has none."""
    said = record.header("WARC-Block-Digest") or ""
    algorithm, _, value = said.partition(":")
    size = _ALGORITHMS.get(algorithm.lower().replace("-", ""))
    if size is None:
        return ""
    true = hashlib.new(algorithm.lower().replace("-", ""), record.block, usedforsecurity=False).digest()
    return "" if _as_bytes(value.strip(), size) == true else f"its block is not {said[:100]}"


def _as_bytes(value: str, size: int) -> bytes | None:
    """A digest in hex or base32, as its length says."""
    try:
        return bytes.fromhex(value) if len(value) == 2 * size else base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except (ValueError, binascii.Error):
        return None
