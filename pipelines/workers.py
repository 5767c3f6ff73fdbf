"""Extraction in child processes: a page has a deadline and a memory cap, and one that breaks its process costs a document, never a run.

Children are started by exec, not by fork: the parent has a reactor and threads, and a child must not run the parent's ``__main__`` again.
One thread a child sends it pages in small batches and takes one reply a page. A child that is late or dead is replaced.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import CancelledError, Future
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.model import OutcomeWord, Reason, TextOutcome
from pipelines.document import document_json, empty_document
from pipelines.input_pages import reading_json, unreadable
from pipelines.tasks import Extracted, ExtractionTask, InputTask

__all__ = ["Extracted", "ExtractionTask", "WorkerPool"]

_BATCH = 8
_BATCH_BYTES = 4 << 20  # of pages that travel with their tasks: they count against the child's memory
_START_SECONDS = 120.0
_START_ATTEMPTS = 3
_LOOK_SECONDS = 0.25  # how long a thread waits for its child before it looks whether the pool is given up
_PATIENCE = 10
_PAGES_PER_CHILD = 5000
"""After so many pages a child is replaced: parsers fragment memory, and a fresh start costs half a second."""

_log = logging.getLogger(__name__)


_Job = tuple[ExtractionTask | InputTask, "Future[Extracted]"]


class WorkerPool:
    """``jobs`` child processes, started when there is work for them. A page that cannot be read gets a document without text
    whose flags say why, so futures do not fail.

    ``deadline`` is in seconds that the child computes for a page, so that a busy machine makes the same documents as an idle one; by the
    clock it has ten times as long. ``memory`` is in bytes a child may take above what it has when it starts.
    """

    def __init__(self, jobs: int, deadline: float = 20.0, memory: int = 1 << 30) -> None:
        self._deadline, self._memory = deadline, memory
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending = 0
        self._closed = False
        self._abandoned = threading.Event()
        self._jobs = max(1, jobs)
        self._threads = [threading.Thread(target=self._run, name=f"extract-{n}", daemon=True) for n in range(self._jobs)]
        for thread in self._threads:
            thread.start()

    @property
    def pending(self) -> int:
        """Tasks submitted and not done; the caller bounds it."""
        return self._pending

    def submit(self, task: ExtractionTask | InputTask) -> Future[Extracted]:
        """Queue a page, or an input to read; never blocks. Callbacks of the future run in a thread of the pool."""
        if self._closed:
            raise RuntimeError("the worker pool is closed")
        future: Future[Extracted] = Future()
        with self._lock:
            self._pending += 1
        future.add_done_callback(self._done)
        self._queue.put((task, future))
        return future

    def close(self) -> None:
        """Finish what was submitted and end the children."""
        if not self._closed:
            self._closed = True
            for _ in self._threads:
                self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def abandon(self) -> None:
        """End now: queued pages are cancelled, those under way are given up; their futures raise `CancelledError`."""
        self._abandoned.set()
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def _done(self, _: Future[Extracted]) -> None:
        with self._lock:
            self._pending -= 1

    def _run(self) -> None:
        """The life of one thread: batches from the queue to its child until the queue says that there are no more."""
        # Children inherit the mask: Ctrl-C in a terminal is for the parent, from their first instruction on.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        worker = _Worker(self._deadline, self._memory, self._abandoned)
        try:
            worker.connect()  # a child takes a second to import its libraries: while the first pages are fetched, not after
            while batch := self._next_batch():
                try:
                    worker.extract(batch)
                except Exception as error:  # noqa: BLE001  # a fault of ours must not leave anyone waiting for ever
                    worker.end()
                    for _, future in batch:
                        future.set_exception(error)
        finally:
            worker.end()

    def _next_batch(self) -> deque[_Job]:
        """At least one task, more when all children have plenty to do; empty at the end."""
        batch: deque[_Job] = deque()
        room, size = 1, 0
        while len(batch) < room and size < _BATCH_BYTES:
            job = self._queue.get()
            if job is None:
                if batch:
                    self._queue.put(None)
                break
            if self._abandoned.is_set():
                job[1].cancel()
            elif job[1].set_running_or_notify_cancel():
                batch.append(job)
                size += job[0].size
                room = min(_BATCH, 1 + self._queue.qsize() // self._jobs)
        return batch


class _Worker:
    """One child at a time, used by one thread: `PR_SET_PDEATHSIG` counts from the thread that started the child."""

    def __init__(self, deadline: float, memory: int, abandoned: threading.Event) -> None:
        self._deadline, self._memory, self._abandoned = deadline, memory, abandoned
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._poller = select.poll()
        self._pages = 0

    def extract(self, jobs: deque[_Job]) -> None:
        """Do all jobs, replacing the child as often as it takes; each future is resolved."""
        while jobs:
            channel = self.connect()
            fault = self._send_and_receive(channel, jobs) if channel else "no-worker"
            if self._abandoned.is_set():
                self.end()
                while jobs:
                    jobs.popleft()[1].set_exception(CancelledError())
            elif channel is None:
                while jobs:
                    _fail(jobs.popleft(), fault)
            elif fault:
                self.end()
                _fail(jobs.popleft(), fault)
            elif self._pages >= _PAGES_PER_CHILD:
                self.end()

    def _send_and_receive(self, channel: Connection, jobs: deque[_Job]) -> str:
        """Resolve jobs from the front until none is left, or one fails: then its fault is returned and it is still the first."""
        try:
            channel.send_bytes(pickle.dumps([task for task, _ in jobs], protocol=5))
            while jobs:
                if not self._is_answered(self._deadline):
                    return "deadline"
                extracted, retire = _read_reply(channel.recv_bytes())
                self._pages = _PAGES_PER_CHILD if retire else self._pages + 1
                jobs.popleft()[1].set_result(extracted)
        except (EOFError, OSError, ValueError):
            return "crashed"
        return ""

    def _is_answered(self, seconds: float) -> bool:
        """Whether a reply came before the child had computed for so long, and before the pool was given up."""
        started, computed = time.monotonic(), self._computed()
        while not self._poller.poll(_LOOK_SECONDS * 1000):
            passed = time.monotonic() - started
            if self._abandoned.is_set() or passed >= _PATIENCE * seconds:
                return False
            if passed >= seconds and self._computed() - computed >= seconds:
                return False
        return True

    def _computed(self) -> float:
        """Seconds of CPU that the child has used; where the system does not say it, those of the clock (proc(5), ``stat``)."""
        try:
            times = Path(f"/proc/{self._process.pid}/stat").read_bytes().rpartition(b")")[2].split() if self._process else []
            return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError, ValueError):
            return time.monotonic()

    def connect(self) -> Connection | None:
        """The channel to a child that is ready; None when none can be started."""
        for _ in range(_START_ATTEMPTS):
            if self._channel is not None or self._abandoned.is_set():
                break
            self._start()
        return self._channel

    def _start(self) -> None:
        ours, theirs = Pipe()
        command = [sys.executable, "-P", "-m", "pipelines.worker", str(theirs.fileno()), str(os.getpid()), str(self._memory)]
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                command, env=_environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        except OSError as error:
            _log.error("an extraction process cannot be started: %s", error.strerror)
            ours.close()
            return
        finally:
            theirs.close()
        self._pages = 0
        self._channel = ours
        self._poller = select.poll()  # Connection.poll makes a selector each time: a third of the parent's cost a page
        self._poller.register(ours.fileno(), select.POLLIN)
        try:
            if self._is_answered(_START_SECONDS) and ours.recv_bytes() == b"ready":
                return
        except (EOFError, OSError):
            pass
        if not self._abandoned.is_set():
            _log.error("an extraction process ended before it was ready")
        self.end()

    def end(self) -> None:
        """Kill the child, if there is one, and wait for it."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _environment() -> dict[str, str]:
    """The child finds this package as the parent did, wherever it was started; numeric libraries start no threads in it."""
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *(p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _read_reply(reply: bytes) -> tuple[Extracted, bool]:
    """A reply is a line of JSON and the document's line: what comes from a process that read hostile pages is data, not pickle."""
    head, _, line = reply.partition(b"\n")
    outcome, reason, text, flags, cpu_s, unread, retire = json.loads(head)
    return Extracted(line, OutcomeWord(outcome), Reason(reason), TextOutcome(text), tuple(flags), cpu_s, str(unread)), bool(retire)


def _fail(job: _Job, fault: str) -> None:
    task, future = job
    if isinstance(task, InputTask):
        why = {"deadline": "reading it took too long", "crashed": "reading it ended its process"}.get(fault, "no process could read it")
        line = reading_json(unreadable(task, why))
        future.set_result(Extracted(line, OutcomeWord.CAPTURED, Reason.OK, TextOutcome.NOT_HTML, (fault,), 0.0))
        return
    document = empty_document(task.context, ("extraction-failed", fault))
    future.set_result(Extracted(document_json(document), document.outcome, task.reason, document.text_outcome, document.flags, 0.0))
