"""The WARCs of an archive: each scanned once, then the record ids and references of all of them together."""

from __future__ import annotations

from archive.audit.damage import Damage
from archive.audit.objects import Findings, Hashing
from archive.index.cdxj import parse_line
from archive.model import StoredObject
from archive.warc.verify import Broken, Place, scan_warc


def read_warc(found: Findings, stored: StoredObject) -> None:
    """Take in every whole record. The index objects of the same manifest must be gathered before: they name the page of a broken one."""
    raw = found.open(stored)
    if raw is None:
        return
    records = 0
    previous: Place | None = None
    with raw:
        stream = Hashing(raw)
        for item in scan_warc(stream, stored.key):
            if isinstance(item, Damage):
                found.damages.append(item)
            elif isinstance(item, Broken):
                found.damage("gzip", stored.key, item.detail, url=_page_at(found, stored.key, item.offset, previous))
                previous = None
            else:
                found.evidence.add(stored.key, item)
                records += 1
                previous = item
        found.checked["records"] += records
        found.compare(stored, stream, records)


def _page_at(found: Findings, key: str, offset: int, previous: Place | None) -> str | None:
    """Whose record was broken: the index knows responses; a request or metadata record follows the response it belongs to."""
    if raw := found.evidence.line_at(key, offset):
        return parse_line(raw).url
    if previous is not None and previous.offset + previous.length == offset and previous.type in {"response", "revisit", "request"}:
        return previous.url
    return None


def check_identities(found: Findings) -> None:
    """Record ids are unique in the whole archive, and what records point at is there."""
    previous = ""
    for row in found.evidence.repeated():
        if row.id == previous:
            detail = f"at offset {row.offset}: another record has this id too"
            found.damage("duplicate-id", row.file, detail, record_id=row.id, url=row.url)
        previous = row.id
    for file, offset, header, target in found.evidence.dangling():
        source = found.evidence.at(file, offset)
        detail = f"at offset {offset}: {header} points at {target[:60]}, which is not in the archive"
        found.damage("reference", file, detail, record_id=source.id if source else None, url=source.url if source else None)
