"""``warcite.report/1``: what is told of a run. Counts of one kind sum to ``sources``; what is not known is None, and ``unknown`` says why.

``python -m archive.report.model DIR`` writes the schema.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.model import OutcomeWord, TextOutcome
from archive.schema import published_schema

SCHEMA = "warcite.report/1"

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """``state``, ``exit_code`` and what the wire brought are the crawler's to tell: it writes them to its ledger."""

    run: str
    jobs: tuple[str, ...]
    store: str
    state: str | None
    exit_code: int | None
    started: str | None
    finished: str | None
    seconds: float | None
    asked_seconds: float | None  # from the first source that was asked for to the last
    bytes_fetched: int | None
    bytes_stored: int  # of the run's WARCs
    inputs_named: int | None  # sources of the inputs, also those that had ended in an earlier run
    pending: int | None


@dataclass(frozen=True, slots=True)
class StatusCount:
    status: int | None  # None: no answer, or none that was looked at
    meaning: str
    count: int


@dataclass(frozen=True, slots=True)
class Failure:
    url: str
    outcome: OutcomeWord
    reason: str
    http_status: int | None
    attempts: int
    detail: str
    event_id: str | None
    event_title: str | None
    last_good: str | None  # when the page was kept the last time before


@dataclass(frozen=True, slots=True)
class Interval:
    """``at`` is when it begins. ``bytes`` are those of the WARC members that were recorded in it, compressed."""

    at: str
    outcomes: Counts
    bytes: int


@dataclass(frozen=True, slots=True)
class Timeline:
    seconds: int  # of an interval
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class TimeBin:
    """Answers that took less than ``below`` milliseconds and not less than the bin before; None: no limit."""

    below: int | None
    count: int


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """Of answers to requests for pages, redirects among them; robots.txt and look-ups in web archives are not."""

    count: int
    p50: int | None  # milliseconds
    p95: int | None
    slowest: int | None
    bins: tuple[TimeBin, ...]


@dataclass(frozen=True, slots=True)
class HostRow:
    """``least_pause``: the shortest time between the beginnings of two requests; ``bytes`` of its WARC members."""

    host: str
    sources: int
    outcomes: Counts
    kept: int
    median_ms: int | None
    bytes: int
    requests: int | None
    least_pause: float | None  # seconds
    robots: int  # sources that robots.txt forbids
    worst: str | None


@dataclass(frozen=True, slots=True)
class EventRow:
    id: str
    date: str | None
    title: str
    digest_file: str
    sources: int
    kept: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the events that cite a source of this run. A source counts as kept when this run or one before has a page of it."""

    events: int
    whole: int
    some: int
    none: int
    uncovered: tuple[EventRow, ...]
    partly: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True)
class YearRow:
    """Sources by the year of the first event that cites them; None: no event has a date."""

    year: str | None
    sources: int
    outcomes: Counts


@dataclass(frozen=True, slots=True)
class LengthBin:
    """Texts with fewer than ``below`` words and not fewer than the bin before; None: no limit."""

    below: int | None
    count: int


@dataclass(frozen=True, slots=True)
class ThinPage:
    url: str
    title: str | None
    words: int
    text_outcome: TextOutcome
    outcome: OutcomeWord


@dataclass(frozen=True, slots=True)
class Texts:
    """``outcomes`` has ``no-document`` too, and sums to the sources: an unchanged page has no text of its own."""

    documents: int
    outcomes: Counts
    lengths: tuple[LengthBin, ...]
    languages: Counts
    extractors: Counts
    settings: Counts
    flags: Counts
    thin: tuple[ThinPage, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    url: str
    kind: str
    before: str
    after: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Against ``baseline``: a run, or each source's last ending before this run when it is None. ``counts`` sum to the sources.

    ``told`` is how the crawler itself compared the texts, where it did.
    """

    baseline: str | None
    counts: Counts
    rows: tuple[ChangeRow, ...]
    told: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Warc:
    key: str
    bytes: int
    sha256: str
    records: int
    segment: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """``warcinfo`` is what the first records of the WARCs say: by which rules, on whose behalf. ``command`` and ``options`` are in
    them too, without secrets; runs of older versions have none.
    """

    as_of: str  # when the newest segment of the run was committed
    command: tuple[str, ...] | None  # as it was typed, after the shell
    options: dict[str, Any] | None
    versions: dict[str, str]
    warcinfo: dict[str, str]
    warcs: tuple[Warc, ...]
    made_with: str


@dataclass(frozen=True, slots=True)
class RunSums:
    """What two runs are compared by."""

    run: str
    sources: int
    outcomes: Counts
    hosts: int
    bytes_stored: int
    seconds: float | None
    p50: int | None
    p95: int | None
    texts_ok: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``both`` and the sources of one run only; ``moves`` has outcome before -> outcome now -> how many of ``both``."""

    before: RunSums
    now: RunSums
    both: int
    only_before: int
    only_now: int
    moves: dict[str, Counts]


@dataclass(frozen=True, slots=True)
class Report:
    schema: str
    run: RunFacts
    sources: int
    outcomes: Counts
    kept: int
    statuses: tuple[StatusCount, ...]
    vias: Counts  # how the answers came
    failures: tuple[Failure, ...]
    timeline: Timeline | None
    times: ResponseTimes | None
    hosts: tuple[HostRow, ...]
    coverage: Coverage
    years: tuple[YearRow, ...]
    texts: Texts
    changes: Changes
    comparison: Comparison | None
    provenance: Provenance
    unknown: tuple[str, ...]


def write_schemas(directory: Path) -> list[Path]:
    """Write ``report.schema.json``; raises `OSError`."""
    path = directory / "report.schema.json"
    path.write_text(json.dumps(published_schema(Report, SCHEMA), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [path]


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
