"""CDXJ: one line for each capture, ``<SURT key> <YYYYMMDDhhmmss> <JSON>``, in byte order, as pywb and WACZ readers expect.

``filename`` is the WARC's name without its folder. pywb puts its ``archive_paths`` before it (a directory, or ``s3://bucket/prefix/warc/``),
a WACZ has the file under ``archive/``, and the key in our store is ``warc/`` and this name. All values are strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from isal import igzip_lib

from archive import strict_json
from archive.errors import DamageError
from archive.model import Capture
from archive.urls import surt
from archive.warc.captures import capture_of
from archive.warc.reader import iterate_records
from archive.warc.revisits import segment_of_original

_LINE = re.compile(rb"([^ \n]+) ([0-9]{14}) (\{[^\n]*\})\n?")
_FIELDS = ("url", "mime", "status", "digest", "length", "offset", "filename")


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line read back. ``status`` and ``digest`` are None where the line has ``-``."""

    key: str
    timestamp: str  # YYYYMMDDhhmmss, UTC
    url: str
    mime: str
    status: int | None
    digest: str | None
    length: int
    offset: int
    filename: str


@dataclass(frozen=True, slots=True)
class Index:
    """An index object, with the number of its lines and of the records of its WARC, and the segments that its revisits refer to."""

    data: bytes
    lines: int
    records: int
    depends_on: tuple[str, ...] = ()


def line(capture: Capture, warc_key: str) -> str:
    """The index line of a response or revisit, without its line end."""
    values = (
        capture.url,
        "warc/revisit" if capture.kind == "revisit" else capture.mime or "unk",
        str(capture.status or "-"),
        capture.payload_digest or "-",
        str(capture.length),
        str(capture.offset),
        warc_key.rpartition("/")[2],
    )
    timestamp = capture.captured_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return f"{surt(capture.url)} {timestamp} {json.dumps(dict(zip(_FIELDS, values, strict=True)))}"


def build(captures: Iterable[Capture], warc_key: str) -> bytes:
    """The index object of a WARC: gzip, the same bytes for the same captures in any order. Only responses and revisits are indexed."""
    return _pack({line(c, warc_key) for c in captures if c.kind != "metadata"})


def _pack(lines: Iterable[str]) -> bytes:
    data = b"".join(sorted(text.encode("utf-8") + b"\n" for text in lines))
    return igzip_lib.compress(data, 3, igzip_lib.COMP_GZIP)


def from_warc(path: Path, key: str) -> Index:
    """The very same index from the WARC alone. Raises `DamageError`."""
    lines: set[str] = set()
    segments: set[str] = set()
    records = 0
    for record in iterate_records(path):
        records += 1
        if capture := capture_of(record):
            lines.add(line(capture, key))
        elif segment := segment_of_original(record):
            segments.add(segment)
    return Index(_pack(lines), len(lines), records, tuple(sorted(segments)))


def parse_line(raw: bytes) -> IndexLine:
    """Raises `DamageError` on anything but a line as `line` writes it."""
    found = _LINE.fullmatch(raw)
    if found is None:
        raise DamageError(f"not an index line: {raw[:80]!r}")
    try:
        key, values = found[1].decode("utf-8"), strict_json.loads(found[3])
    except ValueError as error:
        raise DamageError(f"not an index line ({error}): {raw[:80]!r}") from error
    if set(values) != set(_FIELDS) or not all(isinstance(v, str) for v in values.values()):
        raise DamageError(f"an index line with other fields: {raw[:80]!r}")
    if not (_is_number(values["length"]) and _is_number(values["offset"]) and (values["status"] == "-" or _is_number(values["status"]))):
        raise DamageError(f"an index line without numbers: {raw[:80]!r}")
    return IndexLine(
        key=key,
        timestamp=found[2].decode("ascii"),
        url=values["url"],
        mime=values["mime"],
        status=None if values["status"] == "-" else int(values["status"]),
        digest=None if values["digest"] == "-" else values["digest"],
        length=int(values["length"]),
        offset=int(values["offset"]),
        filename=values["filename"],
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
