"""Pages that were never crawled: one saved file, or a list of them as JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, BinaryIO

from archive.errors import InputError
from archive.model import DocumentContext, OutcomeWord
from archive.times import iso, parse_iso
from pipelines.ordered import in_order
from pipelines.tasks import Extracted, ExtractionTask, SavedPage
from pipelines.work import Work

CAPTURED_AT = ""
"""When a page was captured that nobody says it of. No date in the page can then be too late to be true."""

_MAX_LINE = 1 << 20  # bytes of a line of the list
_OWN_ID = re.compile(rb'\{"schema": "[^"]*", "id": ("[0-9a-f]{32}")')


def page_task(content: Path | bytes, url: str, captured_at: str = CAPTURED_AT) -> ExtractionTask:
    """A page as if captured with status 200 at its address. What only a capture has, such as a record id, is empty."""
    context = DocumentContext(url, url, captured_at, OutcomeWord.CAPTURED, 200, "", None, 0, 0, "")
    return ExtractionTask(context, SavedPage(content))


def read_time(text: str) -> str:
    """A time or day in ISO 8601 (UTC where it names no offset) as documents write it. Raises `InputError`."""
    try:
        at = parse_iso(text)
        return iso(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise InputError(f"not a time like 2016-05-21T12:00:00Z: {text[:60]!r}") from error


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list: its number, the id it gives its page, and what is wrong with it."""

    number: int
    id: str | int | None
    problem: str = ""


class PageList:
    """Answers to a list of pages, a line of JSON for each line that is not blank, in the same order; counted on the way.

    ``{"id", "path", "url"}`` asks, optionally with ``captured_at``. The answer is the document, its ``id`` the one asked with if there
    was one, and ``cpu``, the seconds it took; or ``{"id", "line", "error"}``.
    """

    def __init__(self, lines: BinaryIO, work: Work, captured_at: str = CAPTURED_AT) -> None:
        self._lines, self._work, self._captured_at = lines, work, captured_at

    def __iter__(self) -> Iterator[bytes]:
        for listed, extracted in in_order(self._work.pool, self._tasks()):
            self._work.tally.count(extracted)
            yield _document(listed, extracted) if extracted and not extracted.unread else _refusal(listed, extracted)

    def _tasks(self) -> Iterator[tuple[Listed, ExtractionTask | None]]:
        for number, line in enumerate(_lines_of(self._lines), 1):
            if line is None or line.strip():
                yield self._task(number, line)

    def _task(self, number: int, line: bytes | None) -> tuple[Listed, ExtractionTask | None]:
        wanted: dict[str, Any] = {}
        try:
            wanted = _object(line)
            path, url = _text(wanted, "path"), _text(wanted, "url")
            captured_at = read_time(_text(wanted, "captured_at")) if "captured_at" in wanted else self._captured_at
        except InputError as error:
            return Listed(number, _id(wanted), str(error)), None
        return Listed(number, _id(wanted)), self._work.prepared(page_task(Path(path), url, captured_at))


def _lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines; None for one that is longer than any could be."""
    try:
        while line := stream.readline(_MAX_LINE):
            whole = len(line) < _MAX_LINE or line.endswith(b"\n")
            while len(line) == _MAX_LINE and not line.endswith(b"\n"):
                line = stream.readline(_MAX_LINE)
            yield line if whole else None
    except OSError as error:
        raise InputError(f"the list of pages cannot be read: {error.strerror}") from error


def _object(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise InputError(f"more than {_MAX_LINE} bytes in one line")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a line of JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError('not an object like {"id": "1", "path": "page.html", "url": "http://www.example.com/story"}')
    return value


def _text(wanted: dict[str, Any], name: str) -> str:
    value = wanted.get(name)
    if not isinstance(value, str) or not value:
        raise InputError(f"no {name}" if value in (None, "") else f"{name} is no text")
    return value


def _id(wanted: dict[str, Any]) -> str | int | None:
    value = wanted.get("id")
    return value if isinstance(value, str | int) else None


def _document(listed: Listed, extracted: Extracted) -> bytes:
    """The document's line with the two keys: spliced in, since reading and writing it again costs as much as sending it here."""
    line = extracted.line.rstrip(b"\n")
    own = _OWN_ID.match(line)
    if own and listed.id is not None:
        line = line[: own.start(1)] + json.dumps(listed.id).encode() + line[own.end(1) :]
    return b'%b, "cpu": %.6f}\n' % (line[:-1], extracted.cpu_s)


def _refusal(listed: Listed, extracted: Extracted | None) -> bytes:
    named = {} if listed.id is None else {"id": listed.id}
    return json.dumps({**named, "line": listed.number, "error": extracted.unread if extracted else listed.problem}).encode() + b"\n"
