"""What the stand-in for the web deals: pages that have nothing to do with the events that cite them, and pages under their own address."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.model import Event, Reason
from bench.rescue_score.pages import SavedPage, read_page
from crawler.rescue.claims import Cited, Found
from pipelines.inputs.read import read_inputs


def dealt(shared: Path, seed: str, every: int = 1) -> Iterator[tuple[Cited, Found]]:
    """Every so many-th archived citation of the shared digests with the copy that the stand-in's archive has of it."""
    web = _web(shared, seed)
    read: dict[str, tuple[dict[str, Any], Reason]] = {}
    archived = [(event, cited, copies) for event, cited in _citations(shared) if (copies := web.archived(cited.url))]
    for event, citation, copies in archived[::every]:
        page, body = web.body(citation.url)
        if page not in read:
            read[page] = read_page(body, citation.url)
        row, reason = read[page]
        related = tuple(one.title for one in event.related)
        moment = datetime.strptime(copies[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        yield (
            Cited(citation.url, event.date, citation.label, event.title, event.summary, related),
            _found(citation.url, moment, row, reason),
        )


def own(pages: Sequence[SavedPage]) -> Iterator[tuple[Cited, Found]]:
    """Each article under its own address with its own title, cited on its day where that is known."""
    for page in pages:
        if page.kind != "article" or urlsplit(page.url).path in {"", "/"} or not page.title:
            continue
        day = _day(page.date) or date(2016, 5, 21)
        moment = datetime.combine(day, time(10, 15), tzinfo=UTC) + timedelta(days=3)
        yield Cited(page.url, day.isoformat(), page.host, page.title, ""), _found(page.url, moment, page.document, page.reason)


def _web(shared: Path, seed: str) -> Any:
    sys.path.insert(0, str(shared / "tools"))
    try:
        from standin_web import Web
    finally:
        sys.path.pop(0)
    return Web(shared / "corpus/pages", seed, False)


def _citations(shared: Path) -> Iterator[tuple[Event, Any]]:
    for event in read_inputs([str(shared / "corpus/digests" / part) for part in ("en", "en-derived", "zh")]):
        if isinstance(event, Event):
            yield from ((event, citation) for citation in event.citations)


def _found(url: str, moment: datetime, row: dict[str, Any], reason: Reason) -> Found:
    return Found(url, f"https://web.archive.org/web/{moment:%Y%m%d%H%M%S}id_/{url}", moment, 200, row, reason)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
