"""The ``[jobs.NAME]`` tables of the configuration file: what to crawl or recrawl, with which options, and when."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from archive.config import OPTION_NAMES, Setting, config_file, job_tables, load, nearest, options_of, seconds
from archive.errors import InputError, NotFound
from archive.index.targets import Selection
from archive.options import CrawlOptions
from crawler.schedule.clock import SpanTimes, Times, parse_every
from crawler.seeds.days import Window, is_dated, window

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class _Table:
    """A job's table besides selection and options, as it is written."""

    inputs: tuple[str, ...] = ()
    kind: Literal["crawl", "recrawl"] | None = None
    days: int | None = None
    every: str | None = None
    timezone: str = "UTC"
    jitter: str | float = 0
    ok_if_partial: bool = False


_OWN = tuple(f.name for f in fields(_Table))
SELECTION = tuple(f.name for f in fields(Selection))
_KNOWN = tuple(dict.fromkeys((*_OWN, *SELECTION, *OPTION_NAMES)))


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    file: Path
    inputs: tuple[str, ...]
    kind: Literal["crawl", "recrawl"]
    window: Window  # of days, for addresses with the day in them
    selection: Selection  # of the archive's own targets; empty when there are inputs
    every: str | None
    times: Times | None  # None: only when asked for, by ``warcite run NAME``
    jitter: float  # seconds a run may start late, so that not all the world knocks at the full hour
    ok_if_partial: bool
    overrides: Mapping[str, Setting] = field(default_factory=dict)

    def options(self, given: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> CrawlOptions:
        """Those of its crawl: command line, environment, the job's table, the file, defaults. Raises `InputError`."""
        return options_of(load(given, environ, self.file, job=self.overrides))


def load_jobs(file: Path | None, environ: Mapping[str, str] | None = None) -> dict[str, Job]:
    """Every job of the configuration file in force, checked. Raises `InputError` naming the file, the job and the key."""
    path = file or config_file(os.environ if environ is None else environ)
    if path is None:
        return {}
    load({}, environ, path)  # a misspelt [job.nightly] is told, too
    jobs = {name: _job(path, name, table) for name, table in job_tables(path).items()}
    for job in jobs.values():
        job.options({}, environ)
    return jobs


def find_job(name: str, file: Path | None) -> Job:
    """Raises `NotFound` naming the jobs that there are, `InputError` when the file or a job of it cannot be used."""
    jobs = load_jobs(file)
    if name not in jobs:
        where = file or config_file()
        if where is None:
            raise NotFound(f"no job {name!r}: there is no configuration file; jobs are tables [jobs.NAME] in warcite.toml")
        raise NotFound(f"{where}: no job {name!r}" + (nearest(name, tuple(jobs)) if jobs else "; it has none"))
    return jobs[name]


def _job(path: Path, name: str, table: Mapping[str, Any]) -> Job:
    where = f"{path}: [jobs.{name}]"
    if not _NAME.fullmatch(name):
        raise InputError(f"{where}: a job's name has letters, digits, - and _, 40 at most")
    for key in table:
        if key not in _KNOWN:
            raise InputError(f"{where}: unknown key {key!r}{nearest(key, _KNOWN)}")
    own: _Table = _typed(_Table, {key: value for key, value in table.items() if key in _OWN}, where)
    selection = _selection(table, where)
    try:
        times = parse_every(own.every, own.timezone) if own.every is not None else None
        jitter = seconds(str(own.jitter), "jitter")
        days = window(days=own.days)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    kind = own.kind or ("recrawl" if selection else "crawl")
    _check(where, own, kind, selection)
    if isinstance(times, SpanTimes) and jitter >= times.seconds:
        raise InputError(f"{where}: jitter: must be less than every = {own.every!r}")
    overrides = {key: Setting(value, where) for key, value in table.items() if key in OPTION_NAMES}
    return Job(name, path, own.inputs, kind, days, selection, own.every, times, jitter, own.ok_if_partial, overrides)


def _check(where: str, own: _Table, kind: str, selection: Selection) -> None:
    if bool(own.inputs) == bool(selection):
        raise InputError(f"{where}: say either inputs or what of the archive to fetch again ({', '.join(SELECTION)})")
    if kind == "crawl" and selection:
        raise InputError(f"{where}: {', '.join(SELECTION)} select what to fetch again; that is kind = 'recrawl'")
    if "-" in own.inputs:
        raise InputError(f"{where}: inputs: a job cannot read standard input")
    if own.days is not None and not any(is_dated(name) for name in own.inputs):
        raise InputError(f"{where}: days: no input is an address with the day in it, like https://host/news/%Y/%m/%-d/index.md")


def _selection(table: Mapping[str, Any], where: str) -> Selection:
    given = {key: value for key, value in table.items() if key in SELECTION}
    if "older_than" in given:
        given["older_than"] = seconds(str(given["older_than"]), f"{where}: older_than")
    selection: Selection = _typed(Selection, given, where)
    return selection


def _typed(kind: type, values: dict[str, Any], where: str) -> Any:
    texts = {key: (value,) if isinstance(value, str) and key == "inputs" else value for key, value in values.items()}
    try:
        return TypeAdapter(kind).validate_python(texts)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{where}: {first['loc'][0]}: {first['msg']}") from error
