"""What a job remembers beside the spool of its store, and the lock that keeps it from overlapping itself.

``<spool>/jobs/NAME.json`` is written with fsync and rename at start and end; ``NAME.lock`` is held while the job runs, so that
a start without an end and without a holder of the lock is one that was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from archive.durable import sync_directory
from archive.spool.directory import spool_failure
from archive.times import iso, parse_iso
from crawler.schedule.clock import Times
from crawler.schedule.locks import HeldLock, is_held

SCHEMA = "warcite.job/1"
_UNFINISHED = frozenset({130, 143})  # interrupted, resumable


@dataclass(frozen=True, slots=True)
class JobState:
    """Times are RFC 3339, UTC. ``exit_code`` and what follows are of the run that began at ``started``, None while it has no end."""

    known_since: str  # a job is not late for times before somebody first looked at it
    started: str | None = None
    finished: str | None = None
    exit_code: int | None = None
    state: str | None = None  # as in warcite.run/1, or "refused" when no run came about
    run: str | None = None
    sources: int | None = None
    outcomes: dict[str, int] | None = None
    error: str | None = None
    process: int | None = None
    host: str | None = None

    @property
    def settled(self) -> bool:
        """Whether the last run, if there was one, came to an end of its own."""
        return self.started is None or (self.finished is not None and self.exit_code not in _UNFINISHED)

    def begin(self, at: datetime) -> JobState:
        return JobState(self.known_since, started=iso(at), process=os.getpid(), host=socket.gethostname())

    def refused(self, at: datetime, exit_code: int, error: str) -> JobState:
        return replace(self, finished=iso(at), exit_code=exit_code, state="refused", error=error)

    def end(self, at: datetime, report: dict[str, Any]) -> JobState:
        """``report`` is the ``warcite.run/1`` of the run."""
        return replace(
            self,
            finished=iso(at),
            exit_code=report["exit_code"],
            state=report["state"],
            run=report["run"],
            sources=report["sources"],
            outcomes=report["outcomes"],
            error=report.get("error"),
        )


def missed(times: Times, state: JobState | None, at: datetime) -> datetime | None:
    """The time that passed without a run, however many did: the last one, or that of a run which was cut short.

    A time that fell into a run is not missed: a job does not overlap itself.
    """
    if state is None:
        return None
    if not state.settled and state.started:
        return parse_iso(state.started)
    due = times.until(at)
    return due if due > parse_iso(state.finished or state.known_since) else None


class JobFolder:
    """The state files of the jobs of one spool. Raises `StoreError` and `LimitReached` when they cannot be used."""

    def __init__(self, spool: Path) -> None:
        self.path = spool / "jobs"

    def read(self, name: str) -> JobState | None:
        """None when the job never ran; a damaged file counts as none, since all it holds is when the last run was."""
        with contextlib.suppress(FileNotFoundError, ValidationError, ValueError, TypeError, AttributeError):
            found = json.loads((self.path / f"{name}.json").read_text(encoding="utf-8"))
            known = {field.name for field in fields(JobState)}
            state = TypeAdapter(JobState).validate_python({key: value for key, value in found.items() if key in known})
            for at in (state.known_since, state.started, state.finished):
                if at and parse_iso(at).tzinfo is None:
                    return None
            return state
        return None

    def write(self, name: str, state: JobState) -> None:
        text = json.dumps({"schema": SCHEMA, "job": name, **asdict(state)}, indent=1) + "\n"
        path = self.path / f"{name}.json"
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync_directory(self.path)
        except OSError as error:
            raise spool_failure(error, f"write {path}") from error

    def known(self, name: str, at: datetime) -> JobState:
        """The state, begun at ``at`` when there is none yet."""
        state = self.read(name)
        if state is None:
            state = JobState(known_since=iso(at))
            self.write(name, state)
        return state

    def is_running(self, name: str) -> bool:
        """Whether a process of this machine runs the job now."""
        return is_held(self.path / f"{name}.lock")

    def lock(self, name: str) -> HeldLock:
        """Raises `Locked` saying since when which process runs the job."""
        return HeldLock(self.path / f"{name}.lock", lambda: f"job {name} is running already{_by(self.read(name))}")


def _by(state: JobState | None) -> str:
    return f" since {state.started}, process {state.process} on {state.host}" if state and state.started else ""
