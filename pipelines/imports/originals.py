"""Which records belong together: a request and its answer, a revisit and what it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from archive.errors import DamageError
from archive.index.lookup import captures_of
from archive.model import Capture
from archive.store import Store
from archive.urls import surt, target_uri
from archive.warc.captures import capture_of
from archive.warc.foreign import Told, iterate_captures
from archive.warc.imported import foreign_date
from archive.warc.reader import Record, parse_member

_KINDS = frozenset({"response", "revisit", "resource", "request"})
_MAX_BLOCK = 256 << 20


def with_requests(path: Path, passed_over: Told, damaged: Told) -> Iterator[tuple[Record, bytes]]:
    """Each response, revisit and resource, with the block of the request beside it, if one names it or is named by it."""
    request: Record | None = None
    waiting: Record | None = None
    for record in iterate_captures(path, _KINDS, _MAX_BLOCK, passed_over, damaged):
        if record.type == "request":
            if waiting is not None and _belong(record, waiting):
                yield waiting, record.block
                waiting, request = None, None
            else:
                request = record
            continue
        if waiting is not None:
            yield waiting, b""
            waiting = None
        if request is not None and _belong(request, record):
            yield record, request.block
        else:
            waiting = record
        request = None
    if waiting is not None:
        yield waiting, b""


def _belong(request: Record, answer: Record) -> bool:
    names = (request.header("WARC-Concurrent-To"), answer.header("WARC-Concurrent-To"))
    return (names[0] or "") == answer.record_id or (names[1] or "") == request.record_id


class Originals:
    """What revisits may refer to: what was read with them, and what the archive has."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id: dict[str, Capture] = {}  # the id that its file gave it
        self._by_time: dict[tuple[str, str], Capture] = {}
        self._by_digest: dict[tuple[str, str], Capture] = {}  # as its file wrote it

    def note(self, record: Record, capture: Capture) -> None:
        """``capture`` without a segment is in the archive already."""
        if record.record_id:
            self._by_id[record.record_id] = capture
        self._by_time[surt(capture.url), f"{capture.captured_at:%Y%m%d%H%M%S}"] = capture
        if digest := record.header("WARC-Payload-Digest"):
            self._by_digest[surt(capture.url), digest] = capture

    def of(self, revisit: Record) -> Capture | None:
        """By the id that it refers to, else by address and time (WARC 1.1 sections 5.12 to 5.14), else, as WARC 1.0 has it, by digest."""
        named = self._by_id.get(revisit.header("WARC-Refers-To") or "")
        uri, at = revisit.header("WARC-Refers-To-Target-URI"), _second(revisit.header("WARC-Refers-To-Date"))
        if named is None and uri and at:
            named = self._by_time.get((surt(target_uri(uri)), at)) or self._in_archive(uri, at, None)
        if named is None:
            named = self._by_digest.get((surt(target_uri(revisit.target_uri or "")), revisit.header("WARC-Payload-Digest") or ""))
        if named is not None and not named.segment:
            return self._in_archive(named.url, f"{named.captured_at:%Y%m%d%H%M%S}", named.payload_digest)
        return named

    def _in_archive(self, url: str, timestamp: str, digest: str | None) -> Capture | None:
        for indexed in captures_of(self._store, url):
            line = indexed.line
            if line.timestamp != timestamp or line.mime == "warc/revisit" or (digest is not None and line.digest != digest):
                continue
            with self._store.open_range(indexed.warc_key, line.offset, line.length) as member:
                record = parse_member(member.read(), line.length, indexed.warc_key, line.offset)
            found = capture_of(record, indexed.segment)
            if found is None:
                raise DamageError(f"{indexed.warc_key} at offset {line.offset}: not the capture that its index says")
            return replace(found, offset=line.offset, length=line.length)
        return None


def _second(date: str | None) -> str | None:
    with suppress(DamageError):
        return f"{foreign_date(date or ''):%Y%m%d%H%M%S}"
    return None
