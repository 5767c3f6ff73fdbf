"""Where the commit protocol is cut: its steps in order, each as a place in the code before or after which to die.

Nothing in the code knows of these places. `arm` replaces one function, for the process that called it.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

Only = Callable[[tuple[Any, ...], str], bool]
"""Whether a call counts: its positional arguments, and the name of the function that made it."""


@dataclass(frozen=True)
class Point:
    """``name`` says what the dead process had just done. ``where`` is ``module:attribute``; ``half`` passes on half of the bytes first."""

    name: str
    where: str
    when: Literal["before", "after", "half"]
    only: Only = lambda _args, _caller: True

    def arm(self, nth: int) -> None:
        """Kill this process the ``nth`` time it gets here. Call it before the modules that use the function are imported."""
        reached = count(1)

        def die() -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        def wired(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            now = self.only(args, sys._getframe(2).f_code.co_name) and next(reached) == nth
            if now and self.when == "before":
                die()
            if now and self.when == "half":
                original(*args[:-1], args[-1][: len(args[-1]) // 2])
                die()
            result = original(*args, **kwargs)
            if now:
                die()
            return result

        replace(self.where, wired)


def replace(where: str, wired: Callable[..., Any]) -> None:
    """Put ``wired(original, ...)`` in the place of a function or method."""
    module, _, path = where.partition(":")
    owner: Any = importlib.import_module(module)
    *classes, name = path.split(".")
    for each in classes:
        owner = getattr(owner, each)
    original = getattr(owner, name)

    @functools.wraps(original)
    def instead(*args: Any, **kwargs: Any) -> Any:
        return wired(original, *args, **kwargs)

    setattr(owner, name, instead)


def _called_by(name: str) -> Only:
    return lambda _, caller: caller == name


def _into(folder: str) -> Only:
    """A rename or link whose target lies in this folder of the store."""
    return lambda args, _: Path(os.fsdecode(args[1])).parent.name == folder


def _is_segment(args: tuple[Any, ...], caller: str) -> bool:
    return str(args[-1]).endswith(".warc.gz")


def _behind_acknowledged(args: tuple[Any, ...], caller: str) -> bool:
    """A capture for a segment of which the ledger vouches for a part."""
    return caller == "record" and args[0].synced > 0


_LEDGER, _SEGMENT, _SPOOL = "archive.spool.ledger:Ledger", "archive.spool.segment:SegmentWriter", "archive.spool"

IN_THE_CRAWL = (
    Point("the run has its row", f"{_SPOOL}.entry:start_run", "after"),
    Point("inputs are entered, not committed", f"{_SPOOL}.entry:_enter_batch", "after"),
    Point("targets are leased", f"{_SPOOL}.frontier:Frontier.lease", "after"),
    Point("a segment file exists that the ledger does not know", f"{_SEGMENT}.__init__", "after"),
    Point("an answer is received, nothing of it written", f"{_SEGMENT}.append", "before", _behind_acknowledged),
    Point("half of a capture is written", f"{_SEGMENT}.append", "half", _behind_acknowledged),
    Point("a capture is written, not synced", f"{_SEGMENT}.append", "after", _behind_acknowledged),
    Point("captures are synced, the ledger does not say so", f"{_SEGMENT}.sync", "after"),
    Point("the ledger's rows say captured, not committed", f"{_LEDGER}.captured", "after"),
    Point("captures are acknowledged, not extracted", "crawler.publisher:Publisher.extract", "before"),
    Point("a page is extracted", f"{_LEDGER}.extracted", "after"),
    Point("a full segment is about to be renamed", "os:rename", "before", _is_segment),
    Point("a segment is renamed, its folder not synced", "os:rename", "after", _is_segment),
    Point("a segment is sealed, the ledger does not know", "archive.durable:sync_directory", "after", _called_by("seal")),
    Point("a segment's seal is booked, not committed", f"{_LEDGER}.sealed", "after"),
    Point("the events file is written", "pipelines.publish:write_events", "after"),
    Point("the WARC is a temporary file in the store", "os:replace", "before", _into("warc")),
    Point("the WARC is in the store", "os:replace", "after", _into("warc")),
    Point("the index is in the store", "os:replace", "after", _into("cdxj")),
    Point("the documents are in the store", "os:replace", "after", _into("documents")),
    Point("the manifest is a temporary file in the store", "os:link", "before", _into("manifests")),
    Point("the manifest is committed", "os:link", "after", _into("manifests")),
    Point("the commit is answered, the ledger does not know", f"{_SPOOL}.commit:commit", "after"),
    Point("final states are written, not committed", f"{_LEDGER}.commit", "before", _called_by("finish")),
    Point("the ledger is final, the spool file still there", f"{_LEDGER}.finish", "after"),
    Point("the spool file is gone", "os:unlink", "after", _is_segment),
    Point("all is done but the run's own row", "crawler.report:run_report", "after"),
)
IN_THE_RECOVERY = (
    Point("a segment is about to be cut", f"{_SPOOL}.segment:cut_and_seal", "before"),
    Point("a segment is cut, not synced", "os:ftruncate", "after", _called_by("_cut")),
    Point("a cut segment is renamed", "os:rename", "after", _is_segment),
    Point("leases are given back, not committed", f"{_LEDGER}.commit", "before", _called_by("recover_spool")),
    Point("the spool is recovered", f"{_SPOOL}.recover:recover_spool", "after"),
    Point("a manifest is learned, not committed", f"{_LEDGER}.commit", "before", _called_by("_learn")),
    Point("a manifest is learned, its spool file still there", f"{_SPOOL}.recover:_learn", "after"),
)
OF_INPUTS = (
    Point("an interrupted run is taken up", f"{_SPOOL}.seeds:take_up", "after"),
    Point("inputs that are addresses are entered, not committed", f"{_SPOOL}.seeds:enter_inputs", "after"),
    Point("an input is acknowledged, not read", "crawler.seeds.desk:InputDesk.read", "before"),
    Point("an input is read, nothing of it entered", "crawler.seeds.desk:InputDesk._enter", "before"),
)
"""Where a crawl is cut whose inputs are addresses."""

POINTS = {point.name: point for point in (*IN_THE_CRAWL, *IN_THE_RECOVERY, *OF_INPUTS)}
