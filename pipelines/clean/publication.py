"""When a page was published, by the most trusted of its dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from archive.urls import host_of
from pipelines.clean.dates import date_in_page, iso_date
from pipelines.clean.evidence import Evidence
from pipelines.clean.months import Order
from pipelines.clean.opening import Opening
from pipelines.clean.shown_dates import (
    Window,
    as_the_page_dates,
    date_anywhere,
    date_in_scripts,
    dated_line,
    day_of_title,
    day_of_url,
    lone_date,
    marked_date,
)
from pipelines.clean.vocabulary import MODIFIED, PUBLISHED, WEAK_PUBLISHED

_DAY_FIRST = ("uk", "au", "nz", "ie", "in", "za", "ng", "ke", "sg", "my", "pk")


def stated_date(evidence: Evidence, opening: Opening, language: str | None) -> str | None:
    """The date that the head states, in the page's own offset where that can be told."""
    stamps = [evidence.linked.published, *evidence.head.all(PUBLISHED)]
    stated = first_date(stamps, evidence.latest)
    if stated is None or not stated.endswith(("Z", "+00:00")):
        return stated
    window = _window(evidence, language)
    return as_the_page_dates(stated, stamps, evidence.tree, dated_line(opening, window), day_of_url(evidence.url, window))


def shown_date(evidence: Evidence, opening: Opening, language: str | None) -> str | None:
    """The date in the markup, the address, the lines around the headline; then what weaker names of the head say; then any date."""
    window, tree = _window(evidence, language), evidence.tree
    return (
        marked_date(tree, window)
        or day_of_url(evidence.url, window)
        or day_of_title(evidence.head.title, window)
        or dated_line(opening, window)
        or first_date(evidence.head.all(WEAK_PUBLISHED), evidence.latest)
        or date_anywhere(tree, window)
        or lone_date(tree, window)
        or date_in_scripts(tree, window)
        or (date_in_page(tree, evidence.url, evidence.latest) if _is_article(evidence) else None)
    )


def modified_date(evidence: Evidence) -> str | None:
    return first_date([evidence.linked.modified, *evidence.head.all(MODIFIED)], evidence.latest)


def first_date(values: Iterable[str | None], latest: datetime) -> str | None:
    return next((date for v in values if (date := iso_date(v, latest))), None)


def _is_article(evidence: Evidence) -> bool:
    """htmldate is asked for articles only: most other pages show no date, and it finds one nevertheless."""
    return evidence.head.first("og:type") == "article" or bool(evidence.linked.headline)


def _window(evidence: Evidence, language: str | None) -> Window:
    """Americans write the month first."""
    order: Order = "day"
    if language in (None, "en", "en-US") and host_of(evidence.url).rpartition(".")[2] not in _DAY_FIRST:
        order = "month"
    return Window(evidence.latest, order)
