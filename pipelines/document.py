"""``warcite.document/1`` without parsing anything: the empty document, its id, its line of JSON. Light enough for the crawler's process."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import tldextract

from archive.digests import sha256_hex
from archive.model import Document, DocumentContext, TextOutcome
from archive.urls import host_of

SCHEMA = "warcite.document/1"
EXTRACTOR = "warcite"

_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
"""The public suffix list that comes with the package; it never looks for a newer one."""


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """Our own version and that of the engine that is asked in doubt: both make the text."""
    return f"{version(EXTRACTOR)}+trafilatura-{version('trafilatura')}"


def document_id(context: DocumentContext) -> str:
    """First 32 hex digits of SHA-256 over URL, capture time and payload digest: the same when the text is extracted again."""
    return hashlib.sha256(f"{context.url}\n{context.captured_at}\n{context.payload_digest or ''}".encode("utf-8", "replace")).hexdigest()[
        :32
    ]


@lru_cache(maxsize=4096)
def registrable_host(host: str) -> str:
    """The part of a host name that is registered (``bbc.co.uk`` of ``news.bbc.co.uk``); addresses and bare suffixes stay as they are."""
    found = _SUFFIXES(host)
    return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else host


def empty_document(context: DocumentContext, flags: tuple[str, ...] = ()) -> Document:
    """A document that says where the capture is and that no text was made of it."""
    return Document(
        schema=SCHEMA,
        id=document_id(context),
        url=context.url,
        final_url=context.final_url,
        canonical_url=None,
        host=registrable_host(host_of(context.final_url)),
        site_name=None,
        page_type=None,
        title=None,
        description=None,
        byline=None,
        authors=(),
        tags=(),
        categories=(),
        date_published=None,
        date_modified=None,
        captured_at=context.captured_at,
        language=None,
        language_score=None,
        text="",
        text_sha256=sha256_hex(b""),
        simhash=None,
        chars=0,
        words=0,
        text_outcome=TextOutcome.NONE,
        flags=flags,
        blocks=(),
        removed=(),
        comments=(),
        outcome=context.outcome,
        http_status=context.http_status,
        content_type=None,
        charset=None,
        image_url=None,
        license=None,
        free_access=None,
        warc_file="",
        warc_offset=context.warc_offset,
        warc_length=context.warc_length,
        warc_record_id=context.warc_record_id,
        payload_digest=context.payload_digest,
        revisit_of=None,
        extractor=EXTRACTOR,
        extractor_version=extractor_version(),
        extractor_settings="",
        rescue=None,
        citations=context.citations,
        run=context.run,
    )


def document_json(document: Document) -> bytes:
    """The document as one line of JSON in UTF-8, keys in declared order; a lone surrogate from outside becomes ``?``."""
    return (json.dumps(_plain(document), ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value
