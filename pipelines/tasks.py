"""What the extraction processes are given and what they give back. Both ends of the pipe import it, so it imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from archive.model import DocumentContext, OutcomeWord, Reason, TextOutcome

if TYPE_CHECKING:
    from pipelines.learn.apply import SiteFilter

Mode = Literal["full", "light"]
"""How much work a page is worth: ``light`` asks no second engine where the block model is in doubt."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page as somebody saved it, plain or gzipped and without its HTTP headers: a file, or the bytes themselves."""

    content: Path | bytes


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """An HTTP response as it came over the wire, taken out of its WARC record."""

    block: bytes


@dataclass(frozen=True, slots=True)
class ExtractionTask:
    """A page to make a document of; ``reason`` is the fetch's.

    A ``source`` that is a path is a WARC: the capture is its gzip member at the offset that the context gives.
    """

    context: DocumentContext
    source: Path | SavedPage | RecordedResponse
    reason: Reason = Reason.OK
    mode: Mode = "full"
    site: SiteFilter | None = None  # the profile to apply

    @property
    def size(self) -> int:
        """Bytes of the page that travel with the task."""
        if isinstance(self.source, RecordedResponse):
            return len(self.source.block)
        return len(self.source.content) if isinstance(self.source, SavedPage) and isinstance(self.source.content, bytes) else 0


@dataclass(frozen=True, slots=True)
class InputTask:
    """An input page to read (`pipelines.input_pages`): its capture is the gzip member at ``offset`` of a WARC."""

    name: str  # the address as given: what its events call their digest file
    base: str  # the address after redirects: what its links are relative to
    warc: Path
    offset: int
    length: int  # bytes of the member

    @property
    def size(self) -> int:
        """Bytes that travel with the task."""
        return 0


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of a task. ``line`` is the document as JSON, or that of an input's reading; ``reason`` is the task's unless the page
    changed the outcome.
    """

    line: bytes
    outcome: OutcomeWord
    reason: Reason
    text_outcome: TextOutcome
    flags: tuple[str, ...]
    cpu_s: float  # of the child, from opening the source to the line
    unread: str = ""  # why there was no page to extract from; the document is then an empty one
