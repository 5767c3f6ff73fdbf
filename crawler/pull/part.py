"""A file that is on its way: its bytes, and a journal of the blocks that are there, each with its checksum.

The journal is trusted as far as the checksums hold, so neither has to be on the disk at any moment: what a power cut took is fetched again.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from isal import isal_zlib

from archive.durable import sync_directory
from archive.errors import LimitReached, Locked, StoreError, WarciteError
from crawler.pull.origin import Facts

BLOCK = 1 << 20
"""Bytes that the journal speaks of at a time."""
_SCHEMA = "warcite.pull-journal/1"
_SPARE = 16 << 20  # bytes to leave on the disk


class PartFile:
    """``.NAME.part`` and ``.NAME.journal`` in a folder, locked while open. Raises `Locked`, `LimitReached`, `StoreError`."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path, self._journal_path = folder / f".{name}.part", folder / f".{name}.journal"
        self._final = folder / name
        self._condition = threading.Condition()
        self._writing = threading.Lock()
        self._there: set[int] = set()
        self._whole_blocks = 0  # of the file's beginning, all there
        self._ended = self._abandoned = self._resumes = False
        self._failure: BaseException | None = None
        self.size: int | None = None
        self.resumed = 0  # bytes that an earlier pull left
        try:
            self._journal = _locked(self._journal_path)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except BlockingIOError as error:
            raise Locked(f"another pull is writing {self._final}; wait for it") from error
        except OSError as error:
            raise write_failure(error, self.path) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._abandoned:
            os.close(self._file)
            os.close(self._journal)

    def abandon(self) -> None:
        """A thread may still write to it, though the process is about to end: the descriptors stay open, or it might hit another file."""
        self._abandoned = True

    @property
    def resumes(self) -> bool:
        """Whether what is there is of use to the next pull."""
        return self._resumes

    def clear(self) -> None:
        """The next `begin` starts anew."""
        os.ftruncate(self._journal, 0)

    # --- begin -----------------------------------------------------------------------------------

    def begin(self, where: str, facts: Facts) -> None:
        """Keep what is there of these very bytes, or start anew. Raises `LimitReached` where the whole would not fit on the disk."""
        self.size = facts.size
        head = json.dumps({"schema": _SCHEMA, "from": where, "size": facts.size, "version": facts.version}).encode() + b"\n"
        self._there, self._whole_blocks, self._ended, self.resumed, self._failure = set(), 0, False, 0, None
        self._resumes = facts.ranges and facts.size is not None
        try:
            if self._resumes and facts.size is not None:
                self._there = self._kept(head, facts.size)
            if not self._there:
                os.ftruncate(self._file, 0)
                os.ftruncate(self._journal, 0)
                os.write(self._journal, head)
            os.write(self._journal, b"\n")  # behind a line that a kill left unfinished
        except OSError as error:
            raise write_failure(error, self.path) from error
        self.resumed = sum(self._length(block) for block in self._there)
        self._advance()
        self.require_room((facts.size or 0) - self.resumed)

    def _kept(self, head: bytes, size: int) -> set[int]:
        data = _read_all(self._journal)
        if not data.startswith(head):
            return set()
        found: dict[int, int] = {}
        for line in data[len(head) :].split(b"\n")[:-1]:  # a line that was not finished is none
            with suppress(ValueError):
                block, crc = line.split(b" ")
                found[int(block)] = int(crc, 16)
        return {block for block, crc in found.items() if 0 <= block < _blocks(size) and self._crc(block) == crc}

    def _crc(self, block: int) -> int | None:
        wanted = self._length(block)
        data = os.pread(self._file, wanted, block * BLOCK)
        return int(isal_zlib.crc32(data)) if len(data) == wanted else None

    def _length(self, block: int) -> int:
        return min(BLOCK, (self.size or 0) - block * BLOCK)

    def require_room(self, needed: int) -> None:
        free = shutil.disk_usage(self.path.parent).free
        if needed + _SPARE > free:
            raise LimitReached(f"{needed} bytes are to come and {free} are free where {self._final} shall lie; free some, or use -o")

    def missing(self, longest: int) -> Iterator[tuple[int, int]]:
        """Stretches that are not there, in bytes from and to, of at most ``longest``."""
        start: int | None = None
        size = self.size or 0
        for block in range(_blocks(size) + 1):
            absent = block < _blocks(size) and block not in self._there
            if start is not None and (not absent or (block - start) * BLOCK >= longest):
                yield start * BLOCK, min(block * BLOCK, size)
                start = None
            if absent and start is None:
                start = block

    # --- arriving --------------------------------------------------------------------------------

    def put(self, offset: int, data: memoryview) -> None:
        """A whole block, or the file's last bytes."""
        block = offset // BLOCK
        try:
            written = 0
            with self._writing:  # a file takes one write at a time: who waits for that in the kernel, spins
                while written < len(data):
                    written += os.pwrite(self._file, data[written:], offset + written)
            os.write(self._journal, b"%d %08x\n" % (block, isal_zlib.crc32(data)))
        except OSError as error:
            raise write_failure(error, self.path) from error
        with self._condition:
            self._there.add(block)
            self._advance()
            self._condition.notify_all()

    def end(self, size: int) -> None:
        """No more bytes come: the file is that long."""
        with self._condition:
            self.size, self._ended = size, True
            self._condition.notify_all()

    def fail(self, error: BaseException) -> None:
        """Whoever waits for bytes is told that they do not come."""
        with self._condition:
            self._failure = self._failure or error
            self._condition.notify_all()

    @property
    def done(self) -> int:
        """Bytes that are there."""
        return min(len(self._there) * BLOCK, self.size if self.size is not None else len(self._there) * BLOCK)

    def _advance(self) -> None:
        while self._whole_blocks in self._there:
            self._whole_blocks += 1

    def read(self, offset: int, buffer: memoryview) -> memoryview:
        """Waits until all is there up to the end of the stretch; short at the file's end. Raises what `fail` was told."""
        with self._condition:
            while self._failure is None and self._whole_blocks * BLOCK < offset + len(buffer) and not self._is_whole():
                self._condition.wait()
            if self._failure is not None:
                raise self._failure
        return buffer[: os.preadv(self._file, [buffer], offset)]

    def _is_whole(self) -> bool:
        return self._ended or (self.size is not None and self._whole_blocks >= _blocks(self.size))

    # --- the end ---------------------------------------------------------------------------------

    def sync(self) -> None:
        """Raises `LimitReached`, `StoreError`."""
        try:
            os.fdatasync(self._file)
        except OSError as error:
            raise write_failure(error, self.path) from error

    def publish(self) -> Path:
        """Under its own name, for good."""
        try:
            os.ftruncate(self._file, self.size or 0)
            os.fsync(self._file)
            self.path.rename(self._final)
            sync_directory(self._final.parent)
            self._journal_path.unlink(missing_ok=True)
        except OSError as error:
            raise write_failure(error, self._final) from error
        return self._final

    def discard_empty(self) -> None:
        """Before anything came, nothing need stay; what an earlier pull left does."""
        if not os.fstat(self._file).st_size:
            self.discard()

    def discard(self) -> None:
        """Nothing of it is of use."""
        for path in (self.path, self._journal_path):
            with suppress(OSError):
                path.unlink()


def _locked(path: Path) -> int:
    """Raises `BlockingIOError`, also when the pull that had the lock has just ended and taken its journal away."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not path.exists() or not os.path.samestat(os.fstat(file), path.stat()):
            raise BlockingIOError
    except OSError:
        os.close(file)
        raise
    return file


def _blocks(size: int) -> int:
    return -(-size // BLOCK)


def _read_all(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)


def write_failure(error: OSError, path: Path) -> WarciteError:
    """What the user can do about it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return LimitReached(f"no space left to write {path} ({error.strerror}); free some and run the same command again")
    return StoreError(f"cannot write {path}: {error.strerror or error}")
