"""Parts 6 to 10 of the page: events, years, texts, changes, provenance."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence

from archive.report.markup import Html, link, tag
from archive.report.model import Comparison, EventRow, Report
from archive.report.numbers import duration, milliseconds, moment, number, percent, size
from archive.report.plots import bar, legend, stacked_bar, told
from archive.report.tables import Cell, Column, folded, more, table
from archive.report.words import CHANGES

ROWS = 200  # of a table; all are in report.json
_TEXTS = {
    "ok": "a text",
    "thin": "few words",
    "none": "no words",
    "not-html": "no HTML page",
    "no-document": "no document of this run: not kept, or unchanged",
}


def coverage(report: Report) -> Iterator[Html]:
    found = report.coverage
    if not found.events:
        yield tag("p", "No event of this archive cites a source of this run.")
        return
    counts = {"captured": found.whole, "blocked": found.some, "gone": found.none}
    names = {"captured": "all", "blocked": "some", "gone": "none"}
    shown = {names[key]: count for key, count in counts.items()}
    yield tag(
        "figure",
        stacked_bar(counts, found.events, f"Of {found.events} events: {told(shown)} of their sources kept", "bar tall"),
        tag(
            "ul",
            (
                tag(
                    "li", tag("span", "", class_=f"key k-{key}"), tag("b", names[key]), f" {number(count)} · {percent(count, found.events)}"
                )
                for key, count in counts.items()
            ),
            class_="legend",
        ),
        tag("figcaption", f"How many of the sources of {number(found.events)} events are kept, by this run or one before"),
    )
    yield from _events("Events without any source kept", found.uncovered)
    yield from _events("Events with some sources kept", found.partly)


def _events(caption: str, rows: tuple[EventRow, ...]) -> Iterator[Html]:
    if not rows:
        return
    columns = (Column("Date", "t"), Column("Event", "w"), Column("Digest", "w"), Column("Kept", "n"), Column("Sources", "n"))
    yield folded(caption, columns, [_event(e) for e in rows[:ROWS]], len(rows))


def _event(e: EventRow) -> tuple[Cell, ...]:
    return e.date or "undated", tag("bdi", e.title, title=e.id), tag("bdi", e.digest_file), e.kept, e.sources


def years(report: Report) -> Iterator[Html]:
    yield legend(report.outcomes, report.sources)
    columns = (
        *(Column("Year"), Column("Outcomes", "b"), Column("Sources", "n"), Column("Still there", "n"), Column("Rescued", "n")),
        *(Column("Gone", "n"), Column("Blocked", "n"), Column("Other", "n")),
    )
    rows = [_year(y.year or "no date", y.outcomes, y.sources) for y in report.years]
    yield table(
        "Sources by the year of the first event that cites them: what is still there, and what is gone",
        columns,
        rows,
        _year("all", report.outcomes, report.sources),
    )


def _year(name: str, counts: dict[str, int], whole: int) -> tuple[Cell, ...]:
    kept = counts["captured"] + counts["unchanged"]
    return (
        name,
        stacked_bar(counts, whole, f"{name}: {told(counts)}"),
        whole,
        percent(kept, whole),
        percent(counts["rescued"], whole),
        percent(counts["gone"], whole),
        percent(counts["blocked"], whole),
        percent(counts["error"] + counts["skipped"], whole),
    )


def texts(report: Report) -> Iterator[Html]:
    found = report.texts
    rows = [(word, _TEXTS[word], count, percent(count, report.sources)) for word, count in found.outcomes.items()]
    columns = (Column("Text"), Column("Meaning", "w"), Column("Sources", "n"), Column("Share", "n"))
    yield table("Texts of the sources", columns, rows, ("all", "", report.sources, percent(report.sources, report.sources)))
    if not found.documents:
        return
    yield _lengths(report)
    yield _counted(
        "Languages of the texts", "Language", {name or "not known": count for name, count in found.languages.items()}, found.documents
    )
    yield _counted("Extractor and its version", "Version", found.extractors, found.documents)
    yield _counted("Extractor settings", "Settings", {name or "none": count for name, count in found.settings.items()}, found.documents)
    if found.flags:
        yield _counted("Flags; a document may have several", "Flag", found.flags, found.documents)
    if found.thin:
        thin = [(link(p.url, p.title or p.url), p.words, p.text_outcome.value, p.outcome.value) for p in found.thin[:ROWS]]
        names = (Column("Page", "w"), Column("Words", "n"), Column("Text"), Column("Outcome"))
        yield folded("Thin and empty pages", names, thin, len(found.thin))


def _lengths(report: Report) -> Html:
    found = report.texts
    most = max(one.count for one in found.lengths)
    rows: list[tuple[Cell, ...]] = []
    lower = 0
    for one in found.lengths:
        name = "no words" if one.below == 1 else f"{number(lower)} or more" if one.below is None else f"below {number(one.below)}"
        rows.append((name, bar(one.count, most, f"{name}: {one.count}"), one.count, percent(one.count, found.documents)))
        lower = one.below or lower
    columns = (Column("Words"), Column("", "b"), Column("Documents", "n"), Column("Share", "n"))
    return table(f"Length of the texts of {number(found.documents)} documents", columns, rows, ("all", "", found.documents, ""))


def _counted(caption: str, name: str, counts: dict[str, int], whole: int) -> Html:
    rows = [(tag("bdi", word), count, percent(count, whole)) for word, count in list(counts.items())[:ROWS]]
    return table(caption, (Column(name, "w"), Column("Documents", "n"), Column("Share", "n")), rows)


def changes(report: Report) -> Iterator[Html]:
    found, comparison = report.changes, report.comparison
    against = f"run {found.baseline}" if found.baseline else "each source's last ending before this run"
    rows = [(kind, CHANGES[kind], count, percent(count, report.sources)) for kind, count in found.counts.items()]
    columns = (Column("Change"), Column("Meaning", "w"), Column("Sources", "n"), Column("Share", "n"))
    yield table(f"Compared with {against}", columns, rows, ("all", "", report.sources, percent(report.sources, report.sources)))
    if found.rows:
        named = (Column("Change", "t"), Column("Source", "w"), Column("Before"), Column("Now"), Column("Known since", "t"))
        shown = [(r.kind, link(r.url), r.before, r.after, moment(r.since)) for r in found.rows[:ROWS]]
        yield folded("Sources that changed", named, shown, len(found.rows))
    yield from _told(report)
    if comparison is not None:
        yield from _comparison(comparison)


def _told(report: Report) -> Iterator[Html]:
    """The crawler compares paragraph by paragraph, without counters, dates and rails of other stories."""
    told_ = report.changes.told
    counts = told_.get("counts") if told_ else None
    if not told_ or not isinstance(counts, dict):
        return
    rows: list[Sequence[Cell]] = [(str(kind), str(count)) for kind, count in counts.items()]
    yield table(
        "As the crawler compared the texts: without counters, dates and rails of other stories",
        (Column("Change"), Column("Sources", "n")),
        rows,
    )
    stealth = told_.get("stealth") or []
    if stealth:
        edits = ((link(str(e.get("url"))), moment(e.get("before")), moment(e.get("after"))) for e in stealth[:ROWS])
        yield table(
            "Stealth edits: another text, the same date on the page", (Column("Page", "w"), Column("Before"), Column("After")), edits
        )


def _comparison(comparison: Comparison) -> Iterator[Html]:
    before, now = comparison.before, comparison.now
    yield tag("h3", "Side by side")
    rows: list[Sequence[Cell]] = [
        ("sources", before.sources, now.sources),
        *((word, before.outcomes[word], now.outcomes[word]) for word in before.outcomes),
        ("hosts", before.hosts, now.hosts),
        ("texts", before.texts_ok, now.texts_ok),
        ("bytes stored", size(before.bytes_stored), size(now.bytes_stored)),
        ("duration", duration(before.seconds), duration(now.seconds)),
        ("median response", milliseconds(before.p50), milliseconds(now.p50)),
        ("95 % of responses within", milliseconds(before.p95), milliseconds(now.p95)),
    ]
    caption = (
        f"{number(comparison.both)} sources are in both runs, {number(comparison.only_before)} in {before.run} only,"
        f" {number(comparison.only_now)} in {now.run} only"
    )
    yield table(caption, (Column(""), Column(before.run, "n"), Column(now.run, "n")), rows)
    words = list(comparison.moves)
    moved: list[tuple[Cell, ...]] = [
        (word, *(comparison.moves[word][to] for to in words), sum(comparison.moves[word].values())) for word in words
    ]
    columns = (Column(f"{before.run} ↓  {now.run} →"), *(Column(word, "n") for word in words), Column("all", "n"))
    yield table("From which outcome to which, of the sources in both runs", columns, [row for row in moved if row[-1]])


def provenance(report: Report) -> Iterator[Html]:
    found, run = report.provenance, report.run
    store = shlex.quote(run.store)
    facts: list[tuple[str, str]] = [
        ("run", run.run),
        ("jobs", ", ".join(run.jobs)),
        ("store", run.store),
        ("started, finished", f"{moment(run.started)}, {moment(run.finished)}"),
        ("newest segment", moment(found.as_of)),
        ("command", shlex.join(found.command) if found.command else "not recorded"),
        (
            "options",
            json.dumps(found.options, ensure_ascii=False) if found.options is not None else "not recorded, but for what the WARCs say",
        ),
        *((f"WARC: {name}", value) for name, value in found.warcinfo.items()),
        *((name, value) for name, value in found.versions.items()),
        ("report made with", found.made_with),
    ]
    shown = ((name, tag("bdi", value)) for name, value in facts)
    yield table("Where these figures come from", (Column("What"), Column("", "w")), shown)
    rows = [(tag("code", w.key), size(w.bytes), w.records, tag("code", w.segment)) for w in found.warcs[:ROWS]]
    columns = (Column("Object, named by its SHA-256", "w"), Column("Bytes", "n"), Column("Records", "n"), Column("Segment", "w"))
    yield table(f"WARCs of this run: {number(len(found.warcs))}", columns, rows)
    if left := more(min(len(found.warcs), ROWS), len(found.warcs), "report.json"):
        yield left
    yield tag("p", "Check them, make this report again, and follow any text to its bytes:")
    yield tag(
        "pre",
        f"warcite verify --store {store}\nwarcite report {shlex.quote(run.run)} --store {store}\nwarcite trace URL --store {store}",
    )
