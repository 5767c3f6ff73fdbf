"""What a trace is read from: an archive, or a bundle with nothing else at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from archive.model import OutcomeWord, Reason, SiteProfile, Tombstone

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a target, as a manifest or a bundle's table of sources says it."""

    url: str
    key: str  # SURT
    outcome: OutcomeWord
    reason: Reason
    http_status: int | None
    captured_at: str | None
    via: str
    final_url: str
    record_id: str | None
    run: str
    segment: str | None  # None in a bundle
    detail: str = ""  # likewise


@dataclass(frozen=True, slots=True)
class Place:
    """A record's gzip member: the file that has it, and where in it."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class WarcObject:
    """A WARC as its manifest, or the bundle's ``datapackage.json``, vouches for it. ``None``: nothing does."""

    size: int | None = None
    sha256: str | None = None  # hex
    segment: str | None = None


class Origin(Protocol):
    """Every call may raise `DamageError`, `KeyMissing` and `StoreError`."""

    name: str
    hidden: Mapping[str, Tombstone]  # by record id: what was taken down

    def ended(self, *, key: str | None = None, record_id: str | None = None) -> list[Ended]:
        """Endings of the target with this key, or in this record, oldest first."""

    def document(self, record_id: str) -> Row | None:
        """The newest document that was made of a record."""

    def document_named(self, document_id: str) -> Row | None:
        """The document with this id."""

    def captures(self, url: str) -> Iterator[Place]:
        """Where the index has records of an address."""

    def events(self) -> Iterator[Row]:
        """Rows of all events, in any order."""

    def warc(self, file: str) -> WarcObject:
        """What is said of a file with records."""

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        """A stream of these bytes; the caller closes it."""

    def profile(self, host: str, version: str) -> SiteProfile | None:
        """A site profile; None where profiles are not kept."""
