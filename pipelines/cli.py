"""The pipelines' own verbs: what digests say. Heavy imports stand inside the commands."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import emit, say

if TYPE_CHECKING:
    from archive.model import Event
    from pipelines.inputs.reading import Reading

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})

AsJson = Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")]


@app.command(no_args_is_help=True)
def parse(
    digest: Annotated[list[str], typer.Argument(metavar="DIGEST...", help="files, folders, globs, or - for standard input")],
    as_json: AsJson = False,
) -> None:
    """Show the events of digest pages and the sources they cite; fetch nothing.

    warcite parse digests/2016/05/21/

    warcite parse - --json < urls.txt

    Reads digest pages (Markdown), day pages of Wikipedia's current events (wikitext) and lists of addresses (text, CSV, TSV, JSON
    lines), told apart by content. Exit codes: 0 read, problems inside it are listed; 2 an input could not be read, or no event in any.
    """
    from pipelines.inputs.reading import Reading

    reading = Reading(digest)
    (_write_json if as_json else _write_text)(reading)
    if reading.unread or not reading.events:
        raise typer.Exit(2)


def _write_json(reading: Reading) -> None:
    """The document event by event: a list of 100,000 addresses is never held as a whole."""
    from pipelines.inputs.published import SCHEMA, event_record, problem_record

    out = sys.stdout
    out.write(f'{{"schema": "{SCHEMA}", "events": [')
    for number, event in enumerate(reading):
        out.write((",\n" if number else "\n") + json.dumps(event_record(event)))
    out.write('\n], "problems": [')
    for number, problem in enumerate(reading.problems):
        out.write((",\n" if number else "\n") + json.dumps(problem_record(problem)))
    out.write("\n]}\n")


def _write_text(reading: Reading) -> None:
    for event in reading:
        for line in _shown(event):
            emit(line)
    for problem in reading.problems:
        say(f"{problem.file}{f':{problem.line}' if problem.line else ''}: {problem.problem}")
    say(f"{reading.events} events, {reading.citations} citations, {len(reading.problems)} problems")


def _shown(event: Event) -> list[str]:
    day = event.date or "undated"
    lines = [f"{day:10}  {event.title}"]
    width = min(30, max((len(citation.label) for citation in event.citations), default=0))
    for citation in event.citations:
        copy = f"  (copy of {citation.archive_date or 'unknown time'})" if citation.archive_url else ""
        lines.append(f"{citation.position:>12}  {citation.label:{width}}  {citation.url}{copy}")
    lines.append(f"{'':12}{len(event.citations)} cited, {len(event.related)} related")
    return lines
