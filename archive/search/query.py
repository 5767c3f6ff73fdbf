"""Search in a catalog: which documents, in which order, with which snippets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from archive.catalog.catalog import Catalog
from archive.catalog.scripts import BEGIN, END, shown
from archive.catalog.syntax import Query
from archive.search.filters import Condition, number_list
from archive.search.found import SCHEMA, CitingEvent, Found, Hit, Snippet, Sort
from archive.selection.select import Selection

MOST_RANKED = 12_000
"""Documents: to rank as many takes some 20 ms. Of more, those with the words in their titles are ranked and come first, the others follow
by date: a word that stands in as many says little of any.
"""
_LOOK = 30  # times that looking at one document takes longer than reading and sorting one of those that were found
_SCORE = "-bm25(texts, 10.0, 4.0, 1.0, 2.0)"  # what a word in title, description, text, and about weighs
_JOINED = "texts JOIN documents d ON d.number = texts.rowid"
_TEXT = 2  # number of the column
_TOKENS, _UNSPACED_TOKENS = 32, 64  # of a snippet; 64 is FTS5's most


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search. ``selection.query`` is passed over, and its limit is that of the hits."""

    query: Query
    selection: Selection
    sort: Sort = "score"
    every_capture: bool = False  # else one hit an address: the newest capture that was found
    snippets: bool = True


def search(catalog: Catalog, wanted: Wanted) -> Found:
    """As the catalog is. Raises `NotFound` for a run or an event that the archive does not have, `StoreError`."""
    with catalog.reading() as sql:
        return _Search(sql, wanted, catalog.uri).run()


class _Place(NamedTuple):
    number: int
    score: float | None


_Row = tuple[int, float | None]  # of SQL: number of a document, and its score


class _Search:
    def __init__(self, sql: sqlite3.Connection, wanted: Wanted, store_uri: str) -> None:
        self._sql, self._wanted = sql, wanted
        self._limit = wanted.selection.limit or 20
        self._condition = Condition(sql, wanted.selection, store_uri)
        self._match = wanted.query.match

    def run(self) -> Found:
        wanted = self._wanted
        documents = self._sql.execute("SELECT count(*) FROM documents").fetchone()[0]
        few = self._condition.documents(MOST_RANKED)
        if few is None:
            numbers = self._numbers() if self._condition else None
            found = self._count(self._match) if numbers is None else len(numbers)
            places = self._in_order(found, numbers, documents) if found else iter(())
        else:
            rows = self._of_few(few).fetchall()
            found, places = len(rows), iter(rows)
        hits = tuple(self._hit(place) for place in self._chosen(places))
        return Found(SCHEMA, wanted.query.text, wanted.selection.as_json(), wanted.sort, documents, found, hits)

    # --- which, in which order ------------------------------------------------------------------------

    def _of_few(self, documents: list[int]) -> sqlite3.Cursor:
        """Where the selection leaves few documents, one look at the index tells how many were found and in which order."""
        if self._wanted.sort == "score":
            return self._ranked(self._match, documents)
        query = f"SELECT d.number, NULL FROM {_JOINED} WHERE texts MATCH ? AND {_among(documents)} ORDER BY d.day DESC, d.number DESC"  # noqa: S608 - constants
        return self._sql.execute(query, (self._match,))

    def _count(self, match: str) -> int:
        return int(self._sql.execute("SELECT count(*) FROM texts WHERE texts MATCH ?", (match,)).fetchone()[0])

    def _numbers(self) -> list[int]:
        query = f"SELECT d.number FROM {_JOINED} WHERE texts MATCH ? AND {self._condition.where}"  # noqa: S608 - constants
        return [number for (number,) in self._sql.execute(query, (self._match, *self._condition.values))]

    def _in_order(self, found: int, numbers: list[int] | None, documents: int) -> Iterator[_Row]:
        """``numbers`` of what was found, where a selection chose it: looking each up among the documents again would be slow."""
        if self._wanted.sort == "score":
            if found <= MOST_RANKED:
                yield from self._ranked(self._match, numbers)
                return
            titles = self._wanted.query.match_in("{title}")
            if numbers is not None:
                rows, wanted = self._sql.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (titles,)), frozenset(numbers)
                numbers = [number for (number,) in rows if number in wanted]
            if 0 < (self._count(titles) if numbers is None else len(numbers)) <= MOST_RANKED:
                yield from self._ranked(titles, numbers)
        yield from self._by_date(found, documents)

    def _ranked(self, match: str, numbers: list[int] | None) -> sqlite3.Cursor:
        """The best first, of equals the latest; of these documents, where numbers are given."""
        query = f"SELECT texts.rowid, {_SCORE} FROM texts WHERE texts MATCH ? AND {_among(numbers)} ORDER BY 2 DESC, 1 DESC"  # noqa: S608 - constants
        return self._sql.execute(query, (match,))

    def _by_date(self, found: int, documents: int) -> sqlite3.Cursor:
        """Few that were found are sorted; of many, it is quicker to go back in time and look at each document."""
        going_back = found * found > _LOOK * self._limit * documents
        source = "documents d CROSS JOIN texts ON texts.rowid = d.number" if going_back else _JOINED
        query = (
            f"SELECT d.number, NULL FROM {source} WHERE texts MATCH ? AND {self._condition.where}"  # noqa: S608 - constants
            " ORDER BY d.day DESC, d.number DESC"
        )
        return self._sql.execute(query, (self._match, *self._condition.values))

    def _chosen(self, rows: Iterator[_Row]) -> Iterator[_Place]:
        """The first ones, each once; of an address the newest that was found, where not every capture is wanted."""
        seen: set[int] = set()
        for place in (_Place(number, None if score is None else round(score, 4)) for number, score in rows):
            one = place.number if self._wanted.every_capture else self._address(place)
            if one not in seen:
                seen.add(one)
                yield place if self._wanted.every_capture else self._newest(place, one)
            if len(seen) == self._limit:
                return

    def _address(self, place: _Place) -> int:
        return int(self._sql.execute("SELECT address FROM documents WHERE number = ?", (place.number,)).fetchone()[0])

    def _newest(self, place: _Place, address: int) -> _Place:
        if self._captures(address) == 1:
            return place
        query = (
            "SELECT d.number FROM documents d CROSS JOIN texts ON texts.rowid = d.number"  # noqa: S608 - constants
            f" WHERE d.address = ? AND texts MATCH ? AND {self._condition.where} ORDER BY d.captured_at DESC, d.number DESC LIMIT 1"
        )
        number = self._sql.execute(query, (address, self._match, *self._condition.values)).fetchone()[0]
        return place._replace(number=number)

    def _captures(self, address: int) -> int:
        return int(self._sql.execute("SELECT count(*) FROM documents WHERE address = ?", (address,)).fetchone()[0])

    # --- what is told of each -------------------------------------------------------------------------

    def _hit(self, place: _Place) -> Hit:
        query = (
            "SELECT d.id, d.url, d.final_url, h.name, d.site_name, t.title, d.date_published, d.captured_at, d.language, d.outcome,"
            " d.text_outcome, d.words, d.record, s.run, coalesce(v.via, 'live') FROM documents d JOIN texts t ON t.rowid = d.number"
            " JOIN hosts h ON h.number = d.final_host JOIN segments s ON s.number = d.segment"
            " LEFT JOIN vias v ON v.record = d.record WHERE d.number = ?"
        )
        row = list(self._sql.execute(query, (place.number,)).fetchone())
        row[5] = shown(row[5]) or None
        snippet = self._snippet(place.number) if self._wanted.snippets else None
        address = self._address(place)
        told: Any = (*row, self._captures(address), self._events(address), place.score, snippet)
        return Hit(*told)

    def _events(self, address: int) -> tuple[CitingEvent, ...]:
        query = (
            "SELECT e.id, e.date, e.title, e.digest_file FROM cited c JOIN events e ON e.number = c.event"
            " WHERE c.address = ? AND e.replaced_by IS NULL ORDER BY e.date, e.id, e.digest_file"
        )
        return tuple(CitingEvent(*row) for row in self._sql.execute(query, (address,)))

    def _snippet(self, number: int) -> Snippet:
        """Of a document whose text has none of the words, its beginning."""
        tokens = _UNSPACED_TOKENS if self._wanted.query.is_unspaced else _TOKENS
        query = f"SELECT snippet(texts, {_TEXT}, char(2), char(3), '\u2026', {tokens}) FROM texts WHERE texts MATCH ? AND rowid = ?"  # noqa: S608
        marked = shown(self._sql.execute(query, (self._match, number)).fetchone()[0])
        text, marks = "", list[tuple[int, int]]()
        for piece in marked.replace("\n", " ").split(BEGIN):
            found, end, rest = piece.partition(END)
            if end:
                marks.append((len(text), len(text) + len(found)))
            text += found + rest
        return Snippet(text, tuple(marks))


def _among(numbers: list[int] | None) -> str:
    """With a plus SQLite goes through the texts that match; else it would look for them document by document."""
    return "TRUE" if numbers is None else f"+texts.rowid IN ({number_list(numbers)})"
