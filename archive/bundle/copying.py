"""The WARCs of a bundle written to their places, and its index: by this process, or by one of its own while this one does other things."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self, cast

from archive.bundle.contents import Contents
from archive.bundle.copy import FileCopy
from archive.bundle.index import BundleIndex
from archive.bundle.package import Resource
from archive.bundle.zip import Entry, header_size, local_header
from archive.children import die_with, uninterrupted
from archive.errors import LimitReached
from archive.store import Store, open_store

Told = Callable[[int], None]
"""Told how many bytes were copied since it was told last."""


class Copied(NamedTuple):
    """A WARC of the bundle: its place in the ZIP, and what is said of it."""

    entry: Entry
    resource: Resource


def copy_warcs(store: Store, contents: Contents, indexes: Path, out: BinaryIO | None, told: Told) -> list[Copied]:
    """All WARCs in order of their paths, from the beginning of ``out``; without it they are only read. ``indexes`` is made: the folder.

    Raises `DamageError`, `KeyMissing`, `StoreError`, `OSError`.
    """
    copied: list[Copied] = []
    position = 0
    with BundleIndex() as lines:
        for file in contents.files():
            copy = FileCopy(store, contents, file, lines)
            if out is not None:
                out.seek(position + header_size(file.path, file.size))
            for chunk in copy:
                if out is not None:
                    out.write(chunk)
                told(len(chunk))
            entry = Entry(file.path, file.size, copy.crc, position)
            if out is not None:
                out.seek(position)
                out.write(local_header(entry))
            more = {"segment": file.segment, "source": file.warc, "whole": file.whole}
            copied.append(Copied(entry, Resource(file.path, copy.sha256, file.size, more)))
            position = entry.end
        indexes.mkdir()
        lines.write(indexes)
    return copied


@dataclass(frozen=True, slots=True)
class _Job:
    store: str
    contents: Path
    indexes: Path
    out: Path


class Copying:
    """`copy_warcs` into the file ``out``, by a forked process from when it is entered; use as a context manager.

    Leaving it before the end ends the process, whatever it was at. Ctrl-C is the caller's alone.
    """

    def __init__(self, store: Store, contents: Contents, indexes: Path, out: Path, told: Told) -> None:
        self._job = _Job(store.uri, contents.path, indexes, out)
        self._told = told
        self._done: list[Copied] | None = None

    def __enter__(self) -> Self:
        fork = multiprocessing.get_context("fork")
        self._ours, theirs = fork.Pipe(duplex=False)
        with theirs:
            self._child = fork.Process(target=_run, args=(theirs, self._ours, os.getpid(), self._job), daemon=True)
            with uninterrupted():
                self._child.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._child.kill()
        self._child.join()
        self._ours.close()

    @property
    def pid(self) -> int | None:
        return self._child.pid

    def look(self) -> None:
        """Pass on what the process has said meanwhile; it waits when nobody listens for long. Raises what it raised."""
        while self._done is None and self._ours.poll():
            self._hear()

    def result(self) -> list[Copied]:
        """Wait for the end. Raises what the process raised, and `LimitReached` when it died."""
        while self._done is None:
            self._hear()
        return self._done

    def _hear(self) -> None:
        try:
            said = self._ours.recv()
        except (EOFError, OSError) as error:
            raise LimitReached("the process that copies WARCs died, perhaps for want of memory; run the same command again") from error
        if isinstance(said, BaseException):
            raise said
        if isinstance(said, int):
            self._told(said)
        else:
            self._done = cast("list[Copied]", said)


def _run(channel: Connection, theirs: Connection, parent: int, job: _Job) -> None:
    """The life of the process."""
    die_with(parent)
    theirs.close()
    answer: list[Copied] | Exception
    with contextlib.suppress(BrokenPipeError):  # nobody waits any more
        try:
            with Contents(job.contents) as contents, job.out.open("r+b") as out:
                answer = copy_warcs(open_store(job.store), contents, job.indexes, out, channel.send)
        except Exception as error:  # noqa: BLE001 - it is raised again, in the parent
            error.add_note(traceback.format_exc())
            answer = error
        channel.send(answer)
