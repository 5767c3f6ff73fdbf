"""What a bundle or a dataset is called, and when it was made, by what is in it: never by the clock or the machine."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from archive.bundle.events import EventBook
from archive.bundle.pages import second
from archive.selection.select import Selection


def created_at(newest: str, fixed: datetime | None) -> str:
    """RFC 3339 to the second: ``fixed`` (SOURCE_DATE_EPOCH), else when the newest segment in it was committed."""
    return second(newest) if fixed is None else f"{fixed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def default_name(created: str, selection: Selection) -> str:
    """Of the time and of what was chosen."""
    chosen = hashlib.sha256(json.dumps(selection.as_json(), sort_keys=True).encode()).hexdigest()[:8]
    return f"{created.translate({ord('-'): None, ord(':'): None})}-{chosen}"


def default_title(selection: Selection, events: EventBook) -> str:
    """The event's, where one is chosen."""
    told = events.title(selection.events[0]) if len(selection.events) == 1 else None
    return told or (f"warcite {selection}" if selection else "warcite archive")
