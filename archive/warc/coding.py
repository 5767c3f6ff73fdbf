"""Content codings (RFC 9110 section 8.4.1) taken off a body, with bounded output and whatever a broken one still gives."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import brotli  # type: ignore[import-untyped]

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # Python 3.14
except ImportError:
    from backports import zstd

_WINDOW = {zstd.DecompressionParameter.window_log_max: 23}
"""8 MiB: what RFC 9659 lets an HTTP sender use. A larger window is a way to take our memory."""
_PIECE = 1024
_FAULTS = (zlib.error, brotli.error, zstd.ZstdError, ValueError, EOFError, MemoryError)
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Decoded:
    body: bytes
    flags: tuple[str, ...] = ()


class _Stream(Protocol):
    """Decodes one gzip member or zstd frame: at most ``max_length`` (> 0) bytes a call."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Brotli:
    def __init__(self) -> None:
        self._stream: Any = brotli.Decompressor()
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._stream.is_finished())

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        # Output may wait inside even when it says that it accepts more input: ask until nothing comes.
        parts = [self._stream.process(data, output_buffer_limit=max_length)]
        room = max_length - len(parts[0])
        while room > 0 and parts[-1] and not self.eof:
            parts.append(self._stream.process(b"", output_buffer_limit=room))
            room -= len(parts[-1])
        return b"".join(parts)


def remove_coding(body: bytes, coding: str, limit: int) -> Decoded | None:
    """The body without one coding, at most ``limit`` bytes of it; None when the coding is not known. Never raises.

    A body that never was in that coding comes back as it is, with a flag: servers label plain pages `gzip`.
    """
    if coding in ("gzip", "x-gzip"):
        return _decode(body, "gzip", lambda: zlib.decompressobj(31), _GZIP_MAGIC, limit)
    if coding == "deflate":
        bits = 15 if _has_zlib_header(body) else -15
        return _decode(body, coding, lambda: zlib.decompressobj(bits), None, limit)
    if coding == "br":
        return _decode(body, coding, _Brotli, None, limit)
    if coding == "zstd":
        return _decode(body, coding, lambda: zstd.ZstdDecompressor(options=_WINDOW), _ZSTD_MAGIC, limit)
    return None


def _has_zlib_header(body: bytes) -> bool:
    """RFC 1950 section 2.2; what has none is raw deflate, which is what many servers send under this name."""
    return len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0


def _decode(body: bytes, coding: str, start: Callable[[], _Stream], magic: bytes | None, limit: int) -> Decoded:
    """Members one after the other; what follows the last one is ignored, as browsers do."""
    out = bytearray()
    rest, finished, fault = body, not body, False
    while rest and not fault and len(out) <= limit and (not finished or (magic is not None and rest.startswith(magic))):
        stream = start()
        try:
            piece = stream.decompress(rest, limit + 1 - len(out))
        except _FAULTS:
            piece, fault = _salvage(rest, start, limit + 1 - len(out)), True
        out += piece
        finished = not fault and stream.eof
        rest = stream.unused_data if finished else b""
    if len(out) > limit:
        return Decoded(bytes(out[:limit]), ("too-large",))
    if fault and not out:
        return Decoded(body[:limit], (f"mislabelled-{coding}",))
    if fault:
        return Decoded(bytes(out), (f"broken-{coding}",))
    return Decoded(bytes(out), () if finished else (f"truncated-{coding}",))


def _salvage(data: bytes, start: Callable[[], _Stream], room: int) -> bytes:
    """What stands before the fault. A failing call loses its output, so the piece that fails is fed again byte by byte."""
    stream, at, size = start(), 0, 0
    try:
        while size < room:
            size += len(stream.decompress(data[at : at + _PIECE], room - size))
            at += _PIECE
    except _FAULTS:
        pass
    stream, out = start(), bytearray()
    try:
        if at:
            out += stream.decompress(data[:at], room)
        for position in range(at, at + _PIECE):
            if len(out) >= room:
                break
            out += stream.decompress(data[position : position + 1], room - len(out))
    except _FAULTS:
        pass
    return bytes(out)
