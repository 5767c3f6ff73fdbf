"""What extraction makes of annotated pages, in figures: texts, metadata, comments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from archive.model import Document, DocumentContext, OutcomeWord
from bench.block_model.score import Score, figures, score_text, words_of
from pipelines.extract import How, extract
from pipelines.tasks import Mode
from tests.eval_gate.annotated import Annotated

Figures = dict[str, float]
"""Of a group of pages; only what its annotations speak of."""

CEILINGS = frozenset({"stray", "missed", "under_half", "unwanted", "comments_leaked"})
"""Figures that are better when smaller; all others are better when greater."""

ARTICLES = "articles"
"""The group of all articles of the corpus that have a gold text."""


@dataclass(frozen=True, slots=True)
class Found:
    """Of one page: its score, if there is a gold text; True, False or not said; and (found, of) for snippets."""

    text: Score | None
    title: bool | None
    authors: bool | None
    date: bool | None
    wanted: tuple[int, int]
    unwanted: tuple[int, int]
    comments: tuple[int, int]
    leaked: tuple[int, int]


def extracted(page: Annotated, mode: Mode) -> Document:
    context = DocumentContext(
        url=page.url,
        final_url=page.url,
        captured_at="2030-01-01T00:00:00Z",
        outcome=OutcomeWord.CAPTURED,
        http_status=200,
        warc_record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
        payload_digest=None,
        warc_offset=0,
        warc_length=1,
        run="run-1",
    )
    return extract(page.body, "text/html", context, How(mode=mode))


def compare(document: Document, page: Annotated) -> Found:
    """Titles are alike when their words are, authors when they are the same names in any order, dates when they are the same day."""
    threads = "\n".join(comment.text for comment in document.comments)
    return Found(
        score_text(document.text, page.gold, page.title) if page.gold else None,
        words_of(document.title or "") == words_of(page.title) if page.title else None,
        _names(document.authors) == _names(page.authors) if page.authors else None,
        (document.date_published or "")[:10] == page.date if page.date else None,
        _snippets(page.wanted, document.text),
        _snippets(page.unwanted, document.text),
        _snippets(page.comments, threads),
        _snippets(page.comments, document.text),
    )


def _names(authors: Sequence[str]) -> list[list[str]]:
    return sorted(words_of(name) for name in authors)


def _snippets(snippets: Sequence[str], text: str) -> tuple[int, int]:
    spaced = " ".join(text.split())
    return sum(" ".join(snippet.split()) in spaced for snippet in snippets), len(snippets)


def measure(pages: Iterable[Annotated], mode: Mode) -> dict[str, Figures]:
    """Figures of each group, and of the articles of all groups."""
    groups: dict[str, list[Found]] = defaultdict(list)
    for page in pages:
        found = compare(extracted(page, mode), page)
        groups[page.group].append(found)
        if page.gold and page.is_article:
            groups[ARTICLES].append(found)
    return {name: summary(found) for name, found in sorted(groups.items())}


def summary(found: Sequence[Found]) -> Figures:
    """Snippets of text are counted by page, as shares; those of comments all together."""
    scores = [page.text for page in found if page.text]
    result: Figures = dict(figures(scores).rounded()) if scores else {}
    result["pages"] = len(found)
    for name in ("title", "authors", "date"):
        said = [right for page in found if (right := getattr(page, name)) is not None]
        if said:
            result[name] = round(mean(said), 4)
    for name in ("wanted", "unwanted"):
        shares = [hits / of for page in found for hits, of in [getattr(page, name)] if of]
        if shares:
            result[name] = round(mean(shares), 4)
    if of := sum(page.comments[1] for page in found):
        result["comments_found"] = round(sum(page.comments[0] for page in found) / of, 4)
        result["comments_leaked"] = round(sum(page.leaked[0] for page in found) / of, 4)
    return result
