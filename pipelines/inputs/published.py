"""Events and problems as ``warcite.parse/1`` publishes them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from archive.model import Citation, Event, Problem, Related

SCHEMA = "warcite.parse/1"

_EVENT = tuple(field.name for field in fields(Event))
_CITATION = tuple(field.name for field in fields(Citation) if field.name != "event_id")
_RELATED = tuple(field.name for field in fields(Related))
_PROBLEM = tuple(field.name for field in fields(Problem))


def event_record(event: Event) -> dict[str, Any]:
    """One event; its citations without the event's id, which is one level up."""
    record = _record(event, _EVENT)
    record["citations"] = [_record(citation, _CITATION) for citation in event.citations]
    record["related"] = [_record(related, _RELATED) for related in event.related]
    return record


def problem_record(problem: Problem) -> dict[str, Any]:
    return _record(problem, _PROBLEM)


def _record(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}
