"""The pipelines' own verbs: what digests say. Heavy imports stand inside the commands."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import emit, emit_json, say

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


@app.command()
def rebuild(
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    spool: Annotated[str | None, typer.Option("--spool", metavar="DIR", help="where uncommitted captures wait")] = None,
    again: Annotated[bool, typer.Option("--all", help="make every object again and compare, not only what is missing or damaged")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="say what would be restored; write nothing")] = False,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", help="extraction processes (default: one a core)")] = 0,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")] = False,
    as_json: AsJson = False,
) -> None:
    """Restore what is derived, index, documents and ledger, from the WARCs and manifests, byte for byte. Exit status 5: some is lost.

    warcite rebuild --all      # prove that everything derived can be made again
    """
    import os

    from archive.config import load, options_of
    from archive.spool.directory import Spool, find_spool
    from archive.spool.rebuild import rebuild_ledger
    from archive.store import open_store
    from pipelines.rebuild import rebuild_objects, shown

    options = options_of(load({"store": store, "spool": spool}))
    place = open_store(options.store)
    workers = jobs or options.jobs or os.cpu_count() or 1
    rebuilt = rebuild_objects(place, workers, (lambda _: None) if no_progress else say, again=again, dry_run=dry_run)
    directory = find_spool(place.uri, options.spool, os.environ)
    if not dry_run and directory.is_dir():
        with Spool(directory) as mine:
            rebuilt.ledger = rebuild_ledger(mine, place)
    if as_json:
        emit_json(rebuilt.as_json())
    else:
        for line in shown(rebuilt):
            emit(line)
    raise typer.Exit(5 if rebuilt.lost else 0)


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
