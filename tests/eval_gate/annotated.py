"""Annotated pages: our own, and those of the shared corpus.

A page of ``pages/`` says itself what its article is: the text between ``<!--+-->`` and ``<!---->`` is, and between ``<!--c-->`` and
``<!---->`` is a reader's comment; its first heading is its title. The marks are taken out before the page is extracted.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGES = Path(__file__).resolve().parent / "pages"
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
STEP = 3
"""Every third page of the corpus is measured, in the order of their ids: all of them take too long for a test."""

_MARKED = re.compile(r"<!--([+c])-->(.*?)<!---->", re.DOTALL)
_MARK = re.compile(r"<!--[+c]?-->")
_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"<h([1-3])[^>]*>(.*?)</h\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A page and what is said of it; what is not said is empty. ``wanted`` and ``unwanted`` are snippets of its article and of its rest."""

    group: str
    url: str
    body: bytes
    gold: str = ""
    is_article: bool = True
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    comments: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


def own_pages() -> Iterator[Annotated]:
    """Those of ``pages/`` each in a group of its own, the seeds in one, the publishers' layouts whose rules name the article in one."""
    for path in sorted(PAGES.glob("*.html")):
        yield _own(path)
    for path in sorted((FIXTURES / "seeds").glob("*.html")):
        yield _seed(path)
    for path in sorted((FIXTURES / "sites").glob("*/*.html")):
        if page := _layout(path):
            yield page


def corpus_rows(folder: Path) -> list[dict[str, Any]]:
    """The annotations of the pages that are measured; ``folder`` has ``pages.jsonl``."""
    with (folder / "pages.jsonl").open(encoding="utf-8") as lines:
        return sorted(map(json.loads, lines), key=lambda row: str(row["id"]))[::STEP]


def corpus_pages(folder: Path) -> Iterator[Annotated]:
    for row in corpus_rows(folder):
        yield Annotated(
            row["source_dataset"],
            row["url"],
            gzip.decompress((folder / row["html"]).read_bytes()),
            row.get("gold_text") or "",
            (row.get("page_type") or "article") == "article",
            row.get("title") or "",
            tuple(filter(None, row.get("authors") or ())),
            str(row.get("date") or "")[:10],
            tuple(row.get("comments") or ()),
            tuple(row.get("with") or ()),
            tuple(row.get("without") or ()),
        )


def edition(folder: Path) -> str:
    """Tells one set of pages from another."""
    return hashlib.sha256("\n".join(row["id"] for row in corpus_rows(folder)).encode()).hexdigest()[:16]


def _own(path: Path) -> Annotated:
    source = path.read_text(encoding="utf-8")
    marked: dict[str, list[str]] = {"+": [], "c": []}
    for kind, part in _MARKED.findall(source):
        marked[kind].append(_plain(part))
    title = _HEADING.search(source)
    return Annotated(
        f"page {path.stem}",
        f"https://www.{path.stem}.example/2024/03/story-1.html",
        _MARK.sub("", source).encode(),
        "\n".join(marked["+"]),
        title=_plain(title[2]) if title else "",
        comments=tuple(marked["c"]),
    )


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _seed(path: Path) -> Annotated:
    said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    gold = path.with_suffix(".txt").read_text(encoding="utf-8")
    comments = tuple(comment["text"] for comment in said["comments"])
    unwanted = tuple(phrase for phrases in said["leftovers"].values() for phrase in phrases)
    title, authors, date = said["title"] or "", tuple(said["authors"]), said["date"] or ""
    return Annotated("seeds", said["url"], path.read_bytes(), gold, True, title, authors, date, comments, (), unwanted)


def _layout(path: Path) -> Annotated | None:
    said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    gold = "\n".join(text for fate, text in said["lines"] if fate == "text")
    if not gold:
        return None
    return Annotated("sites", said["url"], path.read_bytes(), gold)
