"""Inputs packed with gzip, as sitemaps often are."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from archive.errors import InputError

MAX_UNPACKED = 128 * 1024 * 1024  # bytes; a sitemap has 50 MiB at most
_BLOCK = 1 << 18


def unpack(stream: BinaryIO, into: BinaryIO) -> None:
    """Writes what a gzip stream holds, all its members. Raises InputError when it is broken or too large; what came is written."""
    size = 0
    decoder = zlib.decompressobj(wbits=31)
    data = stream.read(_BLOCK)
    while data:
        try:
            block = decoder.decompress(data, _BLOCK)
        except zlib.error:
            if size == 0:
                raise InputError("gzip data that is damaged: not read") from None
            return  # bytes after the last member
        size += len(block)
        if size > MAX_UNPACKED:
            raise InputError(f"gzip data of more than {MAX_UNPACKED} bytes unpacked: not read")
        into.write(block)
        data = decoder.unconsumed_tail or (decoder.unused_data if decoder.eof else b"") or stream.read(_BLOCK)
        if decoder.eof and data:
            decoder = zlib.decompressobj(wbits=31)
    if not decoder.eof:
        raise InputError("gzip data that ends early")
