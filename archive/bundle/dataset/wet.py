"""The clean text as WARC ``conversion`` records (WARC 1.1 section 6.6), laid out as Common Crawl's WET files are."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from archive.bundle.dataset import jsonl
from archive.bundle.dataset.rows import Rows
from archive.bundle.dataset.table import Table
from archive.urls import MAX_URI, target_uri
from archive.warc.writer import WARC_FIELDS, Fields, member, warc_fields

FILE = "documents.warc.wet.gz"

_NAMES = uuid.UUID("6f0d1c0e-8f0b-5b1f-9d4c-3f6f1f0a7c11")
"""Record ids are made of the document's id and text in this space: the same text has the same id whenever it is written."""


def write_tables(rows: Rows, folder: Path) -> list[Table]:
    """A record for every document that has text; events and sources as lines of JSON."""
    with (folder / FILE).open("wb") as out:
        for record in _records(rows):
            out.write(record)
    return [Table("documents", FILE, "application/warc", ()), *jsonl.write_events_and_sources(rows, folder)]


def _records(rows: Rows) -> Iterator[bytes]:
    info: str | None = None
    for found in rows.documents():
        document = from_json(found.line)
        if document["text"]:
            if info is None:
                info = _record_id("warcinfo", document["id"])
                yield _warcinfo(info, document["captured_at"])
            yield _conversion(document, info)
    if info is None:
        yield _warcinfo(_record_id("warcinfo", ""), "1970-01-01T00:00:00Z")  # a file without text is a sound one too


def _warcinfo(own_id: str, date: str) -> bytes:
    head = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", own_id), ("WARC-Date", date), ("WARC-Filename", FILE), WARC_FIELDS]
    fields = [("software", "warcite"), ("format", "WARC File Format 1.1"), ("description", "clean text of pages that news digests cite")]
    return member(head, warc_fields(fields), 3)


def _conversion(document: Mapping[str, Any], info: str) -> bytes:
    """``WARC-Date`` is that of the capture, as in Common Crawl's; the block is UTF-8."""
    head: Fields = [
        ("WARC-Type", "conversion"),
        ("WARC-Record-ID", _record_id(document["id"], document["text_sha256"])),
        ("WARC-Date", document["captured_at"]),
        ("WARC-Target-URI", _address(document["final_url"])),
        ("WARC-Refers-To", document["warc_record_id"]),
        ("WARC-Warcinfo-ID", info),
        *([("WARC-Identified-Content-Language", document["language"])] if document["language"] else []),
        ("WARC-Identified-Payload-Type", "text/plain"),
        ("Content-Type", "text/plain"),
    ]
    return member(head, document["text"].encode("utf-8", "replace"), 3)


def _address(url: str) -> str:
    """As `archive.warc.records` writes it: a URN where readers could not take the length."""
    uri = target_uri(url)
    return uri if len(uri) <= MAX_URI else f"urn:warcite:sha256:{hashlib.sha256(uri.encode('ascii')).hexdigest()}"


def _record_id(*parts: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_NAMES, ' '.join(parts))}>"
