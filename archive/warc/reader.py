"""WARC records read back: one by its place, or a whole file as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator
from isal import isal_zlib

from archive.errors import DamageError

MAX_RECORD = 1 << 30
"""Bytes a member may unpack to: no record of ours is larger, and a foreign file shall not fill our memory."""
_CHUNK = 1 << 16
_MAX_DIGITS = 12  # of a Content-Length
BAD_GZIP: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # its stub calls the class an instance


Headers = tuple[tuple[str, str], ...]


def first_value(headers: Headers, name: str) -> str | None:
    """The first value of a header; ``name`` is in lower case, the headers in any."""
    for written, value in headers:
        if written.lower() == name:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record. ``offset`` and ``length`` are those of its gzip member in the file (0 where it was given alone)."""

    type: str
    headers: Headers
    block: bytes
    offset: int = 0
    length: int = 0

    def header(self, name: str) -> str | None:
        """The first value of a WARC header, the name in any case."""
        return first_value(self.headers, name.lower())

    @property
    def record_id(self) -> str | None:
        return self.header("WARC-Record-ID")

    @property
    def target_uri(self) -> str | None:
        uri = self.header("WARC-Target-URI")
        return uri[1:-1] if uri and uri.startswith("<") and uri.endswith(">") else uri  # wget 1.21 writes brackets


def read_member(path: Path, offset: int, length: int) -> Record:
    """The record in the gzip member at ``offset``; raises `DamageError`, naming file and offset, when it is not whole."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            data = stream.read(length)
    except OSError as error:
        raise DamageError(f"{path} cannot be read: {error.strerror}") from error
    return parse_member(data, length, str(path), offset)


def read_block(path: Path, offset: int, length: int) -> bytes:
    """The block (for a response: the bytes of the wire) of the record at ``offset``; raises `DamageError`."""
    return read_member(path, offset, length).block


def parse_member(data: bytes, length: int, where: str, offset: int = 0) -> Record:
    """The record in one gzip member. ``where`` names the file in the `DamageError` raised when it is not whole."""
    place = f"{where} at offset {offset}"
    if len(data) != length:
        raise DamageError(f"{place}: {length} bytes expected, {len(data)} found: the file is cut")
    return parse_record(_unpack(data, place), place, offset, length)


def parse_record(unpacked: bytes, place: str, offset: int, length: int) -> Record:
    """The record that an unpacked member holds; raises `DamageError`, naming ``place``, unless it is exactly one."""
    headers, block_at = parse_warc_head(unpacked, place)
    size = first_value(headers, "content-length") or ""
    if not size.isascii() or not size.isdigit() or len(size) > _MAX_DIGITS:
        raise DamageError(f"{place}: no Content-Length")
    block = unpacked[block_at : block_at + int(size)]
    if len(block) != int(size) or unpacked[block_at + len(block) :] != b"\r\n\r\n":
        raise DamageError(f"{place}: the record's Content-Length {size} does not fit its {len(unpacked) - block_at} bytes")
    return Record(first_value(headers, "warc-type") or "", headers, block, offset, length)


def _unpack(data: bytes, place: str) -> bytes:
    stream = isal_zlib.decompressobj(31)
    try:
        unpacked: bytes = stream.decompress(data, MAX_RECORD)
    except BAD_GZIP as error:
        raise DamageError(f"{place}: not a gzip member ({error})") from error
    if not stream.eof:
        raise DamageError(f"{place}: the gzip member is cut")
    if stream.unused_data:
        raise DamageError(f"{place}: {len(stream.unused_data)} bytes after the gzip member")
    return unpacked


def parse_warc_head(unpacked: bytes, place: str) -> tuple[Headers, int]:
    """Header fields and the offset of the block; raises `DamageError` when it does not begin like WARC 1.0 or 1.1."""
    end = unpacked.find(b"\r\n\r\n")
    if end < 0 or not unpacked.startswith((b"WARC/1.1\r\n", b"WARC/1.0\r\n")):
        raise DamageError(f"{place}: not a WARC record")
    lines = [line.partition(":") for line in unpacked[:end].decode("utf-8", "replace").split("\r\n")[1:]]
    if not all(colon for _, colon, _ in lines):
        raise DamageError(f"{place}: a WARC header line without a colon")
    return tuple([(name, value.strip(" \t")) for name, _, value in lines]), end + 4


class _Counting:
    """The stream fastwarc reads, counting what it gave."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data

    def tell(self) -> int:
        return self.count

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError(f"read once, forwards: no seek to {offset} ({whence})")

    def close(self) -> None:
        pass  # the caller closes what he opened


def iterate_records(source: BinaryIO | Path) -> Iterator[Record]:
    """Every record of a WARC (gzip, zstd or plain), one in memory at a time (two while moving on).

    Foreign files are read leniently; raises `DamageError` where a record is cut or fastwarc stops. A cut exactly between two records
    cannot be seen here: only a manifest's size and SHA-256 tell.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from _iterate(stream, str(source))
    else:
        yield from _iterate(source, getattr(source, "name", "stream"))


def _iterate(stream: BinaryIO, where: object) -> Iterator[Record]:
    counting = _Counting(stream)
    base = stream.tell() if stream.seekable() else None
    previous: Record | None = None
    try:
        for found in ArchiveIterator(counting, parse_http=False, strict_mode=False):
            if previous is not None:
                yield _with_length(previous, found.stream_pos)
            block = found.reader.read()
            if len(block) != found.content_length:
                raise DamageError(f"{where} at offset {found.stream_pos}: the record is cut")
            headers = tuple((n, v) for n, v in found.headers.to_tuples())
            if not headers:
                raise DamageError(f"{where} at offset {found.stream_pos}: a record without headers")
            previous = Record(found.headers.get("WARC-Type") or "", headers, block, found.stream_pos)
    except (ValueError, OSError, RuntimeError) as error:
        raise DamageError(f"{where}: fastwarc stopped ({error})") from error
    if previous is not None:
        if base is not None:
            check_tail(stream, base + previous.offset, f"{where} at offset {previous.offset}")
        yield _with_length(previous, counting.count)


def check_tail(stream: BinaryIO, start: int, place: str) -> None:
    """fastwarc passes over a last member that is cut in silence: raises `DamageError` when gzip members do not end with the file."""
    stream.seek(start)
    data = stream.read(_CHUNK)
    if not data.startswith(b"\x1f\x8b"):
        return
    gzip = isal_zlib.decompressobj(31)
    try:
        while data:
            gzip.decompress(data)
            data = gzip.unused_data or stream.read(_CHUNK)
            if gzip.eof and data:
                gzip = isal_zlib.decompressobj(31)
    except BAD_GZIP as error:
        raise DamageError(f"{place}: what follows is no gzip member ({error})") from error
    if not gzip.eof:
        raise DamageError(f"{place}: this member or one behind it is cut")


def _with_length(record: Record, end: int) -> Record:
    return Record(record.type, record.headers, record.block, record.offset, end - record.offset)
