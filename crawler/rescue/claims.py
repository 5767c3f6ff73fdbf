"""What is compared: what a digest says of a source, and what an archive gave for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.model import Reason


@dataclass(frozen=True, slots=True)
class Cited:
    """What a digest says of a source that an event cites."""

    url: str
    date: str | None  # ISO day of the event
    label: str  # the publisher as the digest names it
    title: str  # of the event: an editor's sentence, seldom the headline
    summary: str  # often the description of one of the pages that the event cites, not always of this one
    related: tuple[str, ...] = ()  # titles and contexts of related events


@dataclass(frozen=True, slots=True)
class Found:
    """What an archive gave."""

    original_url: str  # the memento's original, after redirects
    memento_url: str
    memento_at: datetime
    http_status: int
    document: Mapping[str, Any]  # a ``warcite.document/1`` row; keys may be missing
    reason: Reason  # OK, or what stands in the page's place, as pipelines.extract says
