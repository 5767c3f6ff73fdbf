"""``warcite.search/1``: what a search found. ``python -m archive.search.found DIR`` writes its schema."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from archive.schema import published_schema

SCHEMA = "warcite.search/1"

Sort = Literal["score", "date"]


@dataclass(frozen=True, slots=True)
class Snippet:
    """Some of the text around the words that were found."""

    text: str
    marks: tuple[tuple[int, int], ...]  # where they stand: from character, to before character


@dataclass(frozen=True, slots=True)
class CitingEvent:
    """An event that cites the page, as it was told last."""

    id: str
    date: str | None
    title: str
    digest_file: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found. Its record id names it to ``warcite show`` and ``trace``."""

    id: str
    url: str  # as cited
    final_url: str
    host: str  # of final_url
    site_name: str | None
    title: str | None
    date_published: str | None
    captured_at: str
    language: str | None
    outcome: str
    text_outcome: str
    words: int
    warc_record_id: str
    run: str
    via: str  # how the capture came: live, archive, warc-copy, warc-file
    captures: int  # of this address that have a document; the newest that was found is this one
    events: tuple[CitingEvent, ...]
    score: float | None  # the higher the better, comparable within one search; null where hits are in order of days
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class Found:
    schema: str
    query: str
    selection: dict[str, Any]  # the flags that were given
    sort: Sort
    documents: int  # in the catalog
    found: int  # of them
    hits: tuple[Hit, ...]  # the first of them; one an address, unless every capture was asked for


def write_schemas(directory: Path) -> list[Path]:
    """Write ``search.schema.json``; raises `OSError`."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "search.schema.json"
    path.write_text(json.dumps(published_schema(Found, SCHEMA), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [path]


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
