"""Progress of long work on bytes on standard error: a bar on a terminal, heartbeat lines without one."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bar

from archive.console import say
from archive.times import now

HEARTBEAT_SECONDS = 30.0


class ByteProgress:
    """Call it with bytes done, bytes to do, and what was done; ``verb`` is the command at work. ``WARCITE_PROGRESS_SECONDS`` in the
    environment sets the heartbeat.
    """

    def __init__(self, verb: str = "verify") -> None:
        self._verb = verb
        console = Console(stderr=True)
        self._live = console.is_terminal and os.environ.get("TERM") != "dumb"
        columns = (TextColumn(verb), BarColumn(), DownloadColumn(), TaskProgressColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=console, disable=not self._live)
        self._task = self._bar.add_task(verb, total=None)
        self._state = (0, 0)
        self._started = time.monotonic()
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)

    def __call__(self, done: int, total: int, what: str) -> None:
        del what
        self._state = (done, total)
        if not self._live:
            if not self._heart.is_alive() and not self._ended.is_set():
                self._heart.start()
            return
        self._bar.start()  # not before: a thread draws it, and processes are forked first
        self._bar.update(self._task, total=total, completed=done)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._bar.stop()
        if self._heart.is_alive():
            self._heart.join()

    def _beat(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is for the main thread, also while that lets it wait
        seconds = float(os.environ.get("WARCITE_PROGRESS_SECONDS") or HEARTBEAT_SECONDS)
        while not self._ended.wait(seconds):
            self.show()

    def show(self) -> None:
        done, total = self._state
        rate = done / max(time.monotonic() - self._started, 0.001)
        eta = f"{(total - done) / rate:.0f}s" if done else "?"
        say(f"{now():%H:%M:%SZ} {self._verb} {done / 1e6:.1f}/{total / 1e6:.1f} MB rate={rate / 1e6:.1f} MB/s eta={eta}")
