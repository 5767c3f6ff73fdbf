"""The child's side of `pipelines.workers`: ``python -m pipelines.worker CHANNEL PARENT MEMORY``."""

from __future__ import annotations

import ctypes
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

from archive.errors import WarciteError
from archive.warc.http import decode_body, parse_http
from archive.warc.reader import read_block
from pipelines.document import document_json, empty_document
from pipelines.extract import Extraction, examine
from pipelines.workers import ExtractionTask

_PR_SET_PDEATHSIG = 1
_MAX_BODY = 32 << 20
_RETIRE_AT = 256 << 20
"""Bytes of peak memory above the start from which a child asks to be replaced."""


def main(channel: int, parent: int, memory: int) -> None:
    """Serve until the channel closes. ``memory`` is in bytes above what the process has now."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
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
            batch: list[ExtractionTask] = pickle.loads(connection.recv_bytes())  # noqa: S301  # from our own parent
        except EOFError:
            return
        for task in batch:
            connection.send_bytes(_answer(task, retire_at))


def _answer(task: ExtractionTask, retire_at: int) -> bytes:
    started = time.process_time()
    extraction = _extract(task)
    document = extraction.document
    line = document_json(document)
    retire = _peak() > retire_at or "memory" in document.flags
    head = [document.outcome, extraction.reason, document.text_outcome, document.flags, time.process_time() - started, retire]
    return json.dumps(head).encode() + b"\n" + line


def _extract(task: ExtractionTask) -> Extraction:
    context = task.context
    try:
        message = parse_http(read_block(_where(task.path), context.warc_offset, context.warc_length))
        decoded = decode_body(message, _MAX_BODY)
    except (WarciteError, MemoryError) as error:
        fault = "memory" if isinstance(error, MemoryError) else "unreadable"
        return Extraction(empty_document(context, ("extraction-failed", fault)), task.reason)
    return examine(decoded.body, message.header("Content-Type"), context, task.reason, decoded.flags)


def _where(path: Path) -> Path:
    """The segment, which may have been sealed, and thereby renamed, since the task was queued."""
    sealed = path.with_suffix(".warc.gz")
    return sealed if path.suffix == ".open" and not path.exists() and sealed.exists() else path


def _die_with(parent: int) -> None:
    """Be killed when the parent dies, even by SIGKILL (Linux); elsewhere the closing channel ends an idle child."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


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
