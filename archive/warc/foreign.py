"""Captures of a WARC that anyone wrote: bounded memory, what is left out is told, and what is damaged takes as little with it as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord
from isal import isal_zlib

from archive.errors import DamageError
from archive.warc.reader import BAD_GZIP, Record, check_tail

_ZSTD = (b"\x28\xb5\x2f\xfd", *(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60)))
"""A frame, or a skippable one: .warc.zst begins with its dictionary (RFC 8878 section 3.1.2)."""
_GZIP = b"\x1f\x8b"
_KNOWN = frozenset({"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"})
_WITHOUT_BYTES = frozenset({"conversion", "continuation"})  # as they came: nobody plays them back
_CHUNK = 1 << 20
_CUT = "the record is cut"

Told = Callable[[int, str], None]
"""Told the offset of a record and what is to be said of it."""


def is_warc(head: bytes) -> bool:
    """Whether a file that begins so, its gzip coding removed, is a WARC: by its first bytes, whatever its name."""
    return head.startswith((b"WARC/", *_ZSTD))


def iterate_captures(path: Path, kinds: AbstractSet[str], max_block: int, passed_over: Told, damaged: Told) -> Iterator[Record]:
    """Records of these kinds out of a WARC (gzip, zstd or plain), in order.

    Passed over are those with more than ``max_block`` bytes, and ``conversion``, ``continuation`` and kinds that are not in the standard
    (WARC 1.1 section 6). Behind what is damaged it goes on with the next gzip member, where there is one. Nothing else is looked for
    there: bytes of an answer may look like a record.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        damaged(0, f"it cannot be read: {error.strerror}")
        return
    start: int | None = 0
    doubt = _Doubt(damaged)
    with stream:
        while start is not None:
            at, end, waiting, is_whole = start, None, None, False
            try:
                stream.seek(start)
                for found in ArchiveIterator(stream, parse_http=False, strict_mode=False):
                    doubt.settle()
                    at, is_whole = found.stream_pos, False
                    if waiting is not None:
                        yield _up_to(waiting, at)
                    waiting = None
                    waiting, is_whole = _taken(found, kinds, max_block, passed_over), True
                check_tail(stream, at, "its gzip data")
                start = None
                doubt.settle()
            except (DamageError, ValueError, OSError, RuntimeError) as error:
                end = _member_end(stream, at)
                start = end if end is not None and _is_gzip(stream, end) else None
                doubt.found = at, f"{error}; {'what follows' if start is None else 'the rest of its gzip member'} is left out"
                if not is_whole or start is None:
                    doubt.settle()
            if waiting is not None:
                yield _up_to(waiting, stream.seek(0, 2) if end is None else end)


class _Doubt:
    """Behind a whole record something is wrong: in its own gzip member, unless the next one turns out to be damaged."""

    def __init__(self, damaged: Told) -> None:
        self._damaged = damaged
        self.found: tuple[int, str] | None = None

    def settle(self) -> None:
        if self.found is not None:
            self._damaged(*self.found)
        self.found = None


def _up_to(record: Record, end: int) -> Record:
    return replace(record, length=end - record.offset)


def _member_end(stream: BinaryIO, at: int) -> int | None:
    """Where the gzip member at this offset ends."""
    gzip = isal_zlib.decompressobj(31)
    try:
        stream.seek(at)
        while not gzip.eof:
            if not (data := stream.read(_CHUNK)):
                return None
            while data and not gzip.eof:
                gzip.decompress(data, _CHUNK)
                data = gzip.unconsumed_tail
        return stream.tell() - len(gzip.unused_data)
    except (BAD_GZIP, OSError):
        return None


def _is_gzip(stream: BinaryIO, at: int) -> bool:
    stream.seek(at)
    return stream.read(len(_GZIP)) == _GZIP


def _taken(found: WarcRecord, kinds: AbstractSet[str], max_block: int, passed_over: Told) -> Record | None:
    at, length = found.stream_pos, _length(found)
    kind = (found.headers.get("WARC-Type") or "").strip().lower()
    if kind in kinds and length <= max_block:
        return Record(kind, tuple((name, value) for name, value in found.headers.to_tuples()), _block(found, length), at)
    _pass(found, length)
    if kind in kinds:
        passed_over(at, f"more than {max_block >> 20} MB: {length} bytes")
    elif kind in _WITHOUT_BYTES:
        passed_over(at, f"{kind} record")
    elif kind not in _KNOWN:
        passed_over(at, f"record of an unknown kind: {kind[:40]!r}")
    return None


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
    return block


def _pass(found: WarcRecord, length: int) -> None:
    """Over a block, a piece at a time: one that is not there would hide that the file is cut."""
    while length > 0 and (data := found.reader.read(min(length, _CHUNK))):
        length -= len(data)
    if length:
        raise DamageError(_CUT)
