"""What a page says of itself besides its text: which of it changed, and whether the page owned up to a change by its dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from archive.urls import surt
from pipelines.history.noise import spelled

Row = dict[str, Any]

_AT_REQUEST = timedelta(minutes=1)
"""A page that says twice that it was modified just when it was asked for states the time of the request."""


def changed_fields(before: Row, after: Row) -> tuple[str, ...]:
    """Keys of the publisher's metadata that differ: not what we made of the page, and not how a thing is spelled."""
    old, new = _without_request_times(before, after), _without_request_times(after, before)
    return tuple(key for key, spelled in _COMPARED.items() if spelled(old.get(key)) != spelled(new.get(key)))


def dates_tell(before: Row, after: Row) -> bool:
    """Whether the page states another date of publication or modification than before."""
    old, new = _without_request_times(before, after), _without_request_times(after, before)
    return any(new.get(key) and not _same_time(old.get(key), new.get(key)) for key in ("date_published", "date_modified"))


def _without_request_times(row: Row, other: Row) -> Row:
    return {**row, "date_modified": None} if _is_request_time(row) and _is_request_time(other) else row


def _is_request_time(row: Row) -> bool:
    modified, captured = _moment(row.get("date_modified")), _moment(row.get("captured_at"))
    return modified is not None and captured is not None and abs(modified - captured) <= _AT_REQUEST


def _moment(value: object) -> datetime | None:
    """A time to the minute or better; days are none."""
    if not isinstance(value, str) or len(value) <= 10:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _same_time(one: object, other: object) -> bool:
    """The same moment in any time zone; where one is less precise, the same day as written."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    first, second = _moment(one), _moment(other)
    if first is None or second is None:
        return one[:10] == other[:10]
    return first == second


def _text(value: object) -> object:
    return (spelled(value) if isinstance(value, str) else value) or None


def _names(value: object) -> object:
    return sorted({str(_text(one)).casefold() for one in value}) if isinstance(value, list) else value or []


def _time(value: object) -> object:
    moment = _moment(value)
    return moment.isoformat() if moment else value or None


def _address(value: object) -> object:
    return surt(value) if isinstance(value, str) and value else value or None


def _image(value: object) -> object:
    """Sizes and signatures stand in the query."""
    if not isinstance(value, str) or not value:
        return value or None
    try:
        return urlsplit(value).path
    except ValueError:
        return value


_COMPARED: dict[str, Callable[[object], object]] = {
    **dict.fromkeys(("title", "description", "byline", "site_name", "license"), _text),
    **dict.fromkeys(("authors", "tags", "categories"), _names),
    **dict.fromkeys(("date_published", "date_modified"), _time),
    "canonical_url": _address,
    "image_url": _image,
    "free_access": lambda value: value,
}
