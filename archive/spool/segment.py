"""A segment: the WARC file one writer appends to, from ``<name>.open`` to a sealed ``<name>.warc.gz`` that never changes again."""

from __future__ import annotations

import os
from pathlib import Path

from archive.durable import sync_directory
from archive.errors import StoreError, WarciteError
from archive.spool.directory import Spool, spool_failure


class SegmentWriter:
    """Appends whole gzip members. What `sync` has returned for is on the disk; what came after may be lost with the machine.

    Every method raises `LimitReached` (disk full) or `StoreError`. After a failure that leaves in doubt what the file holds (an fsync may
    drop the bytes it could not write, and succeed the next time), they raise it again for ever.
    """

    def __init__(self, spool: Spool, name: str, opened_at: float) -> None:
        self.name = name
        self.opened_at = opened_at
        self.captures = 0  # appends: one an exchange
        self._spool = spool
        self._path = spool.open_segment(name)
        self._failure: WarciteError | None = None
        try:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
            sync_directory(spool.directory)  # bytes that are fsynced under a name that is not would be lost
        except OSError as error:
            raise spool_failure(error, f"make {self._path}") from error
        self.length = 0  # bytes appended
        self.synced = 0  # bytes known to be on the disk

    @property
    def path(self) -> Path:
        return self._path

    def append(self, members: bytes) -> int:
        """Append in one go; returns the offset. What a short write left is cut off again."""
        self._require_sound()
        offset = self.length
        try:
            written = os.write(self._file, members)
            while written < len(members):
                written += os.write(self._file, members[written:])
        except OSError as error:
            failure = spool_failure(error, f"write {self._path}")
            try:
                os.ftruncate(self._file, offset)
            except OSError:
                self._failure = failure
            raise failure from error
        self.length += len(members)
        self.captures += 1
        return offset

    def sync(self) -> None:
        self._require_sound()
        if self.synced < self.length:
            try:
                os.fsync(self._file)
            except OSError as error:
                self._failure = spool_failure(error, f"write {self._path}")
                raise self._failure from error
            self.synced = self.length

    def seal(self) -> Path:
        """fsync, rename, fsync the directory: the file is final."""
        self.sync()
        try:
            os.close(self._file)
        except OSError as error:
            raise spool_failure(error, f"close {self._path}") from error
        return seal(self._spool, self.name)

    def _require_sound(self) -> None:
        if self._failure:
            raise self._failure


def seal(spool: Spool, name: str) -> Path:
    """Raises `LimitReached` or `StoreError`; then the segment may have either name, and the next start seals it."""
    sealed = spool.sealed_segment(name)
    try:
        spool.open_segment(name).rename(sealed)
        sync_directory(spool.directory)
    except OSError as error:
        raise spool_failure(error, f"seal {sealed}") from error
    return sealed


def cut_and_seal(spool: Spool, name: str, length: int) -> Path:
    """Cut an open segment to the length the ledger vouches for, and seal it. Never guesses in gzip."""
    path = spool.open_segment(name)
    try:
        _cut(path, length)
    except OSError as error:
        raise spool_failure(error, f"cut {path}") from error
    return seal(spool, name)


def _cut(path: Path, length: int) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        if os.fstat(handle).st_size < length:
            raise StoreError(f"{path} is shorter than the ledger says ({length} bytes): captures were lost outside warcite")
        os.ftruncate(handle, length)
        os.fsync(handle)
    finally:
        os.close(handle)
