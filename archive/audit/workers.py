"""Manifests audited one after the other, or by several processes at once."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import traceback
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self, cast

from archive.audit.segment import Plan, SegmentReport, audit_segment
from archive.children import die_with, uninterrupted
from archive.errors import LimitReached
from archive.store.base import Store
from archive.store.open import open_store

_END_SECONDS = 10.0


class Auditors:
    """Entering forks the processes, so that threads which the caller starts afterwards are not forked with them.

    Ctrl-C is the caller's alone: it cannot fall between the start of a process and the note of it, and no process sees it.
    """

    def __init__(self, store: Store, plan: Plan, jobs: int) -> None:
        self._store = store
        self._plan = plan
        self._jobs = jobs
        self._children: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> Self:
        if self._jobs < 2:
            return self
        try:
            with uninterrupted():
                for _ in range(self._jobs):
                    self._fork()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def audit(self, keys: Sequence[str]) -> Iterator[SegmentReport]:
        """A report for each manifest, in order. Raises `StoreError`, and `LimitReached` when a process dies."""
        if not self._children:
            yield from (audit_segment(self._store, key, self._plan) for key in keys)
            return
        waiting = iter(enumerate(keys))
        under_way: dict[Connection, int] = {}
        early: dict[int, SegmentReport] = {}  # finished before others that come before them
        for child in self._children:
            _hand_out(child, waiting, under_way)
        for number in range(len(keys)):
            while number not in early:
                for child in cast("list[Connection]", wait(list(under_way))):
                    report = _receive(child)
                    early[under_way.pop(child)] = report
                    _hand_out(child, waiting, under_way)
            yield early.pop(number)

    def _fork(self) -> None:
        fork = multiprocessing.get_context("fork")
        ours, theirs = fork.Pipe()
        with theirs:
            inherited = [*self._children, ours]
            child = fork.Process(target=_serve, args=(theirs, inherited, os.getpid(), self._store.uri, self._plan), daemon=True)
            self._children[ours] = child
            child.start()

    def _end(self) -> None:
        """They only read, so they may be killed at any time."""
        with uninterrupted():
            for child in self._children.values():
                if child.pid is not None:
                    child.kill()
            for connection, child in self._children.items():
                if child.pid is not None:
                    child.join(_END_SECONDS)
                connection.close()
            self._children.clear()


def _hand_out(child: Connection, waiting: Iterator[tuple[int, str]], under_way: dict[Connection, int]) -> None:
    """Give a process the next manifest, if there is one."""
    for number, key in waiting:
        under_way[child] = number
        with contextlib.suppress(OSError):  # it died: its end of the pipe says so to whoever reads
            child.send(key)
        return


def _receive(child: Connection) -> SegmentReport:
    try:
        answer = child.recv()
    except (EOFError, OSError) as error:
        raise LimitReached("a verifying process died, perhaps for want of memory; try --jobs 1") from error
    if isinstance(answer, BaseException):
        raise answer
    return cast("SegmentReport", answer)


def _serve(channel: Connection, inherited: Sequence[Connection], parent: int, uri: str, plan: Plan) -> None:
    """The life of a process: manifests come in, reports go out, until the parent is gone."""
    die_with(parent)
    for other in inherited:
        other.close()
    with contextlib.suppress(EOFError, OSError):
        while True:
            channel.send(_answer(uri, plan, channel.recv()))


def _answer(uri: str, plan: Plan, key: str) -> SegmentReport | Exception:
    try:
        return audit_segment(open_store(uri), key, plan)
    except Exception as error:  # noqa: BLE001 - it is raised again, in the parent
        error.add_note(traceback.format_exc())
        return error
