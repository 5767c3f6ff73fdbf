"""A sealed segment becomes objects in the store: WARC, index, documents, events, and the manifest that commits them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from archive import layout
from archive.compression import gzip_stream
from archive.digests import sha256_file
from archive.errors import KeyExists
from archive.index import cdxj
from archive.model import Manifest, OutcomeWord, TargetOutcome
from archive.spool.commit import Part, commit, upload
from archive.spool.directory import Spool
from archive.spool.ledger import Segment
from archive.store import Store

_MAY_CHALLENGE = frozenset({403, 429, 503})
"""Refusals whose page may ask whether the reader is human: worth a look, since that is another reason."""

_NO_FILE = b'"warc_file": ""'


def is_page(http_status: int | None) -> bool:
    """Whether an answer with this status gets a document."""
    return http_status is not None and (200 <= http_status < 300 or http_status in _MAY_CHALLENGE)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Where a document's line is in the spool's documents file, and the offset of its capture."""

    warc_offset: int
    start: int
    length: int


class DocumentSpool:
    """Document lines of one segment as the workers finish them, in any order; read back in the order of the captures."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._lines: list[DocumentLine] = []
        self._end = 0

    def add(self, warc_offset: int, line: bytes) -> None:
        self._file.write(line)
        self._lines.append(DocumentLine(warc_offset, self._end, len(line)))
        self._end += len(line)

    def __len__(self) -> int:
        return len(self._lines)

    def finish(self, warc_key: str, destination: Path) -> None:
        """Write the documents object: sorted by capture, each naming its WARC.

        The key is known only now, since objects are named by content. The empty value cannot be mistaken: inside a JSON string
        the quotes would be escaped.
        """
        self._file.close()
        with self._path.open("rb") as lines, gzip_stream(destination) as out:
            for at in sorted(self._lines, key=lambda x: x.warc_offset):
                lines.seek(at.start)
                out.write(lines.read(at.length).replace(_NO_FILE, b'"warc_file": ' + json.dumps(warc_key).encode(), 1))


def write_events(lines: Iterable[str], destination: Path) -> int:
    """Write an events object; returns the number of events."""
    count = 0
    with gzip_stream(destination) as out:
        for line in lines:
            out.write(line.encode("utf-8") + b"\n")
            count += 1
    return count


@dataclass(frozen=True, slots=True)
class Sealed:
    """All that a segment's commit needs, gathered from the ledger beforehand: publishing itself may run in a thread."""

    segment: Segment
    outcomes: tuple[TargetOutcome, ...]
    documents: DocumentSpool
    events: int  # lines in the segment's events file


def events_file(spool: Spool, segment: str) -> Path:
    return spool.directory / f"{segment}.events.jsonl.gz"


def publish(spool: Spool, store: Store, sealed: Sealed) -> Manifest:
    """Upload the data objects, then commit. Raises `StoreError`; then the segment stays in the spool and the next run goes on."""
    warc = spool.sealed_segment(sealed.segment.name)
    key = layout.data("warc", sha256_file(warc)) if warc.exists() else ""
    index = cdxj.from_warc(warc, key) if key else None
    manifest = Manifest(
        schema="warcite.manifest/1",
        segment=sealed.segment.name,
        run=sealed.segment.run,
        job=sealed.segment.job,
        created_at=sealed.segment.sealed_at or "",
        objects=upload(store, _parts(spool, sealed, key, index)),
        outcomes=sealed.outcomes,
        counts=count_outcomes(o.outcome for o in sealed.outcomes),
        versions=versions(),
        depends_on=index.depends_on if index else (),
        previous=sealed.segment.previous,
    )
    commit(store, manifest)
    return manifest


def _parts(spool: Spool, sealed: Sealed, warc_key: str, index: cdxj.Index | None) -> Iterable[Part]:
    name = sealed.segment.name
    if sealed.events:
        yield Part("events", events_file(spool, name), sealed.events)
    if index is None:
        return
    yield Part("warc", spool.sealed_segment(name), index.records)
    if index.lines:
        path = spool.directory / f"{name}.cdxj.gz.jsonl"
        path.write_bytes(index.data)
        yield Part("cdxj", path, index.lines)
    if len(sealed.documents):
        path = spool.directory / f"{name}.final.jsonl.gz"
        sealed.documents.finish(warc_key, path)
        yield Part("documents", path, len(sealed.documents))


def count_outcomes(words: Iterable[str]) -> dict[str, int]:
    """Every outcome word with its count, zeros too."""
    counts = Counter(words)
    return {word.value: counts[word] for word in OutcomeWord}


def versions() -> dict[str, str]:
    return {name: version(name) for name in ("warcite", "scrapy", "trafilatura", "warcio", "fastwarc", "lxml")}


def store_marker(store: Store) -> None:
    """Write ``archive.json`` once: what lies here, and in which format."""
    with suppress(KeyExists):
        store.put_if_absent(layout.ARCHIVE, json.dumps({"schema": "warcite.archive/1", "version": 1}).encode() + b"\n")
