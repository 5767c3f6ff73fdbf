"""Events and problems as ``warcite.parse/1`` publishes them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from archive.model import Event, Problem

SCHEMA = "warcite.parse/1"


def event_record(event: Event) -> dict[str, Any]:
    """One event; its citations without the event's id, which is one level up."""
    record = asdict(event)
    for citation in record["citations"]:
        del citation["event_id"]
    return record


def problem_record(problem: Problem) -> dict[str, Any]:
    return asdict(problem)
