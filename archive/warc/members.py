"""Walking over the gzip members of a WARC, one record each, and finding the way again after a broken one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from isal import isal_zlib

from archive.warc.reader import BAD_GZIP, MAX_RECORD

_CHUNK = 1 << 16
_PIECE = 1 << 13  # fed at a time: what follows the member is copied back out, so it should be little
_MAGIC = b"\x1f\x8b\x08"
_RESERVED = 0xE0  # bits of FLG that must be zero (RFC 1952 section 2.3.1.2); readers differ in whether they look
_PROBE = 1024  # bytes of a member that are enough to see whether it begins like a record


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Member(NamedTuple):
    """A whole member, or a fault at ``offset``: then it has no length and nothing in it."""

    offset: int
    length: int
    unpacked: bytes
    fault: str = ""


def walk_members(stream: Readable, offset: int = 0) -> Iterator[Member]:
    """Every gzip member in order; ``offset`` is where in the file the stream begins.

    After a fault, goes on at the next member that begins like a WARC record.
    """
    buffer = bytearray()
    while True:
        member = _read_member(stream, buffer, offset)
        if member is None:
            return
        yield member
        if member.fault:
            offset += _skip_to_record(stream, buffer)
        else:
            offset += member.length
            del buffer[: member.length]


def _read_member(stream: Readable, buffer: bytearray, offset: int) -> Member | None:
    """The member at the start of ``buffer``, which grows by what is read; None at the end of the file."""
    gzip = isal_zlib.decompressobj(31)
    unpacked: list[bytes] = []
    fed = size = 0
    while not gzip.eof:
        if fed == len(buffer):
            chunk = stream.read(_CHUNK)
            if not chunk:
                return Member(offset, 0, b"", "the last member is cut") if buffer else None
            buffer += chunk
        piece = buffer[fed : fed + _PIECE]
        try:
            unpacked.append(gzip.decompress(piece, MAX_RECORD - size))
        except BAD_GZIP as error:
            return Member(offset, 0, b"", f"the member is broken ({error})")
        size += len(unpacked[-1])
        fed += len(piece)
        if size >= MAX_RECORD:
            return Member(offset, 0, b"", f"the member unpacks to more than {MAX_RECORD} bytes")
    if buffer[3] & _RESERVED:
        return Member(offset, 0, b"", "the member is broken (reserved flags in its header)")
    return Member(offset, fed - len(gzip.unused_data), b"".join(unpacked))


def _skip_to_record(stream: Readable, buffer: bytearray) -> int:
    """Drop bytes until the next member that begins like a record; returns how many. At the end of the file, all of them."""
    skipped, ended = 0, False
    del buffer[:1]
    while buffer:
        at = buffer.find(_MAGIC)
        drop = at if at >= 0 else max(len(buffer) - len(_MAGIC) + 1, 0) if not ended else len(buffer)
        skipped += drop
        del buffer[:drop]
        while not ended and len(buffer) < _PROBE:
            chunk = stream.read(_CHUNK)
            buffer += chunk
            ended = not chunk
        if buffer.startswith(_MAGIC):
            if _begins_record(bytes(buffer[:_PROBE])):
                break
            skipped += 1
            del buffer[:1]
    return skipped + 1


def _begins_record(data: bytes) -> bool:
    try:
        return isal_zlib.decompressobj(31).decompress(data, 16).startswith(b"WARC/1.")
    except BAD_GZIP:
        return False
