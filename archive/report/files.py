"""The files of a report: ``report.html``, ``report.json``, ``sources.csv``; into a folder, or beside the archive."""

from __future__ import annotations

import csv
import json
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict
from pathlib import Path

from archive import layout
from archive.console import plain
from archive.digests import sha256_file
from archive.errors import InputError, LimitReached
from archive.report.facts import Facts
from archive.report.model import Report
from archive.report.page import page
from archive.spreadsheet import inert
from archive.store.base import Store

FORMATS = {"html": "report.html", "json": "report.json", "csv": "sources.csv"}

COLUMNS = (
    *("url", "outcome", "reason", "http_status", "captured_at", "text_outcome", "via", "final_url", "title", "language", "words"),
    *("events", "record_id", "run", "attempts", "key", "detail", "event_year", "change"),
)
"""Those of a bundle's ``sources.csv``, then ours."""

_ROWS = """
SELECT url, outcome, reason, http_status, captured_at, text_outcome, via, final_url, title, language, words,
  (SELECT group_concat(id, ' ') FROM (SELECT DISTINCT e.id FROM cited c JOIN events e ON e.number = c.event WHERE c.key = t.key
    ORDER BY e.date, e.id)), record_id, ?, attempts, key, detail, year, change
FROM targets t ORDER BY key
"""


def formats_of(text: str | None) -> tuple[str, ...]:
    """Raises `InputError` for a format that is none."""
    wanted = tuple(dict.fromkeys(part.strip() for part in (text or ",".join(FORMATS)).split(",") if part.strip()))
    for one in wanted:
        if one not in FORMATS:
            raise InputError(f"--format: unknown format {one[:40]!r}; known are {', '.join(FORMATS)}")
    return wanted


def write_into(folder: Path, report: Report, facts: Facts, formats: Collection[str]) -> list[Path]:
    """Each file is there whole or as it was before. Raises `InputError` for a folder that cannot be written, `LimitReached`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for name, write in _writers(report, facts, formats):
            path = folder / name
            unfinished = folder / f".{name}.part"
            write(unfinished)
            unfinished.replace(path)
            written.append(path)
    except OSError as error:
        if error.errno in {28, 122}:  # ENOSPC, EDQUOT
            raise LimitReached(f"no space left for {folder}") from error
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
    return written


def put_beside(store: Store, report: Report, facts: Facts, formats: Collection[str]) -> list[str]:
    """Under ``runs/<run>/`` of the archive, in place of an earlier report of the run; returns the keys. Raises `StoreError`."""
    keys = []
    with tempfile.TemporaryDirectory(prefix="warcite-report-") as directory:
        for path in write_into(Path(directory), report, facts, formats):
            key = layout.run(report.run.run, path.name)
            store.put(key, path, sha256_file(path))
            keys.append(key)
    return keys


def _writers(report: Report, facts: Facts, formats: Collection[str]) -> Iterator[tuple[str, Callable[[Path], None]]]:
    if "html" in formats:
        yield FORMATS["html"], lambda path: _write(path, page(report))
    if "json" in formats:
        yield FORMATS["json"], lambda path: _write(path, json.dumps(asdict(report), ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    if "csv" in formats:
        yield FORMATS["csv"], lambda path: write_sources(path, facts.sql, report.run.run)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def write_sources(path: Path, sql: sqlite3.Connection, run: str) -> None:
    """A row for each source, in order of their keys."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sql.execute(_ROWS, (run,)):
            writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    return inert(plain(value))
