"""Manifests audited one after the other, or by several processes at once."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Self

from archive.audit.segment import Plan, SegmentReport, audit_segment
from archive.errors import LimitReached
from archive.store.base import Store
from archive.store.open import open_store

_PR_SET_PDEATHSIG = 1


class Auditors:
    """Entering forks the processes, so that threads which the caller starts afterwards are not forked with them."""

    def __init__(self, store: Store, plan: Plan, jobs: int) -> None:
        self._store = store
        self._plan = plan
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> Self:
        if self._jobs > 1:
            fork = multiprocessing.get_context("fork")
            self._pool = ProcessPoolExecutor(self._jobs, fork, initializer=_prepare, initargs=(os.getpid(),))
            self._pool.submit(os.getpid)  # the first task forks all of them
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is None:
            return
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        if kind is not None:
            for child in set(multiprocessing.active_children()) - self._others:
                child.terminate()

    def audit(self, keys: Sequence[str]) -> Iterator[SegmentReport]:
        """A report for each manifest, in order. Raises `StoreError`, and `LimitReached` when a process dies."""
        if self._pool is None:
            yield from (audit_segment(self._store, key, self._plan) for key in keys)
            return
        try:
            yield from self._pool.map(partial(_audit, self._store.uri, self._plan), keys)
        except BrokenProcessPool as error:
            raise LimitReached("a verifying process died, perhaps for want of memory; try --jobs 1") from error


def _prepare(parent: int) -> None:
    """Ctrl-C ends a worker without a word, and so does the death of its parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _audit(uri: str, plan: Plan, key: str) -> SegmentReport:
    return audit_segment(open_store(uri), key, plan)
