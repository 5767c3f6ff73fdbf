"""Index lines compared with the records they speak of, both ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from archive.audit.objects import Findings
from archive.errors import DamageError
from archive.index.cdxj import IndexLine, parse_line
from archive.model import Manifest, StoredObject
from archive.warc.verify import Place


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an index object, as it stands there."""

    object: str
    number: int
    raw: bytes


def gather_index(found: Findings, stored: StoredObject) -> list[Line]:
    """The lines of an index object, and whether they are in order; what they say is compared once the WARCs are known."""
    lines = []
    previous = b""
    for number, raw in found.lines(stored, "index", "index lines"):
        if raw <= previous:
            found.damage("index", stored.key, f"line {number} is {'a repetition' if raw == previous else 'not in order'}")
        previous = raw
        lines.append(Line(stored.key, number, raw))
    return lines


Known = dict[tuple[str, int], tuple[Line, IndexLine]]


def parsed(lines: Iterable[Line]) -> Known:
    """Readable lines with what they say, by file name and offset."""
    known: Known = {}
    for one in lines:
        try:
            entry = parse_line(one.raw)
        except DamageError:
            continue
        known[entry.filename, entry.offset] = one, entry
    return known


def check_index(found: Findings, manifest: Manifest, lines: list[Line], places: Iterable[Place]) -> None:
    """Every line is exactly the line of a record, and every capture has one."""
    captures = {place.line: place for place in places if place.line is not None}
    unexplained = [one for one in lines if captures.pop(one.raw, None) is None]
    by_place = {(place.file, place.offset): place for place in places}
    for one in unexplained:
        if (place := _explain(found, manifest, one, by_place)) is not None and place.line is not None:
            captures.pop(place.line, None)
    for place in captures.values():
        detail = f"the capture at offset {place.offset} is in no index"
        found.damage("index", place.file, detail, record_id=place.record_id, url=place.url)


def _explain(found: Findings, manifest: Manifest, one: Line, by_place: dict[tuple[str, int], Place]) -> Place | None:
    """Say what is wrong with a line that is not that of any record; returns the record it means, where there is one."""
    try:
        entry = parse_line(one.raw)
    except DamageError as error:
        found.damage("index", one.object, f"line {one.number}: {error}")
        return None
    file = next((o.key for o in manifest.objects if o.kind == "warc" and o.key.rpartition("/")[2] == entry.filename), None)
    if file is None:
        detail = f"line {one.number} names {entry.filename[:90]!r}, which is not in its manifest"
        found.damage("index", one.object, detail, url=entry.url)
        return None
    place = by_place.get((file, entry.offset))
    if place is None or place.line is None:
        what = "no whole record" if place is None else f"a {place.type} record"
        found.damage("index", one.object, f"line {one.number}: {what} at offset {entry.offset} of {file}", url=entry.url)
        return place
    if one.raw == place.line:
        return place  # a repetition, which has been said
    detail = f"line {one.number} is not that of its record: {_difference(entry, parse_line(place.line))}"
    found.damage("index", one.object, detail, record_id=place.record_id, url=entry.url)
    return place


def _difference(claimed: IndexLine, true: IndexLine) -> str:
    names = [field.name for field in fields(claimed) if getattr(claimed, field.name) != getattr(true, field.name)]
    return ", ".join(f"{n} is {getattr(claimed, n)!r}, not {getattr(true, n)!r}" for n in names)[:300] or "written differently"
