"""File locks that say who is at work: of a job, and of the one process that keeps the schedule of a spool."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.errors import Locked
from archive.spool.directory import spool_failure


class HeldLock:
    """A file lock held from construction to `close`; the kernel frees that of a dead process."""

    def __init__(self, path: Path, complaint: Callable[[], str]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise spool_failure(error, f"open {path}") from error
        try:
            _hold(self._handle)
        except OSError as error:
            os.close(self._handle)
            if isinstance(error, BlockingIOError):
                raise Locked(complaint()) from None
            raise spool_failure(error, f"lock {path}") from error

    def close(self) -> None:
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _hold(handle: int, tries: int = 5) -> None:
    """Somebody who only asks whether the lock is held holds it for an instant (`is_held`): that is no reason to give up."""
    for left in reversed(range(tries)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not left:
                raise
            time.sleep(0.05)
        else:
            return


def is_held(path: Path) -> bool:
    """Whether a process of this machine holds the lock. Raises `StoreError`."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise spool_failure(error, f"open {path}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as error:
        raise spool_failure(error, f"lock {path}") from error
    finally:
        os.close(handle)
    return False


def schedule_lock(spool: Path) -> HeldLock:
    """Held by the one ``schedule run`` that keeps the jobs of a spool. Raises `Locked`."""
    return HeldLock(spool / "schedule.lock", lambda: f"another schedule run keeps the jobs of the spool {spool}")
