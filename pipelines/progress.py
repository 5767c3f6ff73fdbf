"""Progress of an extraction on standard error: a count on a terminal, heartbeat lines without one."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from archive.console import say
from archive.times import now
from pipelines.work import Tally

HEARTBEAT_SECONDS = 30.0


class PageProgress:
    """Shows a tally as it grows. ``WARCITE_PROGRESS_SECONDS`` in the environment sets the heartbeat.

    Where the results themselves go to the terminal there is no live display: it would be written over.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        console = Console(stderr=True)
        self._live = console.is_terminal and os.environ.get("TERM") != "dumb" and not sys.stdout.isatty()
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self._bar = Bar(*columns, console=console, disable=not self._live)
        self._task = self._bar.add_task("extract", total=None)
        self._started = time.monotonic()
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        self._heart.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._heart.join()
        self._bar.stop()

    def _beat(self) -> None:
        seconds = 0.5 if self._live else float(os.environ.get("WARCITE_PROGRESS_SECONDS") or HEARTBEAT_SECONDS)
        while not self._ended.wait(seconds):
            rate = (self._tally.made + self._tally.failed) / max(time.monotonic() - self._started, 0.001)
            line = f"extract {self._tally.made} documents, {self._tally.failed} failed, rate={rate:.1f}/s"
            if self._live:
                self._bar.update(self._task, description=line)
            else:
                say(f"{now():%H:%M:%SZ} {line}")
