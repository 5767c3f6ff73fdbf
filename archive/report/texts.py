"""Part 8 of a report: the texts that the run's pages gave."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right

from archive.model import OutcomeWord, TextOutcome
from archive.report.model import Counts, LengthBin, Texts, ThinPage
from archive.report.words import NO_DOCUMENT

_BELOW = (1, 50, 100, 200, 400, 800, 1600, 3200, None)  # words


def texts(sql: sqlite3.Connection) -> Texts:
    """Of the documents that the run made; an unchanged page has none, since the one before stands."""
    words = [row[0] for row in sql.execute("SELECT words FROM targets WHERE words IS NOT NULL")]
    lengths = [0] * len(_BELOW)
    limits = [limit for limit in _BELOW if limit is not None]
    for count in words:
        lengths[bisect_right(limits, count)] += 1
    return Texts(
        documents=len(words),
        outcomes=_outcomes(sql),
        lengths=tuple(LengthBin(below, count) for below, count in zip(_BELOW, lengths, strict=True)),
        languages=_counts(sql, "coalesce(language, '')", "words IS NOT NULL"),
        extractors=_counts(sql, "extractor", "words IS NOT NULL"),
        settings=_counts(sql, "settings", "words IS NOT NULL"),
        flags=_counted(sql, "SELECT flag, count(*) FROM flags GROUP BY flag ORDER BY 2 DESC, 1"),
        thin=tuple(_thin(row) for row in sql.execute(_THIN)),
    )


_THIN = """
SELECT url, title, words, text_outcome, outcome FROM targets
WHERE words IS NOT NULL AND text_outcome IN ('thin', 'none') ORDER BY words, url
"""


def _thin(row: sqlite3.Row) -> ThinPage:
    return ThinPage(row["url"], row["title"], row["words"], TextOutcome(row["text_outcome"]), OutcomeWord(row["outcome"]))


def _outcomes(sql: sqlite3.Connection) -> Counts:
    """A text outcome without a document is that of a document which cannot be read."""
    counted = _counts(sql, f"CASE WHEN words IS NULL THEN '{NO_DOCUMENT}' ELSE text_outcome END", "1")
    return {word: counted.get(word, 0) for word in (*(w.value for w in TextOutcome), NO_DOCUMENT)}


def _counts(sql: sqlite3.Connection, what: str, where: str) -> Counts:
    return _counted(sql, f"SELECT {what}, count(*) FROM targets WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1")  # noqa: S608 - constants


def _counted(sql: sqlite3.Connection, query: str) -> Counts:
    return {str(row[0]): row[1] for row in sql.execute(query)}
