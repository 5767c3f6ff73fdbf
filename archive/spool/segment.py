"""A segment: the WARC file one writer appends to, from ``<name>.open`` to a sealed ``<name>.warc.gz`` that never changes again."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from archive.errors import LimitReached, StoreError
from archive.spool.directory import Spool, sync_directory


class SegmentWriter:
    """Appends whole gzip members. What `sync` has returned for is on the disk; what came after may be lost with the machine."""

    def __init__(self, spool: Spool, name: str, opened_at: float) -> None:
        self.name = name
        self.opened_at = opened_at
        self.captures = 0  # appends: one an exchange
        self._spool = spool
        self._path = spool.open_segment(name)
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
        self.length = 0  # bytes appended
        self.synced = 0  # bytes known to be on the disk

    @property
    def path(self) -> Path:
        return self._path

    def append(self, members: bytes) -> int:
        """Append in one go; returns the offset. A short write is cut off again and raises `LimitReached` (disk full) or `StoreError`."""
        offset = self.length
        try:
            written = os.write(self._file, members)
            while written < len(members):
                written += os.write(self._file, members[written:])
        except OSError as error:
            os.ftruncate(self._file, offset)
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                raise LimitReached(f"no space left for {self._path}; free some and run the same command again") from error
            raise StoreError(f"cannot write {self._path}: {error.strerror}") from error
        self.length += len(members)
        self.captures += 1
        return offset

    def sync(self) -> None:
        if self.synced < self.length:
            os.fsync(self._file)
            self.synced = self.length

    def seal(self) -> Path:
        """fsync, rename, fsync the directory: the file is final."""
        self.sync()
        os.close(self._file)
        return seal(self._spool, self.name)


def seal(spool: Spool, name: str) -> Path:
    sealed = spool.sealed_segment(name)
    spool.open_segment(name).rename(sealed)
    sync_directory(spool.directory)
    return sealed


def cut_and_seal(spool: Spool, name: str, length: int) -> Path:
    """Cut an open segment to the length the ledger vouches for, and seal it. Never guesses in gzip."""
    path = spool.open_segment(name)
    handle = os.open(path, os.O_RDWR)
    try:
        if os.fstat(handle).st_size < length:
            raise StoreError(f"{path} is shorter than the ledger says ({length} bytes): captures were lost outside warcite")
        os.ftruncate(handle, length)
        os.fsync(handle)
    finally:
        os.close(handle)
    return seal(spool, name)
