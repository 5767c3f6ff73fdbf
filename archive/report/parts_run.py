"""Parts 1 to 5 of the page: the run in figures, outcomes, failures, time, hosts."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator

from archive.report.markup import Html, join, link, tag
from archive.report.model import Failure, HostRow, Report
from archive.report.numbers import duration, milliseconds, moment, number, percent, rate, size
from archive.report.plots import bar, columns, legend, stacked_bar, told
from archive.report.tables import Cell, Column, folded, more, table
from archive.report.words import STATES, VIAS

FAILURES = 200  # rows of a table; all are in report.json and sources.csv
HOSTS = 50  # in each order
_KEPT = ("captured", "unchanged", "rescued")


def tiles(report: Report) -> Iterator[Html]:
    run = report.run
    state = STATES.get(run.state or "", run.state or "not known here")
    code = f"exit code {run.exit_code}" if run.exit_code is not None else None
    wire = f"{size(run.bytes_fetched)} over the wire" if run.bytes_fetched is not None else "over the wire: not known here"
    yield tag(
        "dl",
        _tile("Sources", number(report.sources), _beyond(report)),
        _tile("Kept", percent(report.kept, report.sources), f"{number(report.kept)} of {number(report.sources)}"),
        _tile("Hosts", number(len(report.hosts)), None),
        _tile("Bytes stored", size(run.bytes_stored), wire),
        _tile("Duration", *_duration(report)),
        _tile("How it ended", state, code, wide=True),
        class_="tiles",
    )
    for why in report.unknown:
        yield tag("p", "Not known: ", tag("bdi", why), class_="note")


def _duration(report: Report) -> tuple[str, str]:
    run = report.run
    if run.seconds is not None:
        return duration(run.seconds), f"from {moment(run.started)}"
    return f"≥ {duration(run.asked_seconds)}", "from the first source to the last"


def _tile(name: str, value: str, more_: str | None, *, wide: bool = False) -> Html:
    small = tag("small", more_) if more_ else None
    return tag("div", tag("dt", name), tag("dd", value, small), class_="wide" if wide else None)


def _beyond(report: Report) -> str | None:
    """Sources that the inputs name, and that did not end in this run."""
    run = report.run
    if run.pending:
        return f"{number(run.pending)} more have not ended yet"
    if run.inputs_named is not None and run.inputs_named > report.sources:
        return f"{number(run.inputs_named - report.sources)} more of its inputs had ended before"
    return "that ended in this run"


def outcomes(report: Report) -> Iterator[Html]:
    label = f"Outcomes of {number(report.sources)} sources: {told(report.outcomes)}"
    yield tag(
        "figure",
        stacked_bar(report.outcomes, report.sources, label, "bar tall"),
        legend(report.outcomes, report.sources),
        tag("figcaption", f"What became of the {number(report.sources)} sources"),
    )
    rows = [("–" if s.status is None else str(s.status), s.meaning, s.count, percent(s.count, report.sources)) for s in report.statuses]
    yield table(
        "Status codes of the last answers. A page that says it is gone, or asks for proof of humanity, may come with 200.",
        (Column("Code"), Column("Meaning", "w"), Column("Sources", "n"), Column("Share", "n")),
        rows,
        ("all", "", report.sources, percent(report.sources, report.sources)),
    )
    if report.vias.keys() - {"live"}:
        came = [(via, VIAS.get(via, ""), count, percent(count, report.sources)) for via, count in report.vias.items()]
        yield table("How the answers came", (Column("Via"), Column("Meaning", "w"), Column("Sources", "n"), Column("Share", "n")), came)


def failures(report: Report) -> Iterator[Html]:
    found = report.failures
    if not found:
        yield tag("p", "Every source was kept.")
        return
    run, store = shlex.quote(report.run.run), shlex.quote(report.run.store)
    yield tag(
        "p", f"{number(len(found))} of {number(report.sources)} sources were not kept. Try them again, or look for them in web archives:"
    )
    yield tag("pre", f"warcite recrawl --run {run} --failed --store {store}\nwarcite rescue --run {run} --store {store}")
    yield _by_reason(found)
    names = (
        Column("Reason", "t"),
        Column("Code", "n"),
        Column("Source", "w"),
        Column("Event", "w"),
        Column("Tries", "n"),
        Column("Last good", "t"),
    )
    yield folded("What could not be kept, by outcome and reason", names, [_failure(f) for f in found[:FAILURES]], len(found))


def _by_reason(found: tuple[Failure, ...]) -> Html:
    counts: dict[tuple[str, str], int] = {}
    for failure in found:
        key = (failure.outcome.value, failure.reason)
        counts[key] = counts.get(key, 0) + 1
    most = max(counts.values())
    rows = [
        (reason, word, _bar(word, count, most, f"{word}, {reason}: {count}"), count)
        for (word, reason), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return table(
        "Reasons", (Column("Reason"), Column("Outcome"), Column("", "b"), Column("Sources", "n")), rows, ("all", "", "", len(found))
    )


def _bar(kind: str, count: int, most: int, label: str) -> Html:
    return bar(count, most, label, kind=kind)


def _failure(failure: Failure) -> tuple[Cell, ...]:
    detail = tag("div", tag("bdi", failure.detail), class_="soft") if failure.detail else None
    event = tag("bdi", failure.event_title, title=failure.event_id) if failure.event_title is not None else "no event of this archive"
    return (
        join([tag("b", failure.outcome.value), " ", failure.reason]),
        "–" if failure.http_status is None else str(failure.http_status),
        join([link(failure.url), detail] if detail else [link(failure.url)]),
        event,
        failure.attempts,
        moment(failure.last_good) if failure.last_good else "none",
    )


def timeline(report: Report) -> Iterator[Html]:
    if report.timeline is None:
        yield tag("p", "No source has a time.")
    else:
        yield from _columns(report)
    times = report.times
    if times is None:
        yield tag("p", "Response times are not known: the WARCs were not read.")
    elif not times.count:
        yield tag("p", "No request for a page was answered.")
    else:
        most = max(b.count for b in times.bins)
        lower = 0
        rows: list[tuple[Cell, ...]] = []
        last = max(n for n, b in enumerate(times.bins) if b.count)
        for one in times.bins[: last + 1]:
            name = f"{milliseconds(lower)} or more" if one.below is None else f"below {milliseconds(one.below)}"
            rows.append((name, bar(one.count, most, f"{name}: {one.count}"), one.count, percent(one.count, times.count)))
            lower = one.below or lower
        caption = (
            f"Time from request to the end of the answer, for {number(times.count)} requests for pages, redirects among them:"
            f" half took {milliseconds(times.p50)} at most, 95 % {milliseconds(times.p95)}, all {milliseconds(times.slowest)}"
        )
        yield table(
            caption, (Column("Time"), Column("", "b"), Column("Requests", "n"), Column("Share", "n")), rows, ("all", "", times.count, "")
        )


def _columns(report: Report) -> Iterator[Html]:
    line = report.timeline
    if line is None:
        return
    intervals, step = line.intervals, duration(line.seconds)
    rows = [i.outcomes for i in intervals]
    most = max(sum(row.values()) for row in rows)
    label = f"Sources in each {step}, from {intervals[0].at} on: at most {most}. In all: {told(report.outcomes)}"
    axis = tag("div", tag("span", moment(intervals[0].at)), tag("span", moment(intervals[-1].at)), class_="axis")
    pace = rate(60 * most / line.seconds)
    yield tag(
        "figure",
        columns(rows, label),
        axis,
        legend(report.outcomes, report.sources),
        tag("figcaption", f"Sources by outcome, one column for {step}; the highest has {number(most)} ({pace})"),
    )
    highest = max(i.bytes for i in intervals)
    total = sum(i.bytes for i in intervals)
    yield tag(
        "figure",
        columns(
            [{"plain": i.bytes} for i in intervals],
            f"Bytes of answers stored in each {step}: {size(total)} in all, at most {size(highest)}",
        ),
        axis,
        tag(
            "figcaption",
            f"Bytes of answers as stored, compressed, one column for {step}; the highest has {size(highest)}, all have {size(total)}",
        ),
    )


_ORDERS: tuple[tuple[str, str, Callable[[HostRow], tuple[object, ...]]], ...] = (
    ("sources", "most sources", lambda h: (-h.sources, h.host)),
    ("kept", "least kept", lambda h: (h.kept / h.sources, -h.sources, h.host)),
    ("slow", "slowest", lambda h: (-(h.median_ms or 0), h.host)),
    ("bytes", "most bytes", lambda h: (-h.bytes, h.host)),
    ("name", "name", lambda h: (h.host,)),
)


def hosts(report: Report) -> Iterator[Html]:
    """One table for each order, of which the page shows the one that its address names: sorting without a script."""
    links = (tag("a", name, href=f"#hosts-{key}") for key, name, _ in _ORDERS)
    yield tag("p", "Sort by: ", join(links, " · "), class_="sorts")
    tables = [
        tag("div", _hosts(sorted(report.hosts, key=order), name), id=f"hosts-{key}", class_="default" if key == "sources" else None)
        for key, name, order in (*_ORDERS[1:], _ORDERS[0])
    ]
    yield tag("div", tables, class_="orders")
    if left := more(min(len(report.hosts), HOSTS), len(report.hosts), "report.json"):
        yield left


def _hosts(found: list[HostRow], order: str) -> Html:
    names = ("Host", "w"), ("Sources", "n"), ("Outcomes", "b"), ("Kept", "n"), ("Median time", "n"), ("Bytes", "n"), ("Least pause", "n")
    return table(
        f"Hosts by {order}. Time is that of answers, the least pause that between the beginnings of two requests, robots.txt among them",
        (*(Column(*name) for name in names), Column("By robots.txt", "n"), Column("Worst reason")),
        (_host(h) for h in found[:HOSTS]),
    )


def _host(h: HostRow) -> tuple[Cell, ...]:
    return (
        tag("bdi", h.host or "(no host)"),
        h.sources,
        stacked_bar(h.outcomes, h.sources, f"{h.host}: {told(h.outcomes)}"),
        percent(h.kept, h.sources),
        milliseconds(h.median_ms),
        size(h.bytes),
        duration(h.least_pause),
        h.robots,
        h.worst or "–",
    )
