"""Responses of a WARC that anyone wrote, with a bound on what one record may take of our memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from archive.errors import DamageError
from archive.warc.reader import Record, check_tail

_ZSTD = (b"\x28\xb5\x2f\xfd", *(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60)))
"""A frame, or a skippable one: .warc.zst begins with its dictionary (RFC 8878 section 3.1.2)."""


def is_warc(head: bytes) -> bool:
    """Whether a file that begins so, its gzip coding removed, is a WARC: by its first bytes, whatever its name."""
    return head.startswith((b"WARC/", *_ZSTD))


def iterate_responses(path: Path, max_block: int, passed_over: Callable[[int, str], None]) -> Iterator[Record]:
    """Every ``response`` record of a WARC (gzip, zstd or plain), in order.

    ``passed_over`` is told the offset of each whose block is larger than ``max_block`` bytes. Raises `DamageError` where a record is
    cut or fastwarc stops; what was read before has been yielded.
    """
    try:
        with path.open("rb") as stream:
            yield from _responses(stream, path, max_block, passed_over)
    except (ValueError, OSError, RuntimeError) as error:
        raise DamageError(f"{path}: cannot be read ({error})") from error


def _responses(stream: BinaryIO, path: Path, max_block: int, passed_over: Callable[[int, str], None]) -> Iterator[Record]:
    previous: Record | None = None
    last = 0
    for found in ArchiveIterator(stream, parse_http=False):
        last = found.stream_pos
        if previous is not None:
            yield _with_length(previous, last)
        previous = None
        if found.record_type == WarcRecordType.response:
            if found.content_length > max_block:
                passed_over(found.stream_pos, f"a response of {found.content_length} bytes: too large for a page")
            else:
                previous = _read(found, path)
    end = stream.seek(0, 2)
    if previous is not None:
        yield _with_length(previous, end)
    check_tail(stream, last, f"{path} at offset {last}")


def _read(found: WarcRecord, path: Path) -> Record:
    block = found.reader.read()
    if len(block) != found.content_length:
        raise DamageError(f"{path} at offset {found.stream_pos}: the record is cut")
    return Record("response", tuple((name, value) for name, value in found.headers.to_tuples()), block, found.stream_pos)


def _with_length(record: Record, end: int) -> Record:
    return Record(record.type, record.headers, record.block, record.offset, end - record.offset)
