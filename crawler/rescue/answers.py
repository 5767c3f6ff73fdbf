"""What archives answered, kept with the date: that an archive has nothing is worth knowing too, for a while."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.errors import StoreError
from archive.spool.directory import spool_failure
from crawler.rescue.source import Answer, Question

KEEP_SECONDS = 7 * 86400.0
_MAX_BODY = 8 << 20  # unpacked bytes of an answer that is worth keeping
_KEPT = ("content-type", "link", "location", "content-location", "memento-datetime", "x-archive-wayback-runtime-error")
_SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS answers (
    question TEXT PRIMARY KEY, asked_at REAL NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL
);
"""


class Answers:
    """Shared by all processes of a machine. ``clock`` gives seconds of the wall clock. Raises `StoreError`, `LimitReached`."""

    def __init__(self, path: Path, keep_seconds: float = KEEP_SECONDS, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._keep = keep_seconds
        self._clock = clock
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise spool_failure(error, f"make {path.parent}") from error
        with self._explained():
            self._sql = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._sql.executescript(_SCHEMA)
            self._sql.execute("DELETE FROM answers WHERE asked_at < ? OR asked_at > ?", (self._clock() - keep_seconds, self._clock() + 60))

    def get(self, question: Question) -> Answer | None:
        """The answer to this very question, when it is young enough."""
        with self._explained():
            row = self._sql.execute(
                "SELECT status, headers, body FROM answers WHERE question = ? AND asked_at >= ?",
                (_name(question), self._clock() - self._keep),
            ).fetchone()
        return None if row is None else Answer(question.url, row[0], json.loads(row[1]), zlib.decompress(row[2]))

    def put(self, question: Question, answer: Answer) -> None:
        if len(answer.body) > _MAX_BODY:
            return
        headers = json.dumps({name: answer.headers[name] for name in _KEPT if name in answer.headers})
        values = (_name(question), self._clock(), answer.status, headers, zlib.compress(answer.body))
        with self._explained():
            self._sql.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", values)

    def close(self) -> None:
        self._sql.close()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"cannot use {self._path}: {error}; it is a cache and may be deleted") from error


def _name(question: Question) -> str:
    return "\n".join([question.url, *(f"{name}: {value}" for name, value in question.headers)])
