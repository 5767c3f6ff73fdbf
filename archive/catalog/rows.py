"""Documents and events as rows of the catalog."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from archive import layout
from archive.catalog.scripts import indexed
from archive.errors import DamageError
from archive.events import revision_of
from archive.model import Manifest
from archive.rows import rows_of
from archive.store.base import Store
from archive.urls import host_of, surt

_DOCUMENT = (
    "INSERT INTO documents (segment, id, record, address, url, final_url, host, final_host, site_name, outcome, text_outcome, language,"
    " date_published, captured_at, day, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TEXT = "INSERT INTO texts (rowid, title, description, text, about) VALUES (?, ?, ?, ?, ?)"
_EVENT = """
INSERT INTO events (id, digest_file, digest_sha256, date, title, revision, replaced_by) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id, digest_file) DO UPDATE SET digest_sha256 = excluded.digest_sha256, date = excluded.date, title = excluded.title,
  revision = excluded.revision, replaced_by = excluded.replaced_by WHERE excluded.revision >= revision RETURNING number
"""
_MISSHAPEN = (
    KeyError,
    TypeError,
    AttributeError,
    ValueError,
    OverflowError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    sqlite3.IntegrityError,
)

Row = Mapping[str, Any]


class Rows:
    """Writes to an open transaction. Raises `DamageError` for a row that is not what it should be, `sqlite3.Error`."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql

    def add_document(self, segment: int, row: Row) -> None:
        try:
            published, captured = row["date_published"], row["captured_at"]
            values = (
                *(segment, row["id"], row["warc_record_id"], self._address(row["url"]), row["url"], row["final_url"]),
                *(self._host(row["url"]), self._host(row["final_url"]), row["site_name"], row["outcome"], row["text_outcome"]),
                *(row["language"], published, captured, (published or captured)[:10], row["words"]),
            )
            texts = (indexed(row["title"]), indexed(row["description"]), indexed(row["text"]), indexed(_about(row)))
            number = self._sql.execute(_DOCUMENT, values).lastrowid
            self._sql.execute(_TEXT, (number, *texts))
        except _MISSHAPEN as error:
            raise DamageError(f"a row that is no document ({type(error).__name__}: {error}); run warcite rebuild") from error

    def add_events(self, store: Store, manifest: Manifest) -> None:
        """Those that a segment tells. Raises besides `KeyMissing`."""
        for row in rows_of(store, manifest, "events"):
            self._add_event(row, layout.manifest(manifest.segment))

    def _add_event(self, row: Row, told_by: str) -> None:
        """An event counts as it was told last."""
        try:
            event = (
                row["id"],
                row["digest_file"],
                row["digest_sha256"],
                row["date"],
                row["title"],
                revision_of(row),
                row.get("replaced_by"),
            )
            addresses = {surt(citation["url"]): citation["url"] for citation in row["citations"]}
            written = self._sql.execute(_EVENT, event).fetchone()
            if written is not None:
                self._sql.execute("DELETE FROM cited WHERE event = ?", written)
                cited = [(self._address(url), written[0]) for url in addresses.values()]
                self._sql.executemany("INSERT OR IGNORE INTO cited VALUES (?, ?)", cited)
        except _MISSHAPEN as error:
            raise DamageError(f"{told_by}: an events object has a row that is no event ({type(error).__name__}: {error})") from error

    def drop_documents(self, numbers: Iterable[int]) -> None:
        """Of a text that is not in the index, as of no number, nothing happens."""
        rows = [(number,) for number in numbers]
        self._sql.executemany("DELETE FROM texts WHERE rowid = ?", rows)
        self._sql.executemany("DELETE FROM documents WHERE number = ?", rows)

    def _address(self, url: str) -> int:
        return self._number("addresses", "key", surt(url))

    def _host(self, url: str) -> int:
        return self._number("hosts", "name", host_of(url))

    def _number(self, table: str, column: str, value: str) -> int:
        found = self._sql.execute(f"SELECT number FROM {table} WHERE {column} = ?", (value,)).fetchone()  # noqa: S608 - constants
        if found is not None:
            return int(found[0])
        return self._sql.execute(f"INSERT INTO {table} ({column}) VALUES (?)", (value,)).lastrowid or 0  # noqa: S608 - constants


def _about(row: Row) -> str:
    """What else people remember of a page: its site, its authors, its address, the events that cite it and how they call it."""
    cited = (f"{citation['event_title']}\n{citation['source_name']}" for citation in row["citations"])
    names = (row["site_name"] or "", *(row["authors"] or [row["byline"] or ""]), *row["tags"], *row["categories"])
    return "\n".join(dict.fromkeys((*names, row["final_url"], *cited)))
