"""Processes of this one: they die with it, and Ctrl-C is its alone."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """For a child: be killed when the parent dies, even by SIGKILL (Linux, prctl(2)); elsewhere the end of its pipe has to tell it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C waits. What is forked here inherits that it does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
