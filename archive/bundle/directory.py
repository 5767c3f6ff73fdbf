"""A ZIP's directory read without trust: every header is compared with the other that says the same, and every byte has its owner.

What is found wrong is named; where the directory itself cannot be followed, `DamageError` is raised. APPNOTE 6.3.10 numbers the sections.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from archive.bundle.source import Source
from archive.bundle.zip import CENTRAL, END, END64, LOCAL, LOCATOR64
from archive.errors import DamageError

_END_SIZE, _LOCATOR_SIZE, _END64_SIZE = 22, 20, 56
_MAX_DIRECTORY = 256 << 20  # bytes
_LIMIT, _COUNT = 0xFFFFFFFF, 0xFFFF
_SAFE = re.compile(r"(?!/)(?!.*(?:^|/)\.{1,2}(?:/|$))[^\\:\x00-\x1f\x7f]{1,1000}")
_DESCRIPTORS = (12, 16, 20, 24)  # bytes of a data descriptor (section 4.3.9)


@dataclass(frozen=True, slots=True)
class ZipEntry:
    name: str
    method: int  # 0 stored, 8 deflated
    crc: int
    packed: int
    size: int
    flags: int
    offset: int  # of the local header
    data: int = 0  # where its bytes begin


class Fault(NamedTuple):
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Directory:
    entries: tuple[ZipEntry, ...]
    faults: tuple[Fault, ...]


def read_directory(source: Source) -> Directory:
    """Raises `DamageError` when there is no directory to follow, and what reading the source raises."""
    count, size, start = _find_directory(source)
    if size > _MAX_DIRECTORY:
        raise DamageError(f"its directory has {size} bytes: more than any bundle needs")
    data = read_exactly(source, start, size)
    listed = list(_listed(data))
    faults = [] if len(listed) == count else [Fault("", f"its directory has {len(listed)} entries, and says that they are {count}")]
    entries: list[ZipEntry] = []
    for entry in sorted(listed, key=lambda e: e.offset):
        found = _compare_local(source, entry, start)
        entries.append(found.entry)
        faults += [Fault(entry.name, detail) for detail in found.details]
    faults += _misplaced(entries, start)
    faults += _badly_named(listed)
    return Directory(tuple(entries), tuple(faults))


def read_exactly(source: Source, offset: int, length: int) -> bytes:
    if offset < 0 or length < 0 or offset + length > source.size:
        raise DamageError(f"it is cut: {length} bytes at {offset} are beyond its end at {source.size}")
    with source.open_range(offset, length) as stream:
        data = stream.read(length)
    if len(data) != length:
        raise DamageError(f"it is cut: {len(data)} of {length} bytes at {offset}")
    return data


def _find_directory(source: Source) -> tuple[int, int, int]:
    """Number of entries, size and offset of the directory (sections 4.3.14 to 4.3.16)."""
    if source.size < _END_SIZE:
        raise DamageError("it is too short for a ZIP")
    end_at = source.size - _END_SIZE
    data = read_exactly(source, end_at, _END_SIZE)
    signature, disk, disk2, here, count, size, start, comment = struct.unpack("<4sHHHHIIH", data)
    if signature != END or comment:
        raise DamageError("it does not end as a ZIP does: it is cut, or something was added")
    if disk or disk2 or here != count:
        raise DamageError("it says that it is one of several disks")
    locator_at = end_at - _LOCATOR_SIZE
    if locator_at >= 0 and read_exactly(source, locator_at, 4) == LOCATOR64:
        count, size, start, end_at = _zip64(source, locator_at, (count, size, start))
    if start + size != end_at:
        raise DamageError(f"its directory ends at {start + size}, and the end record is at {end_at}")
    return count, size, start


def _zip64(source: Source, locator_at: int, small: tuple[int, int, int]) -> tuple[int, int, int, int]:
    at, disks = struct.unpack("<QI", read_exactly(source, locator_at, _LOCATOR_SIZE)[8:])
    if disks != 1 or at + _END64_SIZE != locator_at:
        raise DamageError("its ZIP64 end record is not where its locator says")
    signature, length, *_, here, count, size, start = struct.unpack("<4sQHHIIQQQQ", read_exactly(source, at, _END64_SIZE))
    if signature != END64 or length != _END64_SIZE - 12 or here != count:
        raise DamageError("its ZIP64 end record is none")
    for large, shown, limit in zip((count, size, start), small, (_COUNT, _LIMIT, _LIMIT), strict=True):
        if shown not in {limit, large}:
            raise DamageError("its two end records differ")
    return count, size, start, at


def _listed(data: bytes) -> Iterator[ZipEntry]:
    position = 0
    while position < len(data):
        head = data[position : position + 46]
        if len(head) < 46 or not head.startswith(CENTRAL):
            raise DamageError(f"its directory cannot be read at {position}")
        fields = struct.unpack("<4sHHHHHHIIIHHHHHII", head)
        flags, method, crc, packed, size = fields[3], fields[4], *fields[7:10]
        name_size, extra_size, comment_size, offset = *fields[10:13], fields[16]
        body = data[position + 46 : position + 46 + name_size + extra_size]
        if len(body) < name_size + extra_size:
            raise DamageError(f"its directory is cut at {position}")
        name = body[:name_size].decode("utf-8", "replace")
        values = _large(body[name_size:], (size, packed, offset), name)
        yield ZipEntry(name, method, crc, values[1], values[0], flags, values[2])
        position += 46 + name_size + extra_size + comment_size


def _large(extra: bytes, shown: tuple[int, int, int], name: str) -> list[int]:
    """Sizes and offset, from the ZIP64 field where they are too large (section 4.5.3)."""
    wanted = [value == _LIMIT for value in shown]
    if not any(wanted):
        return list(shown)
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        if kind == 1 and length >= 8 * sum(wanted) and position + 4 + length <= len(extra):
            values = iter(struct.unpack_from(f"<{sum(wanted)}Q", extra, position + 4))
            return [next(values) if large else value for large, value in zip(wanted, shown, strict=True)]
        position += 4 + length
    raise DamageError(f"{name[:200]}: no ZIP64 field for sizes over 4 GiB")


class _Compared(NamedTuple):
    entry: ZipEntry
    details: list[str]


def _compare_local(source: Source, entry: ZipEntry, end: int) -> _Compared:
    """Against the header before its bytes (section 4.3.7)."""
    if entry.offset + 30 > end:
        return _Compared(entry, ["its header would be behind the last file"])
    signature, _, flags, method, _, _, crc, packed, size, name_size, extra_size = struct.unpack(
        "<4sHHHHHIIIHH", read_exactly(source, entry.offset, 30)
    )
    if signature != LOCAL:
        return _Compared(entry, ["there is no header where the directory says"])
    body = read_exactly(source, entry.offset + 30, name_size + extra_size)
    found = replace(entry, data=entry.offset + 30 + len(body))
    details = []
    name = body[:name_size].decode("utf-8", "replace")
    if name != entry.name:
        details.append(f"its own header names it {name[:200]!r}")
    if (flags, method) != (entry.flags, entry.method):
        details.append("flags or method differ between its header and the directory")
    if flags & 1 or method not in {0, 8}:
        details.append("it is encrypted, or packed by a method that bundles do not use")
    if method == 0 and entry.packed != entry.size:
        details.append(f"it is stored as it is, and says {entry.packed} bytes for {entry.size}")
    if not flags & 8:
        sizes = _large(body[name_size:], (size, packed, 0), name)
        if (sizes[0], sizes[1], crc) != (entry.size, entry.packed, entry.crc):
            details.append("sizes or checksum differ between its header and the directory")
    return _Compared(found, details)


def _misplaced(entries: list[ZipEntry], start: int) -> Iterator[Fault]:
    """Files follow one another without a gap, from the first byte to the directory."""
    expected = 0
    previous = ""
    for entry in entries:
        if entry.data and entry.offset != expected:
            what = "overlaps" if entry.offset < expected else "is not right behind"
            yield Fault(entry.name, f"it {what} {previous or 'the beginning'}: at {entry.offset}, not {expected}")
        previous = entry.name
        expected = (entry.data or entry.offset) + entry.packed
        if entry.flags & 8:
            following = min((e.offset for e in entries if e.offset >= expected), default=start)
            expected += following - expected if following - expected in _DESCRIPTORS else 0
    if expected != start:
        yield Fault(previous, f"the directory is at {start}, and the files before it end at {expected}")


def _badly_named(listed: list[ZipEntry]) -> Iterator[Fault]:
    seen: set[str] = set()
    for entry in listed:
        if not _SAFE.fullmatch(entry.name):
            yield Fault(entry.name, "a name that leads out of its folder, or is none")
        if entry.name.lower() in seen:
            yield Fault(entry.name, "there are two of this name")
        seen.add(entry.name.lower())
