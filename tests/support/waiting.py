"""Wait for something to be so, not for a time: how fast a machine is must not decide a test."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any


def until(so: Callable[[], bool], process: subprocess.Popen[Any] | None = None, seconds: float = 300) -> None:
    """Returns once ``so`` holds, or ``process`` has ended. Raises `TimeoutError`."""
    deadline = time.monotonic() + seconds
    while not so() and (process is None or process.poll() is None):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {seconds:g} s")
        time.sleep(0.02)
