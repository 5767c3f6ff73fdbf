"""The child's side of `pipelines.workers`: ``python -m pipelines.worker CHANNEL PARENT MEMORY``."""

from __future__ import annotations

import gc
import json
import os
import pickle
import resource
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from archive.children import die_with
from archive.errors import WarciteError
from pipelines.document import document_json, empty_document
from pipelines.extract import Extraction, How, examine
from pipelines.sources import path_now, read_body
from pipelines.tasks import ExtractionTask, InputTask

_RETIRE_AT = 256 << 20
"""Bytes of peak memory above the start from which a child asks to be replaced."""


def main(channel: int, parent: int, memory: int) -> None:
    """Serve until the channel closes. ``memory`` is in bytes above what the process has now."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(parent)
    _limit_memory(memory)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    with Connection(channel) as connection:
        _serve(connection)


def _serve(connection: Connection) -> None:
    retire_at = _peak() + _RETIRE_AT
    connection.send_bytes(b"ready")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # from here on a traceback would show a stranger's words
    while True:
        try:
            batch: list[ExtractionTask | InputTask] = pickle.loads(connection.recv_bytes())  # noqa: S301  # from our own parent
        except EOFError:
            return
        for task in batch:
            connection.send_bytes(_answer(task, retire_at))


def _answer(task: ExtractionTask | InputTask, retire_at: int) -> bytes:
    started = time.process_time()
    if isinstance(task, InputTask):
        line = _read_input(task)
        answer = ["captured", "ok", "not-html", [], time.process_time() - started, "", _peak() > retire_at]
        return json.dumps(answer).encode() + b"\n" + line
    extraction, unread = _extract(task)
    document = extraction.document
    line = document_json(document)
    retire = _peak() > retire_at or "memory" in document.flags
    cpu_s = time.process_time() - started
    head = [document.outcome, extraction.reason, document.text_outcome, document.flags, cpu_s, unread, retire]
    return json.dumps(head).encode() + b"\n" + line


def _extract(task: ExtractionTask) -> tuple[Extraction, str]:
    """The extraction, and why there was nothing to extract from."""
    context = task.context
    try:
        body = read_body(task)
    except MemoryError:
        return Extraction(empty_document(context, ("extraction-failed", "memory")), task.reason), ""
    except WarciteError as error:
        return Extraction(empty_document(context, ("extraction-failed", "unreadable")), task.reason), str(error)
    return examine(body.data, body.content_type, context, task.reason, body.flags, how=How(task.mode, task.site)), ""


def _read_input(task: InputTask) -> bytes:
    from pipelines.input_pages import read_input, reading_json, unreadable  # noqa: PLC0415  # few children read inputs

    try:
        return reading_json(read_input(task, path_now(task.warc)))
    except MemoryError:
        return reading_json(unreadable(task, "too large to be read: memory"))
    except WarciteError as error:
        return reading_json(unreadable(task, str(error)))
    except Exception as error:  # noqa: BLE001  # the capture is kept; one input must not end the run
        return reading_json(unreadable(task, f"it could not be read ({type(error).__name__})"))


def _limit_memory(memory: int) -> None:
    if sys.platform == "linux":
        size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = size + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1024 if sys.platform == "linux" else 1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
