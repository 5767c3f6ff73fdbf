"""Annotated pages as rows of features with labels, made by the very code that extraction runs."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.clean.article.features import FEATURES, PageFacts, votes
from pipelines.clean.article.layout import letters
from pipelines.clean.article.segment import Piece, segment
from pipelines.clean.article.votes import vote_of
from pipelines.clean.comments import read_comments
from pipelines.clean.maintext import main_text
from pipelines.clean.metadata import read_metadata
from pipelines.clean.page import parse_page
from pipelines.clean.reasons import Cut
from pipelines.extract import _NO_LIMIT as NO_LIMIT

UNKNOWN = -1.0
_NO_ROW = [0.0] * len(FEATURES)


@dataclass(slots=True)
class Annotated:
    """One page: a row of `FEATURES` for each piece, and the share of it that the annotation has as article text (-1: not said).

    ``hopeless`` pieces and those that say what the metadata says (``repeats``) are never article text; ``dated`` says that the page tells
    when it was published, which moves the thresholds.
    """

    id: str
    host: str
    source: str
    kind: str
    title: str
    gold: str | None
    rows: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]
    words: np.ndarray[Any, Any]
    hopeless: np.ndarray[Any, Any]
    repeats: np.ndarray[Any, Any]
    dated: bool
    texts: list[str]
    other_engine: str


def read_pages(folder: Path, jobs: int) -> list[Annotated]:
    """Pages of a folder with ``pages.jsonl`` that have a gold text, or snippets that must or must not be in it."""
    rows = [json.loads(line) for line in (folder / "pages.jsonl").open(encoding="utf-8")]
    wanted = [(folder, row) for row in rows if row.get("gold_text") or row.get("with")]
    with Pool(jobs) as pool:
        return [page for page in pool.imap(_read, wanted, chunksize=8) if page is not None]


def _read(job: tuple[Path, dict[str, Any]]) -> Annotated | None:
    folder, row = job
    page = parse_page(gzip.decompress((folder / row["html"]).read_bytes()), None)
    if page.tree is None:
        return None
    metadata = read_metadata(page.tree, row["url"], NO_LIMIT)
    comments = read_comments(page.tree, row["url"])
    segmented = segment(page.tree, dict.fromkeys(comments.containers, Cut.COMMENT))
    segmented.pieces[:] = [piece for piece in segmented.pieces if piece.box.cut is None]
    facts = PageFacts(segmented, metadata.title or "", metadata.description or "", metadata.authors)
    engine = main_text(page.tree)
    voted = votes(facts, vote_of(engine, facts.letters)) if facts.pieces else []
    rows = [_NO_ROW if facts.is_hopeless(n) else facts.light(n) + voted[n] for n in range(len(facts.pieces))]
    gold = row.get("gold_text")
    labels = gold_labels(facts.pieces, facts.letters, gold) if gold else snippet_labels(facts.letters, row)
    return Annotated(
        row["id"],
        row["host"],
        row["source_dataset"],
        row.get("page_type") or "article",
        row.get("title") or "",
        gold,
        np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURES)),
        np.array(labels, dtype=np.float32),
        np.array([piece.words for piece in facts.pieces], dtype=np.float32),
        np.array([facts.is_hopeless(n) for n in range(len(rows))], dtype=bool),
        np.array([facts.repeats_metadata(n) for n in range(len(rows))], dtype=bool),
        metadata.date_published is not None,
        [piece.text for piece in facts.pieces],
        engine,
    )


def gold_labels(pieces: Sequence[Piece], spelled: Sequence[str], gold: str) -> list[float]:
    """The share of each piece's word triples that the gold text has; a repeated piece counts as often as the gold repeats it."""
    words = tokens(gold)
    triples = set(zip(words, words[1:], words[2:], strict=False))
    lines = Counter(letters(line) for line in gold.split("\n"))
    joined, spaced = letters(gold), f" {' '.join(words)} "
    labels = [_share(tokens(piece.text), triples, lines, spaced) for piece in pieces]
    _settle_repeats(labels, pieces, spelled, lines, joined)
    _settle_doubts(labels, pieces)
    return labels


def _share(words: list[str], triples: set[tuple[str, str, str]], lines: Counter[str], spaced: str) -> float:
    if len(words) >= 4:
        found = list(zip(words, words[1:], words[2:], strict=False))
        return sum(triple in triples for triple in found) / len(found)
    if lines["".join(words)]:
        return 1.0
    return 0.5 if words and f" {' '.join(words)} " in spaced else 0.0


def _settle_repeats(labels: list[float], pieces: Sequence[Piece], spelled: Sequence[str], lines: Counter[str], joined: str) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for n, spelling in enumerate(spelled):
        if labels[n] > 0.45:
            places[spelling].append(n)
    sure = [n for n, label in enumerate(labels) if label > 0.8 and pieces[n].words > 10 and len(places[spelled[n]]) == 1]

    def support(n: int) -> float:
        return sum(pieces[m].words / (1 + abs(n - m)) for m in sure if 0 < abs(n - m) < 12)

    for spelling, found in places.items():
        wanted = max(1, joined.count(spelling) if len(spelling) > 20 else lines[spelling])
        for n in sorted(found, key=lambda n: -support(n))[wanted:]:
            labels[n] = 0.0


def _settle_doubts(labels: list[float], pieces: Sequence[Piece]) -> None:
    """A word or two that occur somewhere in the gold are of it when the pieces around them are."""
    for n, label in enumerate(labels):
        if label == 0.5 and pieces[n].words < 4:
            around = [labels[m] for m in (n - 1, n + 1) if 0 <= m < len(labels)]
            labels[n] = 1.0 if around and min(around) > 0.8 else 0.0


def snippet_labels(spelled: Sequence[str], row: dict[str, Any]) -> list[float]:
    wanted = [letters(snippet) for snippet in row.get("with") or []]
    unwanted = [letters(snippet) for snippet in [*(row.get("without") or []), *(row.get("comments") or [])]]
    return [_by_snippets(spelling, wanted, unwanted) for spelling in spelled]


def _by_snippets(spelling: str, wanted: list[str], unwanted: list[str]) -> float:
    if any(len(snippet) > 4 and snippet in spelling for snippet in wanted):
        return 1.0
    if any(snippet and (snippet in spelling or (len(spelling) > 12 and spelling in snippet)) for snippet in unwanted):
        return 0.0
    return UNKNOWN


def tokens(text: str) -> list[str]:
    """Words in lower case, letters in scripts without spaces: as the pieces' own words are counted."""
    from pipelines.clean.article.segment import WORD

    return WORD.findall(text.lower())


def folds(pages: Sequence[Annotated], count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Numbers of the pages to train on and to test on, by host: no host is in both."""
    import hashlib

    of = [int(hashlib.md5(page.host.encode(), usedforsecurity=False).hexdigest(), 16) % count for page in pages]
    for fold in range(count):
        yield [n for n, f in enumerate(of) if f != fold], [n for n, f in enumerate(of) if f == fold]
