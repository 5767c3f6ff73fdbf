"""Every value that travels between the rooms, and nothing else.

All are frozen; times are timezone-aware UTC; collections are tuples. Published JSON is made from these
(``docs/formats.md``), so a field added here is a field in the published schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.outcomes import OutcomeWord as OutcomeWord  # noqa: PLC0414
from archive.outcomes import Reason as Reason  # noqa: PLC0414
from archive.outcomes import TextOutcome as TextOutcome  # noqa: PLC0414
from archive.site_profile import ProfileBlock as ProfileBlock  # noqa: PLC0414  # what is learned from an archive
from archive.site_profile import SiteProfile as SiteProfile  # noqa: PLC0414

FinalState = Literal["archived", "truncated", "failed", "blocked", "excluded"]
"""How a ledger row can end (commit-protocol.md, step 1)."""

Truncated = Literal["length", "time", "disconnect"]
"""``WARC-Truncated`` reasons (WARC 1.1, section 5.15) that a crawl can meet."""


# --- what a digest says -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citation:
    """One source that an event cites, as written in the digest."""

    event_id: str
    position: int  # 1-based among the event's citations
    url: str  # the address to fetch: archive links are unwrapped to the original
    label: str  # the publisher as the digest names it, "" when it does not
    line: int  # 1-based line of the input
    date: str | None = None  # date hint, ISO 8601
    archive_url: str | None = None  # the archived copy the digest itself points at
    archive_date: str | None = None  # when that copy was made, RFC 3339 UTC


@dataclass(frozen=True, slots=True)
class Related:
    """Another event that a digest page points at."""

    title: str
    url: str
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a digest: what happened, and who says so."""

    id: str  # <date or "undated">-<12 hex digits>: from date and source URLs, not from the path
    date: str | None  # YYYY-MM-DD
    title: str
    summary: str
    topics: tuple[str, ...]
    url: str | None
    digest_file: str  # the path as given
    digest_sha256: str
    citations: tuple[Citation, ...]
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of an input that could not be read."""

    file: str
    line: int  # 1-based; 0 for the file as a whole
    problem: str


# --- what the crawler does ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """One address to fetch, once, for all citations that share its key."""

    id: int
    url: str  # fetched as cited
    key: str  # SURT, see archive.urls
    host: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Via:
    """How the bytes came: live, from which archive, at which address, captured when, or from which file of another tool."""

    kind: Literal["live", "archive", "warc-copy", "warc-file", "browser"] = "live"
    archive: str | None = None
    memento_url: str | None = None
    memento_at: datetime | None = None
    file: str | None = None  # of a ``warc-file``: its name, with that of the bundle it was in
    file_sha256: str | None = None  # hex
    file_offset: int | None = None  # of the record in it


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer exactly as on the wire: after TLS, before any parsing."""

    url: str
    request: bytes
    response: bytes  # status line to last chunk; b"" when nothing came
    started_at: datetime  # when the request was sent
    elapsed: float | None  # seconds; None when nobody measured it
    ip: str | None
    protocol: str | None  # "http/1.1"; None when nobody noted it
    tls: str | None = None  # negotiated version, e.g. "tls/1.3"; None for plain http
    truncated: Truncated | None = None
    via: Via = Via()


@dataclass(frozen=True, slots=True)
class Capture:
    """Where one kept response is."""

    record_id: str  # <urn:uuid:...>
    url: str
    captured_at: datetime
    status: int | None
    mime: str | None
    payload_digest: str | None  # "sha1:" base32, of the body as recorded (chunk framing included)
    kind: Literal["response", "revisit", "metadata"]
    segment: str
    offset: int
    length: int  # bytes of the gzip member
    refers_to: str | None = None
    via: Via = Via()


@dataclass(frozen=True, slots=True)
class Ending:
    """The one ending of a target's fetch, before its text is looked at."""

    target_id: int
    outcome: OutcomeWord
    reason: Reason
    attempts: int
    ended_at: datetime
    http_status: int | None = None
    final_url: str | None = None
    capture: Capture | None = None  # the final response, or the metadata record of a failure
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """A target's row in a manifest: what became of it, for ever."""

    url: str
    key: str
    outcome: OutcomeWord
    reason: Reason
    attempts: int
    http_status: int | None
    captured_at: str | None
    text_outcome: TextOutcome | None
    via: str
    final_url: str | None
    record_id: str | None
    state: FinalState
    detail: str = ""


# --- what the pipelines make --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DocumentCitation:
    """Who cites a document: the chain back to the digest."""

    event_id: str
    event_date: str | None
    event_title: str
    event_url: str | None
    digest_file: str
    source_name: str
    position: int


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What a document needs to know beside the bytes: the crawl's part of ``warcite.document/1``."""

    url: str
    final_url: str
    captured_at: str
    outcome: OutcomeWord
    http_status: int
    warc_record_id: str
    payload_digest: str | None
    warc_offset: int
    warc_length: int
    run: str
    citations: tuple[DocumentCitation, ...] = ()
    via: str = "live"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the clean text."""

    kind: Literal["heading", "paragraph", "quote", "list", "table", "caption", "code"]
    text: str


@dataclass(frozen=True, slots=True)
class RemovedBlock:
    """A piece of the page that is not in the clean text, and why."""

    reason: str
    text: str
    at: int  # index in `blocks` before which it stood


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment; never part of `text`."""

    author: str | None
    date: str | None
    text: str
    depth: int
    about: Literal["this", "other"]


@dataclass(frozen=True, slots=True)
class Rescue:
    """Where a rescued document came from."""

    archive: str
    memento: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """``warcite.document/1``: one row per final response of a target. Every key in every row; lists are never null."""

    schema: str
    id: str  # sha256(url LF captured_at LF payload_digest), first 32 hex digits
    url: str
    final_url: str
    canonical_url: str | None
    host: str
    site_name: str | None
    page_type: str | None  # a value of pipelines.clean.pagetype.PageType; None where no page was read
    title: str | None
    description: str | None
    byline: str | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    date_published: str | None
    date_modified: str | None
    captured_at: str
    language: str | None
    language_score: float | None
    text: str
    text_sha256: str
    simhash: str | None
    chars: int
    words: int
    text_outcome: TextOutcome
    flags: tuple[str, ...]
    blocks: tuple[Block, ...]
    removed: tuple[RemovedBlock, ...]
    comments: tuple[Comment, ...]
    outcome: OutcomeWord
    http_status: int
    content_type: str | None
    charset: str | None
    image_url: str | None
    license: str | None
    free_access: bool | None
    warc_file: str
    warc_offset: int
    warc_length: int
    warc_record_id: str
    payload_digest: str | None
    revisit_of: str | None
    extractor: str
    extractor_version: str
    extractor_settings: str
    rescue: Rescue | None
    citations: tuple[DocumentCitation, ...]
    run: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a new document of an address says beside the last one before it."""

    url: str
    key: str  # SURT
    kind: Literal["first", "same", "text", "metadata", "gone", "back"]
    before: str | None  # captured_at of the last document, None for the first
    after: str | None  # captured_at of the new one, None where the page is gone
    added: tuple[str, ...] = ()  # paragraphs
    removed: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()  # keys of the document, besides its text, that differ
    stealth: bool = False  # the text differs and neither of the page's dates does


# --- what the archive commits -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A data object that a manifest vouches for."""

    kind: Literal["warc", "cdxj", "documents", "events"]
    key: str
    size: int  # bytes
    sha256: str  # hex
    rows: int  # records, index lines, documents or events in it


@dataclass(frozen=True, slots=True)
class Manifest:
    """``warcite.manifest/1``: the commit of one segment. What no manifest names does not exist."""

    schema: str
    segment: str
    run: str
    job: str
    created_at: str
    objects: tuple[StoredObject, ...]
    outcomes: tuple[TargetOutcome, ...]
    counts: dict[str, int]  # every outcome word, zeros too
    versions: dict[str, str]
    depends_on: tuple[str, ...] = ()  # segments that revisit records of this one refer to
    supersedes: str | None = None  # the manifest whose documents a re-extraction replaces
    previous: str | None = None  # the segment its crawler knew as the newest: a manifest that vanishes is missed
    sha256: str = ""  # hex, of this manifest's bytes with this field empty


@dataclass(frozen=True, slots=True)
class Tombstone:
    """``warcite.tombstone/1``: records that were taken down. No reader shows them, or what was made of them."""

    schema: str
    id: str  # 32 hex digits, of record ids and reason
    created_at: str  # RFC 3339 UTC
    reason: str
    record_ids: tuple[str, ...]
