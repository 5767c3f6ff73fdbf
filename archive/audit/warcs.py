"""The WARCs of one manifest: each scanned once, or a part of it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from archive.audit.damage import Damage
from archive.audit.depth import Depth
from archive.audit.indexes import Known, Line, parsed
from archive.audit.objects import Findings, Hashing
from archive.model import StoredObject
from archive.warc.members import Readable
from archive.warc.verify import Broken, Place, scan_warc

_PAGES = frozenset({"response", "revisit", "request"})


def read_warc(found: Findings, stored: StoredObject, lines: Iterable[Line]) -> list[Place]:
    """Every whole record. The index lines of the same manifest name the page of a broken one."""
    raw = found.open(stored)
    if raw is None:
        return []
    with raw:
        stream = Hashing(raw)
        places = list(_scan(found, stored, stream, 0, lines))
        found.compare(stored, stream, len(places))
    found.count(stored.key, "records", len(places))
    return places


def sample_warc(found: Findings, stored: StoredObject, lines: list[Line], depth: Depth) -> tuple[list[Place], list[Line]]:
    """The records of some stretches of a WARC, each from one capture to the next, and the index lines of what lies there."""
    name, known = stored.key.rpartition("/")[2], parsed(lines)
    borders = [0, *sorted(at for file, at in known if file == name and 0 < at < stored.size), stored.size]
    places: list[Place] = []
    compared: list[Line] = []
    for number in evenly(len(borders) - 1, depth, stored.key):
        start, end = borders[number], borders[number + 1]
        raw = found.open(stored, start, end - start)
        if raw is None:
            break
        with raw:
            places += _scan(found, stored, raw, start, lines)
        if (name, start) in known:
            compared.append(known[name, start][0])
    found.count(stored.key, "records", len(places))
    return places, compared


def evenly(count: int, depth: Depth, what: str) -> Iterator[int]:
    """Numbers below ``count``, a share of them, equally far apart from a start that the seed chooses; at least one."""
    step = 1 / depth.share
    at = random.Random(f"{depth.seed} {what}").random() * min(step, count)  # noqa: S311 - a sample, not a secret
    while at < count:
        yield int(at)
        at += step


def _scan(found: Findings, stored: StoredObject, stream: Readable, start: int, lines: Iterable[Line]) -> Iterator[Place]:
    previous: Place | None = None
    known: Known | None = None
    for item in scan_warc(stream, stored.key, start):
        if isinstance(item, Place):
            yield item
            previous = item
        elif isinstance(item, Damage):
            found.damages.append(item)
        else:
            known = parsed(lines) if known is None else known
            found.damage("gzip", stored.key, item.detail, url=_page_at(item, stored, known, previous))
            previous = None


def _page_at(broken: Broken, stored: StoredObject, known: Known, previous: Place | None) -> str | None:
    """Whose record was broken: the index knows responses; a request or metadata record follows the response it belongs to."""
    indexed = known.get((stored.key.rpartition("/")[2], broken.offset))
    if indexed is not None:
        return indexed[1].url
    if previous is not None and previous.offset + previous.length == broken.offset and previous.type in _PAGES:
        return previous.url
    return None
