"""The report as one HTML file: no script, no request, the style inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from archive.report import parts_pages, parts_run
from archive.report.markup import Html, join, tag
from archive.report.model import Report
from archive.report.numbers import moment, number, percent

_STYLE = Path(__file__).with_name("style.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_PARTS: tuple[tuple[str, str, Callable[[Report], Iterator[Html]]], ...] = (
    ("run", "The run in figures", parts_run.tiles),
    ("outcomes", "Outcomes", parts_run.outcomes),
    ("failures", "What was not kept", parts_run.failures),
    ("time", "When, and how fast", parts_run.timeline),
    ("hosts", "Hosts", parts_run.hosts),
    ("events", "Events and their sources", parts_pages.coverage),
    ("rot", "Link rot by year of the event", parts_pages.years),
    ("texts", "Texts", parts_pages.texts),
    ("changes", "Changes", parts_pages.changes),
    ("provenance", "Provenance", parts_pages.provenance),
)


def page(report: Report) -> str:
    """The same report is the same page, byte for byte."""
    title = f"Report of run {report.run.run}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name_="robots", content="noindex"),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )
    body = tag("body", _header(report, title), tag("main", _sections(report)), _footer(report))
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _header(report: Report, title: str) -> Html:
    summary = f"{number(report.kept)} of {number(report.sources)} sources kept ({percent(report.kept, report.sources)}), {report.run.store}"
    contents = (tag("li", f"{number_}. ", tag("a", name, href=f"#{key}")) for number_, (key, name, _) in enumerate(_PARTS, 1))
    return tag(
        "header",
        tag("h1", title),
        tag("p", tag("bdi", summary), class_="soft"),
        tag("nav", tag("ol", contents), aria_label="Parts of this report"),
    )


def _sections(report: Report) -> Html:
    return join(
        tag("section", tag("h2", f"{number_}. {name}", id=key), part(report), aria_labelledby=key)
        for number_, (key, name, part) in enumerate(_PARTS, 1)
    )


def _footer(report: Report) -> Html:
    at = moment(report.provenance.as_of)
    words = f"Counted from the archive as of {at} by {report.provenance.made_with}."
    return tag("footer", tag("p", words, " The same figures are in report.json, a row for each source in sources.csv."))
