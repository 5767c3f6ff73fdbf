"""``warcite schedule export``: the jobs written down for something that keeps time already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from archive.errors import InputError, StoreError
from crawler.schedule.clock import Times
from crawler.schedule.jobs import Job


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by name, and what whoever installs them should know."""

    files: dict[str, str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Target:
    """Where the jobs will run. ``command`` starts warcite (systemd, cron), ``image`` is the container's (Kubernetes, compose)."""

    config: Path
    command: str
    image: str
    folder: Path  # cron starts jobs there


Writer = Callable[[Sequence[tuple[Job, Times]], Target], Exported]


def export_jobs(jobs: Sequence[Job], write: Writer, target: Target) -> Exported:
    """Raises `InputError` when no job has a time, or one has a time that cannot be written there."""
    timed = [(job, job.times) for job in jobs if job.times]
    if not timed:
        raise InputError(f"{target.config}: no job has a time: give one an `every`")
    done = write(timed, target)
    return Exported(done.files, [*done.notes, *(f"{j.name} has no `every` and is left out" for j in jobs if not j.times)])


def write_files(found: Mapping[str, str], folder: Path) -> None:
    """Files that are there already are replaced. Raises `StoreError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror}") from error


def template(name: str) -> Template:
    return Template((files("crawler.schedule") / "templates" / name).read_text(encoding="utf-8"))


def local_inputs(job: Job) -> list[str]:
    """The inputs that are no addresses: they must be where the job will run."""
    return [name for name in job.inputs if urlsplit(name).scheme not in {"http", "https"}]
