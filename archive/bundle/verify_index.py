"""A bundle's captures as its WARCs have them, and its index against them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple, Self

from isal import igzip, igzip_lib

from archive.audit.objects import MAX_LINE, Findings
from archive.bundle.reader import Bundle
from archive.errors import DamageError, KeyMissing
from archive.warc.reader import BAD_GZIP
from archive.warc.verify import Place

_SCHEMA = """
CREATE TABLE captures (file TEXT, "offset" INTEGER, length INTEGER, key TEXT, at TEXT, url TEXT, record TEXT, sha256 TEXT, line BLOB,
  seen INTEGER DEFAULT 0, PRIMARY KEY (file, "offset")) WITHOUT ROWID;
CREATE INDEX captures_key ON captures (key, at);
CREATE INDEX captures_line ON captures (line);
BEGIN;
"""
_MAX_BLOCK = 16 << 20  # bytes of an index block, packed


class Capture(NamedTuple):
    file: str
    offset: int
    length: int
    key: str
    at: str
    url: str
    record: str
    sha256: str
    line: bytes


class Captures:
    """Lies in SQLite's own temporary file; use as a context manager."""

    def __init__(self) -> None:
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sql.close()

    def add(self, place: Place, sha256: str) -> None:
        """A record of a bundle's WARC, if it is indexed; ``sha256`` is that of its member."""
        if place.line is None:
            return
        line = place.line[:-2] + f', "recordDigest": "sha256:{sha256}"}}'.encode()
        key, at, _ = line.split(b" ", 2)
        row = (place.file.rpartition("/")[2], place.offset, place.length, key.decode("utf-8", "replace"), at.decode(), place.url or "")
        insert = "INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
        self._sql.execute(insert, (*row, place.record_id.encode("utf-8", "replace").decode(), sha256, line))

    def has(self, key: str, at: str) -> bool:
        """Whether there is a capture of this address (as a key) in this second (14 digits)."""
        return self._sql.execute("SELECT 1 FROM captures WHERE key = ? AND at = ? LIMIT 1", (key, at)).fetchone() is not None

    def take(self, line: bytes) -> bool:
        """Whether exactly this line is due; it is not asked for again."""
        return self._sql.execute("UPDATE captures SET seen = seen + 1 WHERE line = ? AND NOT seen", (line,)).rowcount == 1

    def at(self, file: str, offset: int) -> Capture | None:
        row = self._sql.execute(
            'SELECT file, "offset", length, key, at, url, record, sha256, line FROM captures WHERE file = ? AND "offset" = ?',
            (file, offset),
        ).fetchone()
        if row is None:
            return None
        self._sql.execute('UPDATE captures SET seen = 1 WHERE file = ? AND "offset" = ?', (file, offset))
        return Capture._make(row)

    def unseen(self) -> Iterator[Capture]:
        columns = 'file, "offset", length, key, at, url, record, sha256, line'
        yield from map(Capture._make, self._sql.execute(f"SELECT {columns} FROM captures WHERE NOT seen").fetchall())  # noqa: S608


def check_index(bundle: Bundle, found: Findings, captures: Captures, *, ours: bool) -> None:
    """Every capture has one line that leads to it, in byte order. Of bundles that are ``ours`` each line is known to the byte."""
    names = [name for name in bundle.names("indexes/") if not name.endswith(".idx")]
    for name in names:
        number, before = 0, b""
        for line in _lines(bundle, found, name, ours=ours):
            number += 1
            if line <= before:
                found.damage("index", name, f"line {number} is not behind the one before it: lines are sorted by their bytes, each once")
            before = line
            if not captures.take(line):
                _compare(found, name, number, line, captures, ours=ours)
        found.count(name, "index lines", number)
    for missed in captures.unseen() if names else ():
        detail = f"no line leads to {missed.file} at offset {missed.offset}"
        found.damage("index", names[0], detail, record_id=missed.record, url=missed.url)


def _compare(found: Findings, name: str, number: int, line: bytes, captures: Captures, *, ours: bool) -> None:
    """A line that is not to the byte what is due: what of it is wrong. Others than we write more fields, and other keys for POST."""
    try:
        key, at, text = line.decode("utf-8").split(" ", 2)
        said: dict[str, Any] = json.loads(text)
        file, offset = str(said["filename"]).rpartition("/")[2], int(said["offset"])
    except (ValueError, KeyError, TypeError, RecursionError):
        found.damage("index", name, f"line {number} is no index line")
        return
    capture = captures.at(file, offset)
    if capture is None:
        found.damage("index", name, f"line {number}: no capture is in {file[:200]} at offset {offset}", url=str(said.get("url"))[:2000])
        return
    due: dict[str, Any] = json.loads(capture.line.split(b" ", 2)[2])
    fields = list(due) if ours else [f for f in ("length", "url", "recordDigest") if f in said]
    wrong = [f"{f} is {str(said.get(f))[:200]!r}, not {due[f]!r}" for f in fields if str(said.get(f)) != due[f]]
    wrong += [f"its time is {at}, not {capture.at}"] if at != capture.at else []
    wrong += [f"its key is {key[:200]!r}, not {capture.key!r}"] if ours and key != capture.key else []
    if ours and not wrong:
        wrong = ["it is not as we write it, or there twice"]
    for detail in wrong:
        found.damage("index", name, f"line {number}: {detail}", record_id=capture.record, url=capture.url)


def _lines(bundle: Bundle, found: Findings, name: str, *, ours: bool) -> Iterator[bytes]:
    blocks = next((n for n in bundle.names("indexes/") if n.endswith(".idx")), None)
    try:
        if name.endswith(".gz") and blocks is not None:
            yield from _block_lines(bundle, found, name, blocks)
            return
        if ours:
            found.damage("index", name, "there is no index.idx beside it")
        with bundle.open_range(name) as raw:
            lines: Any = igzip.IGzipFile(fileobj=raw, mode="rb") if name.endswith(".gz") else raw  # type: ignore[no-untyped-call]
            while line := lines.readline(MAX_LINE):
                yield line.rstrip(b"\n")
    except (OSError, EOFError, DamageError, KeyMissing, BAD_GZIP) as error:
        found.damage("index", name, f"cannot be read: {error}")


def _block_lines(bundle: Bundle, found: Findings, name: str, blocks: str) -> Iterator[bytes]:
    """By the small index, as players read it: each block is where it says, begins with the line it says, and has its digest."""
    position = 0
    for number, entry in enumerate(bundle.text(blocks).splitlines(), 1):
        if entry.startswith(b"!meta"):
            continue
        try:
            prefix, _, text = entry.rpartition(b" {")
            said = json.loads(b"{" + text)
            offset, length = int(said["offset"]), int(said["length"])
        except (ValueError, KeyError, TypeError) as error:
            found.damage("index", blocks, f"line {number} is none ({type(error).__name__})")
            continue
        if offset != position or not 0 < length <= _MAX_BLOCK:
            found.damage("index", blocks, f"line {number}: its block is said to be {length} bytes at {offset}, not at {position}")
        with bundle.open_range(name, offset, min(length, _MAX_BLOCK)) as raw:
            data = raw.read()
        position = offset + length
        if "digest" in said and said["digest"] != f"sha256:{hashlib.sha256(data).hexdigest()}":
            found.damage("index", blocks, f"line {number}: its block does not have the SHA-256 that it says")
        lines = _unpacked(data).splitlines()
        if not lines or not lines[0].startswith(prefix + b" "):
            found.damage("index", blocks, f"line {number}: its block begins with another line")
        yield from lines
    if (size := bundle.entries[name].size) != position:
        found.damage("index", blocks, f"its blocks end at {position}, and {name} at {size}")


def _unpacked(data: bytes) -> bytes:
    return igzip_lib.decompress(data, igzip_lib.DECOMP_GZIP)
