"""``warcite run NAME``: one run of a job, never beside another of the same job, with its result remembered."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from archive.errors import Locked, WarciteError
from archive.options import CrawlOptions
from archive.spool.directory import find_spool
from archive.store import open_store
from archive.times import now
from crawler.schedule.jobs import Job
from crawler.schedule.state import JobFolder, JobState, missed

_POLL = 0.5  # seconds between two looks at a spool that another process has

Crawl = Callable[[Job, CrawlOptions], dict[str, Any]]
"""Does the work of a job; returns ``warcite.run/1``."""


def spool_of(options: CrawlOptions, environ: Mapping[str, str] | None = None) -> Path:
    return find_spool(open_store(options.store).uri, options.spool, os.environ if environ is None else environ)


def run_job(
    job: Job,
    options: CrawlOptions,
    crawl: Crawl,
    *,
    delay: float = 0.0,
    wait: float = 0.0,
    clock: Callable[[], datetime] = now,
) -> dict[str, Any]:
    """Run ``job`` and remember how it ended. ``delay`` seconds pass first, with the job's lock held; for ``wait`` seconds a spool
    that another process uses is waited for.

    Raises `Locked` when the job runs already, or the spool stays in use, and whatever ``crawl`` raises.
    """
    folder = JobFolder(spool_of(options))
    with folder.lock(job.name):
        _end_on_sigterm()
        state = folder.known(job.name, clock()).begin(clock())
        try:
            folder.write(job.name, state)
            time.sleep(delay)
            report = _when_free(lambda: crawl(job, options), wait)
        except BaseException as error:
            folder.write(job.name, _ended_by(error, state, clock()))
            raise
        folder.write(job.name, state.end(clock(), report))
    return report


def _when_free(crawl: Callable[[], dict[str, Any]], wait: float) -> dict[str, Any]:
    """`Locked` is raised before anything is done, so that it can be tried again."""
    deadline = time.monotonic() + wait
    while True:
        try:
            return crawl()
        except Locked:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_POLL)


def _ended_by(error: BaseException, state: JobState, at: datetime) -> JobState:
    match error:
        case WarciteError():
            return state.refused(at, error.exit_code, str(error))
        case KeyboardInterrupt():
            return replace(state.refused(at, 130, "before it fetched anything"), state="interrupted")
        case SystemExit(code=int(code)):
            return replace(state.refused(at, code, "before it fetched anything"), state="interrupted")
        case _:
            return state.refused(at, 1, f"{type(error).__name__}: {error}")


def _end_on_sigterm() -> None:
    """SIGTERM while the inputs are read is an end that is remembered, too; Scrapy puts its own handler in place when it starts."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)


def is_missed(job: Job, options: CrawlOptions, at: datetime) -> bool:
    """Whether a time passed without a run, or the last run was cut short. False while it runs."""
    folder = JobFolder(spool_of(options))
    return job.times is not None and not folder.is_running(job.name) and missed(job.times, folder.known(job.name, at), at) is not None
