"""ZIP as bundles need it (APPNOTE 6.3.10): stored entries, times of 1980, ASCII names, ZIP64 where sizes ask for it, no data descriptors.

The same entries are the same bytes everywhere: nothing of the machine, its clock or its users goes in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64, LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"

_LIMIT = 0xFFFFFFFF
_COUNT = 0xFFFF
_DAY_ONE = 0x0021  # 1980-01-01 (section 4.4.6)
_UNIX_FILE = 0o100644 << 16
_MADE_BY = 3 << 8 | 45  # Unix; version 4.5 of the specification, which has ZIP64


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored file: its local header is at ``offset``, its bytes follow the header."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def end(self) -> int:
        return self.offset + header_size(self.name, self.size) + self.size


def header_size(name: str, size: int) -> int:
    return 30 + len(name) + (20 if size >= _LIMIT else 0)


def local_header(entry: Entry) -> bytes:
    """Section 4.3.7; the ZIP64 field has both sizes (section 4.5.3)."""
    big = entry.size >= _LIMIT
    shown = _LIMIT if big else entry.size
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.size) if big else b""
    head = struct.pack("<4sHHHHHIIIHH", LOCAL, 45 if big else 10, 0, 0, 0, _DAY_ONE, entry.crc, shown, shown, len(entry.name), len(extra))
    return head + entry.name.encode("ascii") + extra


def central_directory(entries: Iterable[Entry], start: int) -> bytes:
    """Everything behind the last entry, which ends at ``start`` (sections 4.3.12 to 4.3.16)."""
    heads = [_central_header(entry) for entry in entries]
    directory = b"".join(heads)
    count, size = len(heads), len(directory)
    tail = b""
    if count >= _COUNT or size >= _LIMIT or start >= _LIMIT:
        tail = struct.pack("<4sQHHIIQQQQ", END64, 44, _MADE_BY, 45, 0, 0, count, count, size, start)
        tail += struct.pack("<4sIQI", LOCATOR64, 0, start + size, 1)
    shown = min(count, _COUNT)
    return directory + tail + struct.pack("<4sHHHHIIH", END, 0, 0, shown, shown, min(size, _LIMIT), min(start, _LIMIT), 0)


def _central_header(entry: Entry) -> bytes:
    values = [value for value in (entry.size, entry.size, entry.offset) if value >= _LIMIT]
    extra = struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""
    size = min(entry.size, _LIMIT)
    head = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        CENTRAL,
        _MADE_BY,
        45 if values else 10,
        0,
        0,
        0,
        _DAY_ONE,
        entry.crc,
        size,
        size,
        len(entry.name),
        len(extra),
        0,
        0,
        0,
        _UNIX_FILE,
        min(entry.offset, _LIMIT),
    )
    return head + entry.name.encode("ascii") + extra
