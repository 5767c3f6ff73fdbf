"""``warcite schedule run``: APScheduler keeps the time, each job runs as a process, and what was missed is caught up once."""

from __future__ import annotations

import contextlib
import logging
import queue
import random
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archive.errors import InputError
from archive.times import now
from crawler.schedule.children import Children, job_command
from crawler.schedule.clock import Times
from crawler.schedule.jobs import Job
from crawler.schedule.locks import schedule_lock
from crawler.schedule.run import spool_of
from crawler.schedule.state import JobFolder, missed
from crawler.schedule.trigger import TimesTrigger

_LOOK_UP = 30.0  # seconds: a machine that slept, or a clock that was set, is noticed by then

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A job with a time, and where its state is."""

    job: Job
    times: Times
    folder: JobFolder


def keep_schedule(jobs: Sequence[Job], say: Say, environ: Mapping[str, str] | None = None) -> int:
    """Run ``jobs`` at their times until SIGINT or SIGTERM; returns the exit code. Call it in the main thread.

    Raises `Locked` when another process keeps the schedule of one of their spools, `InputError` when none has a time.
    """
    spools = {job.name: spool_of(job.options({}, environ), environ) for job in jobs}
    kept = [Kept(job, job.times, JobFolder(spools[job.name])) for job in jobs if job.times]
    if not kept:
        raise InputError("no job has a time: give one an `every` in [jobs.NAME] of the configuration file")
    with contextlib.ExitStack() as locks:
        for spool in sorted({spools[k.job.name] for k in kept}):
            locks.enter_context(schedule_lock(spool))
        with _signals() as signals:
            return _Keeper(kept, say).run(signals)


class _Keeper:
    def __init__(self, jobs: Sequence[Kept], say: Say, clock: Callable[[], datetime] = now) -> None:
        self._jobs = {k.job.name: k for k in jobs}
        self._say = say
        self._clock = clock
        self._children = Children()
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # we say it in our own words
        self._scheduler: Any = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(len(self._jobs))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_listener(self._skipped, EVENT_JOB_MAX_INSTANCES)

    def run(self, signals: queue.SimpleQueue[int]) -> int:
        for name, kept in self._jobs.items():
            self._add(name, kept)
        self._scheduler.start()
        number = None
        while number is None:
            with contextlib.suppress(queue.Empty):
                number = signals.get(timeout=_LOOK_UP)
            self._scheduler.wakeup()
        self._stop(signal.Signals(number), signals)
        return 128 + number

    def _add(self, name: str, kept: Kept) -> None:
        at = self._clock()
        trigger = TimesTrigger(kept.times, kept.job.jitter, random.Random())  # noqa: S311  # spreads load, keeps no secret
        state = kept.folder.known(name, at)
        first: dict[str, Any] = {}
        if kept.folder.is_running(name):
            self._log(name, f"is running already, process {state.process}; next {_at(kept.times.after(at))}")
        elif due := missed(kept.times, state, at):
            first = {"next_run_time": at}
            self._log(name, f"{'missed' if state.settled else 'was cut short'} {_at(due)}: catching up, once")
        else:
            self._log(name, f"next {_at(kept.times.after(at))}")
        self._scheduler.add_job(self._run_one, trigger, args=(name,), id=name, **first)

    def _run_one(self, name: str) -> None:
        kept = self._jobs[name]
        command = job_command(name, kept.job.file)
        status = self._children.run(name, command, lambda process: self._log(name, f"started, process {process}"))
        if status is not None:
            self._log(name, f"ended, {self._result(kept, status)}; next {_at(kept.times.after(self._clock()))}")

    def _result(self, kept: Kept, status: int) -> str:
        if status < 0:
            return f"killed by signal {-status}"
        state = kept.folder.read(kept.job.name)
        if state is None or state.exit_code != status:
            return f"status {status}"
        why = f": {state.error}" if state.error else f", {state.sources} sources" if state.sources is not None else ""
        return f"status {status}, {state.state}{why}"

    def _skipped(self, event: JobSubmissionEvent) -> None:
        self._log(event.job_id, f"is still running; {_at(event.scheduled_run_times[-1])} is skipped")

    def _stop(self, number: signal.Signals, signals: queue.SimpleQueue[int]) -> None:
        """Each further signal is passed on as well: the second one makes a crawl stop at once."""
        self._scheduler.pause()
        under_way = self._children.stop(number)
        asked = f"; {', '.join(under_way)} asked to stop, and will go on next time" if under_way else ""
        self._say(f"{_at(self._clock())} schedule: stopping on {number.name}{asked}")
        while self._children.names():
            with contextlib.suppress(queue.Empty):
                self._children.stop(signal.Signals(signals.get(timeout=0.2)))
        self._scheduler.shutdown(wait=True)

    def _log(self, name: str, line: str) -> None:
        self._say(f"{_at(self._clock())} {name}: {line}")


@contextlib.contextmanager
def _signals() -> Iterator[queue.SimpleQueue[int]]:
    """SIGINT and SIGTERM as they come; a handler may put into this queue even while the main thread waits at it."""
    arrived: queue.SimpleQueue[int] = queue.SimpleQueue()

    def put(number: int, _frame: FrameType | None) -> None:
        arrived.put(number)

    before = {number: signal.signal(number, put) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield arrived
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _at(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
