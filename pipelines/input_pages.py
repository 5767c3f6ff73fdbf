"""An input that was fetched, read where hostile pages are read: in a child process, from its capture's bytes, to plain JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin

from archive.errors import InputError
from archive.model import Citation, Event, Problem, Related
from archive.urls import host_of
from archive.warc.http import decode_body, parse_http
from archive.warc.reader import read_block
from pipelines.inputs.addresses import fetchable
from pipelines.inputs.kinds import HEAD, Kind, tell_kind
from pipelines.inputs.read import InputReader
from pipelines.tasks import InputTask

MAX_BODY = 256 << 20  # bytes without codings
MAX_EVENTS = 200_000  # of one page; they travel as one message


@dataclass(frozen=True, slots=True)
class Lead:
    """Another input page that this one names; ``event`` is the event it would tell in full, if this one tells it in short."""

    url: str  # fetchable
    event: str | None = None


@dataclass(frozen=True, slots=True)
class InputReading:
    """What an input page holds. ``unread`` says why, when it could not be read at all; a problem tells it too."""

    events: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()
    leads: tuple[Lead, ...] = ()
    unread: bool = False


def read_input(task: InputTask, warc: Path) -> InputReading:
    """Kind told by content. Raises `DamageError` when the capture cannot be read."""
    decoded = decode_body(parse_http(read_block(warc, task.offset, task.length)), MAX_BODY)
    problems = [Problem(task.name, 0, f"what came is not whole: {flag}") for flag in decoded.flags if "truncated" in flag]
    reader = InputReader(follows=True)
    events: dict[str, Event] = {}
    for found in reader.read_stream(task.name, io.BytesIO(decoded.body)):
        if isinstance(found, Problem):
            problems.append(found)
        elif len(events) < MAX_EVENTS:
            events.setdefault(found.id, found)
        else:
            problems.append(Problem(task.name, 0, f"more than {MAX_EVENTS} events: the rest is left out"))
            break
    leads = [Lead(further.url) for further in reader.further]
    if tell_kind(decoded.body[:HEAD], whole=len(decoded.body) < HEAD) is Kind.DIGEST:
        leads += _event_pages(events.values(), task)
    unread = not events and not leads and any(p.line == 0 for p in problems)
    return InputReading(tuple(events.values()), tuple(problems), tuple(leads), unread)


def _event_pages(events: Iterable[Event], task: InputTask) -> Iterator[Lead]:
    """A day index names its events and links to their pages, which name the sources: those on its own host are input pages too."""
    told = list(events)
    own = {_slug(task.base), _slug(task.name)}
    if any(event.url and _slug(event.url) in own for event in told):
        return  # an event's own page, which may lie elsewhere than it says
    for event in told:
        if event.citations or not event.url:
            continue
        try:
            url = fetchable(urljoin(task.base, event.url))
        except (InputError, ValueError):
            continue
        if host_of(url) == host_of(task.base):
            yield Lead(url.partition("#")[0], event.id)


def _slug(address: str) -> str:
    """The last part of a path, without its suffix."""
    return PurePosixPath(unquote(address.partition("?")[0].partition("#")[0])).stem


# --- as a message of the child to its parent: data, not pickle ----------------------------------


def reading_json(reading: InputReading) -> bytes:
    return json.dumps(asdict(reading), ensure_ascii=True, allow_nan=False).encode("ascii")


def reading_of_json(line: bytes) -> InputReading:
    """Raises `ValueError`, `TypeError` or `KeyError` for what `reading_json` did not make."""
    row = json.loads(line)
    return InputReading(
        events=tuple(_event(event) for event in row["events"]),
        problems=tuple(Problem(**problem) for problem in row["problems"]),
        leads=tuple(Lead(**lead) for lead in row["leads"]),
        unread=bool(row["unread"]),
    )


def _event(row: dict[str, Any]) -> Event:
    related = tuple(replace(Related(**r), contexts=tuple(r["contexts"])) for r in row["related"])
    citations = tuple(Citation(**c) for c in row["citations"])
    return Event(**{**row, "topics": tuple(row["topics"]), "citations": citations, "related": related})


def unreadable(task: InputTask, why: str) -> InputReading:
    return InputReading(problems=(Problem(task.name, 0, why),), unread=True)
