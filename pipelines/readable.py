"""A document for people: what a reader wants of the page, and what was left out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any


def shown(document: dict[str, Any]) -> Iterator[str]:
    """Lines of a ``warcite.document/1`` row: title, byline and date, text, then the cuts by reason, comments and flags."""
    yield document["title"] or document["url"]
    byline = ", ".join(document["authors"]) or document["byline"]
    about = " · ".join(x for x in (document["site_name"], byline, document["date_published"]) if x)
    if about:
        yield about
    yield ""
    yield document["text"] or f"(no text: {document['text_outcome']})"
    yield ""
    reasons = Counter(cut["reason"] for cut in document["removed"])
    by_reason = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items(), key=lambda x: (-x[1], x[0])))
    yield f"removed: {reasons.total()} blocks{f' ({by_reason})' if by_reason else ''}"
    yield f"comments: {len(document['comments'])}"
    if document["flags"]:
        yield f"flags: {', '.join(document['flags'])}"
