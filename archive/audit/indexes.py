"""Index lines compared with the records they speak of, both ways."""

from __future__ import annotations

from dataclasses import fields

from archive.audit.objects import Findings
from archive.errors import DamageError
from archive.index.cdxj import parse_line
from archive.model import Manifest, StoredObject


def gather_index(found: Findings, manifest: Manifest, stored: StoredObject) -> None:
    """Take in an index object: its lines are compared once the WARCs are known."""
    warcs = {o.key.rpartition("/")[2]: o.key for o in manifest.objects if o.kind == "warc"}
    previous = b""
    for number, raw in found.lines(stored, "index"):
        found.checked["index lines"] += 1
        if raw <= previous:
            found.damage("index", stored.key, f"line {number} is {'a repetition' if raw == previous else 'not in order'}")
        previous = raw
        try:
            entry = parse_line(raw)
        except DamageError as error:
            found.damage("index", stored.key, f"line {number}: {error}")
            continue
        if entry.filename not in warcs:
            found.damage("index", stored.key, f"line {number} names {entry.filename[:90]!r}, which is not in its manifest", url=entry.url)
            continue
        found.evidence.add_line(stored.key, number, warcs[entry.filename], entry.offset, raw)


def check_index(found: Findings) -> None:
    """Every line is exactly the line of a record, and every capture has one."""
    for object_key, number, file, offset, raw in found.evidence.lines():
        entry, row = parse_line(raw), found.evidence.at(file, offset)
        if row is None or row.line is None:
            what = "no whole record" if row is None else f"a {row.type} record"
            found.damage("index", object_key, f"line {number}: {what} at offset {offset} of {file}", url=entry.url)
            continue
        found.evidence.mark_indexed(file, offset)
        if raw != row.line:
            detail = f"line {number} is not that of its record: {_difference(raw, row.line)}"
            found.damage("index", object_key, detail, record_id=row.id, url=entry.url)
    for row in found.evidence.not_indexed():
        found.damage("index", row.file, f"the capture at offset {row.offset} is in no index", record_id=row.id, url=row.url)


def _difference(raw: bytes, expected: bytes) -> str:
    claimed, true = parse_line(raw), parse_line(expected)
    names = [field.name for field in fields(claimed) if getattr(claimed, field.name) != getattr(true, field.name)]
    return ", ".join(f"{n} is {getattr(claimed, n)!r}, not {getattr(true, n)!r}" for n in names)[:300] or "written differently"
