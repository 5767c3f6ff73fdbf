"""The bytes of one file, from a source into a part file: in stretches side by side where the source has ranges, again where it fails."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from archive.errors import StoreError
from crawler.pull.origin import Body, Facts, Source
from crawler.pull.part import BLOCK, PartFile
from crawler.pull.web import BROKEN, Interrupted

_STRETCH = 32 * BLOCK
_ALONE = 2 * _STRETCH  # bytes that are not worth a second connection
_SYNC_EVERY = 64 << 20
_TICK = 0.2  # seconds between two looks at how far it is

Told = Callable[[int, int], None]
"""Told the bytes that are there, and all there will be (0 when nobody knows)."""


@dataclass(frozen=True, slots=True)
class How:
    """``retries`` is how often in a row a request may fail; the first pause after it lasts ``pause`` seconds, each next twice that."""

    connections: int = 4
    retries: int = 5
    pause: float = 0.5


def ask(source: Source, how: How) -> Facts:
    """Raises `NotFound`, `StoreError`, after two tries more when the server does not answer."""
    for attempt in range(min(how.retries, 2)):
        try:
            return source.facts()
        except Interrupted:
            threading.Event().wait(how.pause * 2**attempt)
    return source.facts()


@dataclass(slots=True)
class _Stretch:
    """Bytes from ``start`` to ``end`` are yet to be put; the first ``filled`` of them have come, into ``buffer``."""

    start: int
    end: int
    buffer: memoryview
    filled: int = 0

    @property
    def block(self) -> memoryview:
        return self.buffer[: min(BLOCK, self.end - self.start)]

    @property
    def reached(self) -> int:
        return self.start + self.filled

    @property
    def is_whole(self) -> bool:
        return self.start >= self.end


class Receiver:
    """One attempt. Raises `Changed`, `StoreError`, `LimitReached`; what came stays in the part file."""

    def __init__(self, source: Source, facts: Facts, part: PartFile, how: How, told: Told) -> None:
        self._source, self._facts, self._part, self._how, self._told = source, facts, part, how, told
        self._waiting = deque(part.missing(_STRETCH) if facts.ranges else ())
        self._stop = threading.Event()
        self._failure: BaseException | None = None

    def run(self) -> None:
        work = self._stretches if self._facts.ranges else self._stream
        count = self._how.connections if self._facts.ranges and (self._facts.size or 0) > _ALONE else 1
        threads = [threading.Thread(target=self._guarded, args=(work,), daemon=True) for _ in range(max(1, min(count, len(self._waiting))))]
        for thread in threads:
            thread.start()
        try:
            self._watch(threads)
        except BaseException as error:
            self._fail(error)
            self._part.abandon()  # Ctrl-C does not wait until a server answers
            raise
        if self._failure is not None:
            raise self._failure

    def _watch(self, threads: list[threading.Thread]) -> None:
        """Meanwhile, the disk is given what it must have at the end."""
        synced = self._part.done
        while any(thread.is_alive() for thread in threads):
            for thread in threads:
                thread.join(_TICK / len(threads))
            self._told(self._part.done, self._facts.size or 0)
            if self._part.done - synced >= _SYNC_EVERY and self._failure is None:
                synced = self._part.done
                if self._facts.size is None:
                    self._part.require_room(_SYNC_EVERY)
                self._part.sync()

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._failure = self._failure or error
        self._stop.set()
        self._part.fail(error)

    def _stretches(self) -> None:
        buffer = memoryview(bytearray(BLOCK))
        while not self._stop.is_set():
            try:
                start, end = self._waiting.popleft()
            except IndexError:
                return
            self._stretch(_Stretch(start, end, buffer))

    def _stretch(self, stretch: _Stretch) -> None:
        failures = 0
        while not (stretch.is_whole or self._stop.is_set()):
            before = stretch.reached
            try:
                self._some_of(stretch)
            except (Interrupted, *BROKEN) as error:
                failures = 0 if stretch.reached > before else failures + 1
                if failures > self._how.retries:
                    raise StoreError(f"{error}; what came is kept: run the same command again to go on") from error
                self._stop.wait(self._how.pause * 2**failures)

    def _some_of(self, stretch: _Stretch) -> None:
        with closing(self._source.open(stretch.reached, stretch.end - stretch.reached)) as body:
            self._copy(body, stretch)
        if not (stretch.is_whole or self._stop.is_set()):
            raise Interrupted(f"{self._source.where}: it broke off after {stretch.reached} bytes")

    def _copy(self, body: Body, stretch: _Stretch) -> None:
        """Block by block, until the stretch or the body ends."""
        while not (stretch.is_whole or self._stop.is_set()):
            block = stretch.block
            count = body.readinto(block[stretch.filled :])
            if not count:
                return
            stretch.filled += count
            if stretch.filled == len(block):
                self._part.put(stretch.start, block)
                stretch.start, stretch.filled = stretch.start + len(block), 0

    def _stream(self) -> None:
        """From the first byte to the last: what cannot be asked for in parts begins again when it breaks off."""
        size = self._facts.size
        stretch = _Stretch(0, sys.maxsize if size is None else size, memoryview(bytearray(BLOCK)))
        with closing(self._source.open(0, None)) as body:
            self._copy(body, stretch)
        if size is None and stretch.filled:
            self._part.put(stretch.start, stretch.block[: stretch.filled])
        elif size is not None and not stretch.is_whole:
            raise Interrupted(f"{self._source.where}: it broke off after {stretch.reached} of {size} bytes")
        self._part.end(stretch.reached)
