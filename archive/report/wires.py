"""Parts 4 and 5 of a report: when what happened, how long answers took, and hosts."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from archive.model import OutcomeWord
from archive.report.model import HostRow, Interval, ResponseTimes, TimeBin, Timeline
from archive.report.words import KEPT
from archive.times import parse_iso

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400, 7 * 86400, 30 * 86400, 365 * 86400)
_MOST = 60  # intervals
_BELOW = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, None)  # milliseconds
_NONE = dict.fromkeys((word.value for word in OutcomeWord), 0)


def timeline(sql: sqlite3.Connection) -> Timeline | None:
    """Sources by when they were asked for the last time. None where no source has a time."""
    ended = [
        (parse_iso(at), outcome) for at, outcome in sql.execute("SELECT captured_at, outcome FROM targets WHERE captured_at IS NOT NULL")
    ]
    if not ended:
        return None
    stored = [(_moment(at), size) for at, size in sql.execute("SELECT at, bytes FROM members")]
    first, last = min(at for at, _ in ended), max(at for at, _ in ended)
    step = next((s for s in _STEPS if (last - first).total_seconds() / s < _MOST), _STEPS[-1])
    start = datetime.fromtimestamp(first.timestamp() // step * step, UTC)
    count = int((last - start).total_seconds() // step) + 1
    outcomes = [dict(_NONE) for _ in range(count)]
    sizes = [0] * count
    for at, outcome in ended:
        outcomes[int((at - start).total_seconds() // step)][outcome] += 1
    for at, size in stored:
        sizes[min(max(int((at - start).total_seconds() // step), 0), count - 1)] += size
    begins = (f"{start + timedelta(seconds=step * n):%Y-%m-%dT%H:%M:%SZ}" for n in range(count))
    return Timeline(step, tuple(Interval(*row) for row in zip(begins, outcomes, sizes, strict=True)))


def _moment(timestamp: str) -> datetime:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def response_times(sql: sqlite3.Connection) -> ResponseTimes:
    times = [row[0] for row in sql.execute("SELECT ms FROM exchanges WHERE is_page ORDER BY ms")]
    counts = [0] * len(_BELOW)
    limits = [limit for limit in _BELOW if limit is not None]
    for ms in times:
        counts[bisect_right(limits, ms)] += 1
    bins = tuple(TimeBin(below, count) for below, count in zip(_BELOW, counts, strict=True))
    return ResponseTimes(len(times), percentile(times, 50), percentile(times, 95), times[-1] if times else None, bins)


def percentile(times: list[int], share: int) -> int | None:
    """The smallest of the sorted values that so many percent of them do not exceed (nearest rank)."""
    return times[max(0, -(-len(times) * share // 100) - 1)] if times else None


def hosts(sql: sqlite3.Connection, *, timed: bool) -> Iterator[HostRow]:
    """As cited, those with most sources first; requests and bytes are of the host itself, whoever was redirected to it."""
    counted: dict[str, dict[str, int]] = {}
    for host, outcome, count in sql.execute("SELECT host, outcome, count(*) FROM targets GROUP BY host, outcome"):
        counted.setdefault(host, dict(_NONE))[outcome] = count
    robots = dict(
        map(tuple, sql.execute("SELECT host, count(*) FROM targets WHERE reason IN ('robots', 'robots-unavailable') GROUP BY host"))
    )
    sizes = dict(map(tuple, sql.execute("SELECT host, sum(bytes) FROM members GROUP BY host")))
    for host, outcomes in sorted(counted.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        times = [row[0] for row in sql.execute("SELECT ms FROM exchanges WHERE host = ? AND is_page ORDER BY ms", (host,))]
        starts = [row[0] for row in sql.execute("SELECT at FROM exchanges WHERE host = ? ORDER BY at", (host,))]
        yield HostRow(
            host=host,
            sources=sum(outcomes.values()),
            outcomes=outcomes,
            kept=sum(outcomes[word] for word in KEPT),
            median_ms=percentile(times, 50),
            bytes=sizes.get(host, 0),
            requests=len(starts) if timed else None,
            least_pause=_least_pause(starts),
            robots=robots.get(host, 0),
            worst=_worst(sql, host),
        )


def _least_pause(starts: list[str]) -> float | None:
    moments = [parse_iso(at) for at in starts]
    pauses = [(b - a).total_seconds() for a, b in pairwise(moments)]
    return round(min(pauses), 3) if pauses else None


def _worst(sql: sqlite3.Connection, host: str) -> str | None:
    """The most frequent reason why a source of it was not kept."""
    row = sql.execute(
        "SELECT reason, count(*) FROM targets WHERE host = ? AND outcome NOT IN ('captured', 'unchanged', 'rescued')"
        " GROUP BY reason ORDER BY 2 DESC, 1 LIMIT 1",
        (host,),
    ).fetchone()
    return str(row[0]) if row else None
