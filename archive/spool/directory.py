"""Where a crawl keeps what is not committed yet: the ledger, the segments and the lock that makes this process their only writer."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from archive.durable import make_directories, sync_directory
from archive.errors import LimitReached, Locked, StoreError, WarciteError


def find_spool(store_uri: str, chosen: str | None, environ: Mapping[str, str]) -> Path:
    """The spool of a store: the chosen one, else ``<dir>.spool`` beside a ``file://`` store, else under the user's state directory.

    The same store always finds the same spool, so that the same command again resumes.
    """
    if chosen:
        return Path(chosen)
    parts = urlsplit(store_uri)
    if parts.scheme == "file":
        root = Path(unquote(parts.path))
        return root.with_name(root.name + ".spool")
    state = Path(environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "warcite" / "spool" / hashlib.sha256(store_uri.encode()).hexdigest()[:16]


class Spool:
    """A spool directory, locked while open. Raises `Locked` when another live process has it (the kernel frees the lock of a dead one)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        try:
            make_directories(directory)
            with contextlib.suppress(PermissionError):
                sync_directory(directory.parent)  # it may have been made by a process that died before its fsync
            self._lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise spool_failure(error, f"use the spool {directory}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            if isinstance(error, BlockingIOError):
                raise Locked(
                    f"another warcite is using the spool {directory}; wait for it, or give this one its own with --spool DIR"
                ) from None
            raise spool_failure(error, f"lock the spool {directory}") from error

    @property
    def ledger(self) -> Path:
        return self.directory / "ledger.sqlite"

    def open_segment(self, segment: str) -> Path:
        return self.directory / f"{segment}.open"

    def sealed_segment(self, segment: str) -> Path:
        return self.directory / f"{segment}.warc.gz"

    def documents(self, segment: str) -> Path:
        """Clean text made so far for a segment; only a cache, made again from the segment after a crash."""
        return self.directory / f"{segment}.documents.jsonl"

    def segments_on_disk(self) -> list[tuple[str, Path]]:
        """Every segment file, open or sealed, with its name."""
        found = [(p.name.removesuffix(".open"), p) for p in self.directory.glob("*.open")]
        return sorted(found + [(p.name.removesuffix(".warc.gz"), p) for p in self.directory.glob("*.warc.gz")])

    def close(self) -> None:
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def spool_failure(error: OSError, doing: str) -> WarciteError:
    """What the user can do about a spool that cannot be written or read; ``doing`` completes "cannot ..."."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return LimitReached(f"no space left to {doing} ({error.strerror}); free some and run the same command again")
    return StoreError(f"cannot {doing}: {error.strerror}")
