"""``warcite schedule list``: each job, how its last run ended, and when it runs next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from archive.times import iso
from crawler.schedule.jobs import Job
from crawler.schedule.run import spool_of
from crawler.schedule.state import JobFolder, missed

SCHEMA = "warcite.schedule/1"
_START = 60.0  # seconds after its time within which a job may still start


def listed(jobs: Iterable[Job], at: datetime, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The schedule as JSON: every job in the order of the file, also those without a time."""
    return {"schema": SCHEMA, "at": iso(at), "jobs": [_row(job, at, environ) for job in jobs]}


def _row(job: Job, at: datetime, environ: Mapping[str, str] | None) -> dict[str, Any]:
    options = job.options({}, environ)
    folder = JobFolder(spool_of(options, environ))
    state = folder.read(job.name)
    running = folder.is_running(job.name)
    still_to_come = timedelta(seconds=job.jitter + _START)
    late = missed(job.times, state, at - still_to_come) if job.times and not running else None
    last = {key: value for key, value in asdict(state).items() if key != "known_since"} if state and state.started else None
    return {
        "name": job.name,
        "kind": job.kind,
        "inputs": list(job.inputs),
        "every": job.every,
        "timezone": job.times.zone if job.times else None,
        "jitter": job.jitter,
        "store": options.store,
        "running": running,
        "last": last,
        "next": iso(job.times.after(at)) if job.times else None,
        "missed": iso(late) if late else None,
    }


def shown(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A table for people."""
    cells = [("JOB", "EVERY", "LAST", "RESULT", "NEXT"), *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(5)]
    for line in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _cells(row: dict[str, Any]) -> tuple[str, str, str, str, str]:
    every = f"{row['every']} {row['timezone']}" if row["every"] else "on demand"
    late = f" (missed {_short(row['missed'])})" if row["missed"] else ""
    last = row["last"] or {}
    return row["name"], every, _short(last.get("started")), _result(row["running"], last), _short(row["next"]) + late


def _result(running: bool, last: dict[str, Any]) -> str:
    if running:
        return f"running, process {last.get('process')}"
    if not last:
        return "never ran"
    if last["finished"] is None:
        return "killed"
    outcomes = "".join(f", {count} {word}" for word, count in (last["outcomes"] or {}).items() if count)
    return f"{last['exit_code']} {last['state']}{outcomes}" + (f": {last['error']}" if last["error"] else "")


def _short(time: str | None) -> str:
    return f"{time[:19]}Z" if time else "-"
