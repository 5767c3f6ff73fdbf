"""How often one archive is asked: a promise that all processes of a machine keep together, by a locked file in the state directory."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import math
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.spool.directory import spool_failure

PAUSE_SECONDS = 60.0
"""How long an archive that answered 429 without ``Retry-After`` is left alone."""

LONGEST_PAUSE = 3600.0
_NAP = 5.0  # a waiting process looks again this often: another one may have been told to stop


@dataclass(slots=True)
class _Turn:
    """Seconds of the wall clock, which all processes share; a reboot does not matter to it."""

    next: float = 0.0  # nobody may ask before
    stopped_until: float = 0.0


class Limiter:
    """Of one host: at most ``per_minute`` calls of `turn` return in any minute, over all processes with this directory.

    A turn is taken when its time has come, never kept for later: a process that dies while it waits costs nothing.
    Raises `StoreError` or `LimitReached` when the file cannot be used.
    """

    def __init__(
        self,
        directory: Path,
        host: str,
        per_minute: float,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._path = directory / f"limit-{hashlib.sha256(host.encode()).hexdigest()[:16]}.json"
        self._interval = 60.0 / per_minute
        self._clock = clock
        self._sleep = sleep

    async def turn(self) -> None:
        """Wait for the right to send one request now."""
        while (wait := self._take()) > 0:
            await self._sleep(min(wait, _NAP))

    async def open(self) -> None:
        """Wait until the host may be asked at all; takes no turn."""
        while (wait := self._stopped()) > 0:
            await self._sleep(min(wait, _NAP))

    def stop_for(self, seconds: float) -> None:
        """The host said 429: nobody asks it for so long."""
        with self._locked() as turn:
            turn.stopped_until = max(turn.stopped_until, self._clock() + min(seconds, LONGEST_PAUSE))

    def _take(self) -> float:
        """Seconds still to wait; 0 when the turn is ours."""
        with self._locked() as turn:
            now = self._clock()
            wait = max(turn.next, turn.stopped_until) - now
            if wait <= 0:
                turn.next = now + self._interval
            return max(wait, 0.0)

    def _stopped(self) -> float:
        with self._locked() as turn:
            return max(turn.stopped_until - self._clock(), 0.0)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[_Turn]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise spool_failure(error, f"use {self._path}") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            turn = _read(handle, self._clock(), self._interval)
            before = asdict(turn)
            yield turn
            if asdict(turn) != before:
                os.ftruncate(handle, 0)
                os.pwrite(handle, json.dumps(asdict(turn)).encode(), 0)
        except OSError as error:
            raise spool_failure(error, f"use {self._path}") from error
        finally:
            os.close(handle)


def _read(handle: int, now: float, interval: float) -> _Turn:
    """What the file says; nothing, when it cannot be read or was written before the clock was set back."""
    try:
        values = json.loads(os.pread(handle, 4096, 0))
        turn = _Turn(float(values["next"]), float(values["stopped_until"]))
    except (ValueError, TypeError, KeyError):
        return _Turn()
    later = turn.next > now + max(interval, 60.0) or turn.stopped_until > now + LONGEST_PAUSE
    return _Turn() if later or not math.isfinite(turn.next + turn.stopped_until) else turn
