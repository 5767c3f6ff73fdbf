"""The jobs under way as processes of their own, so that one that dies takes nothing with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

_WAIT = "1d"  # for the spool, when another job or crawl uses it


def job_command(name: str, file: Path) -> list[str]:
    # -P: a folder called `crawler` where the user stands is not ours.
    return [sys.executable, "-P", "-m", "crawler.cli", "run", name, "--config", str(file), "--no-progress", "--wait", _WAIT]


class Children:
    """Processes by the name of their job. Used by the scheduler's threads and by the main one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False

    def run(self, name: str, command: Sequence[str], told: Callable[[int], None]) -> int | None:
        """Start, call ``told`` with the process id, wait; returns the exit status, None when nothing may start any more.

        Each child leads a process group, so that Ctrl-C in a terminal reaches it once, from us: a second one means "at once".
        """
        with self._lock:
            if self._stopping:
                return None
            # Its talk goes where ours goes; it must outlive us when we are killed, so that it gets no pipe of ours.
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, process_group=0)  # noqa: S603  # ourselves
            self._running[name] = child
        told(child.pid)
        status = child.wait()
        with self._lock:
            del self._running[name]
        return status

    def stop(self, number: signal.Signals) -> list[str]:
        """Start nothing any more and pass the signal on; returns the names of the jobs under way."""
        with self._lock:
            self._stopping = True
            for child in self._running.values():
                child.send_signal(number)
            return sorted(self._running)

    def names(self) -> list[str]:
        with self._lock:
            return sorted(self._running)
