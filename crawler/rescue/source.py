"""What a web archive is to the rescue: who can be asked for copies of an address, and where their raw bytes are.

Sources compute addresses and read answers; how an answer is had (rate, retries, cache, recording) is the business of who gives `Ask`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from archive.errors import WarciteError


class ArchiveUnavailable(WarciteError):
    """No answer that says anything: to be asked again another day."""


class ArchiveRefuses(WarciteError):
    """The archive will not show this, whoever asks: final."""


@dataclass(frozen=True, slots=True)
class Question:
    """A GET request to an archive's interface or for a copy."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` have names in lower case; ``body`` is without its codings."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


Ask = Callable[[Question], Awaitable[Answer]]
"""Raises `ArchiveUnavailable`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dead address, and when it was cited."""

    url: str
    near: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A copy that an archive says it has."""

    archive: str  # the source's name
    original: str  # the address that was captured
    at: datetime  # when
    address: str  # of the copy's raw bytes
    digest: str = ""  # of its payload, as the archive writes it
    kind: Literal["archive", "warc-copy"] = "archive"
    span: tuple[int, int] | None = None  # offset and length of its gzip member in the WARC at `address`

    @property
    def question(self) -> Question:
        """The request for its bytes (RFC 9110 section 14.2 for those in a WARC)."""
        if self.span is None:
            return Question(self.address)
        first, length = self.span
        return Question(self.address, (("Range", f"bytes={first}-{first + length - 1}"),))

    @property
    def memento(self) -> str:
        """Its address for people and documents: that of the bytes, in a WARC with the part it is."""
        if self.span is None:
            return self.address
        first, length = self.span
        return f"{self.address}#bytes={first}-{first + length - 1}"


class ArchiveSource(Protocol):
    """One archive. Methods raise `ArchiveUnavailable` and `ArchiveRefuses`."""

    @property
    def name(self) -> str: ...

    async def candidates(self, wanted: Wanted, ask: Ask) -> list[Candidate]:
        """Its copies of one address, best first."""

    async def of_host(self, host: str, wanted: Sequence[Wanted], ask: Ask) -> Mapping[str, list[Candidate]]:
        """By SURT key, the copies of several dead addresses of one host, had with one question.

        An empty list says that there is none; a key that is missing says nothing. Sources that cannot be asked so return nothing.
        """
