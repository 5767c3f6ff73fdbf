"""Records of a WARC that anyone wrote, for taking over what it captured: bounded memory, and what is wrong with it told."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.errors import DamageError
from archive.warc.reader import Record, check_tail

_TAKEN = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.resource | WarcRecordType.request
_ALGORITHMS = {"sha1": 20, "sha256": 32, "md5": 16}

PassedOver = Callable[[int, str], None]
"""Told the offset of a record and why it is left out."""


def iterate_captures(path: Path, max_block: int, passed_over: PassedOver) -> Iterator[Record]:
    """Every ``response``, ``revisit``, ``resource`` and ``request`` of a WARC (gzip, zstd or plain), in order.

    Those with more than ``max_block`` bytes are passed over. Raises `DamageError` where a record is cut or fastwarc stops; what was
    read before has been yielded.
    """
    try:
        with path.open("rb") as stream:
            yield from _captures(stream, max_block, passed_over)
    except (ValueError, OSError, RuntimeError) as error:
        raise DamageError(f"it cannot be read on ({error})") from error


def _captures(stream: BinaryIO, max_block: int, passed_over: PassedOver) -> Iterator[Record]:
    last = 0
    for found in ArchiveIterator(stream, parse_http=False, strict_mode=False, record_types=_TAKEN):
        last = found.stream_pos
        if found.content_length > max_block:
            passed_over(last, f"{found.content_length} bytes are too many")
            continue
        block = found.reader.read()
        if len(block) != found.content_length:
            raise DamageError(f"at offset {last}: the record is cut")
        kind = (found.headers.get("WARC-Type") or "").strip().lower()
        yield Record(kind, tuple((name, value) for name, value in found.headers.to_tuples()), block, last)
    check_tail(stream, last, f"at offset {last}")


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
