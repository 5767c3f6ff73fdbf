"""The pipelines' own verbs: what digests say, and what pages say. Heavy imports stand inside the commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from archive.console import emit, emit_json, say
from archive.errors import InputError, WarciteError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.model import Event
    from pipelines.inputs.reading import Reading
    from pipelines.selection import Selection
    from pipelines.work import Work

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

    Reads digest pages (Markdown), Wikipedia and Wikinews pages (wikitext, HTML), Portal:Current events, feeds, sitemaps, bookmark
    files, BibTeX, CSL-JSON and lists of addresses (text, CSV, TSV, JSON lines), also packed with gzip, told apart by content.

    Exit codes: 0 read, problems inside it are listed; 2 an input could not be read, or no event in any.
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


@app.command()
def extract(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="FILE|RUN|WARC", help="a page with --url, - for standard input; or runs, WARC files")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="where the page came from")] = None,
    pages: Annotated[
        str | None, typer.Option("--pages", metavar="LIST", help='JSON lines {"id", "path", "url"}, - for standard input')
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="say how the stored documents would change")] = False,
    mode: Annotated[Literal["full", "light"], typer.Option("--mode", help="light: less CPU, and less often right")] = "full",
    profiles: Annotated[
        list[str] | None, typer.Option("--profile", metavar="NAME", help="a site profile: latest, HOST or HOST/VERSION; repeatable")
    ] = None,
    captured_at: Annotated[
        str | None, typer.Option("--captured-at", metavar="TIME", help="when pages were saved; default: unknown")
    ] = None,
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", help="extraction processes (default: one a core)")] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")] = False,
    as_json: AsJson = False,
) -> None:
    """Clean text of a page, of a list of pages, or again of what an archive or a WARC holds; fetch nothing, change nothing.

    warcite extract story.html --url http://www.example.com/story

    warcite extract --pages list.jsonl > documents.jsonl

    warcite extract --diff        # what this version would make of the whole archive

    One page is shown for reading, or as one document with --json; everything else is a document a line, with --diff a comparison.
    Exit codes: 3 some pages could not be extracted, 4 none could; 5 some of the archive could not be read.
    """
    import os
    from contextlib import nullcontext

    from archive.config import load, options_of
    from archive.profiles import choose
    from archive.store import open_store
    from pipelines.page_files import CAPTURED_AT, read_time
    from pipelines.profiles import ChosenProfiles
    from pipelines.progress import PageProgress
    from pipelines.selection import select
    from pipelines.work import Tally, Work
    from pipelines.workers import WorkerPool

    options = options_of(load({"store": store, "jobs": jobs}))
    chosen, at = select(what or [], url), CAPTURED_AT if captured_at is None else read_time(captured_at)
    if pages is not None and (what or url is not None or diff):
        raise InputError("--pages stands alone: no file, no --url, no --diff")
    if chosen.page is not None and diff:
        raise InputError("--diff compares with the documents of an archive, and a file is in none")
    sites = None
    if profiles:
        place = open_store(options.store)
        sites = ChosenProfiles(place, choose(place, profiles))
    tally = Tally()
    workers = 1 if chosen.page is not None else options.jobs or os.cpu_count() or 1
    with (
        nullcontext() if no_progress or chosen.page is not None else PageProgress(tally),
        WorkerPool(workers, options.extract_deadline, options.extract_memory) as pool,
    ):
        work = Work(pool, tally, say, mode, sites)
        if pages is not None:
            _write_list(pages, at, work)
        elif chosen.page is not None:
            _write_page(chosen.page, url or "", at, work, as_json=as_json)
        else:
            _write_again(chosen, options.store, work, diff=diff, as_json=as_json)
    raise typer.Exit(tally.exit_code)


def _write_page(file: str, url: str, captured_at: str, work: Work, *, as_json: bool) -> None:
    from pipelines.page_files import page_task
    from pipelines.readable import shown
    from pipelines.selection import STANDARD_INPUT
    from pipelines.sources import MAX_BODY

    content = sys.stdin.buffer.read(MAX_BODY + 1) if file == STANDARD_INPUT else Path(file)
    extracted = work.pool.submit(work.prepared(page_task(content, url, captured_at))).result()
    if extracted.unread:
        raise InputError(extracted.unread)
    work.tally.count(extracted)
    document = json.loads(extracted.line)
    if as_json:
        emit_json(document)
        return
    for line in shown(document):
        emit(line)


def _write_list(file: str, captured_at: str, work: Work) -> None:
    from pipelines.page_files import PageList
    from pipelines.selection import STANDARD_INPUT

    with sys.stdin.buffer if file == STANDARD_INPUT else _opened(file) as lines:
        _write_lines(PageList(lines, work, captured_at))
    say(work.tally.shown())


def _opened(file: str) -> BinaryIO:
    try:
        return Path(file).open("rb")
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', '') or error}") from error


def _write_again(chosen: Selection, store: str, work: Work, *, diff: bool, as_json: bool) -> None:
    from pipelines.again import differences, documents_again
    from pipelines.document_diff import diff_json, diff_lines

    if not diff:
        _write_lines(documents_again(chosen, store, work))
    elif as_json:
        _write_whole(diff_json(differences(chosen, store, work), store))
    else:
        for line in diff_lines(differences(chosen, store, work)):
            emit(line)
    say(work.tally.shown())


def _write_lines(lines: Iterable[bytes]) -> None:
    """Lines of JSON as they are: UTF-8, whatever the locale."""
    for line in lines:
        try:
            sys.stdout.buffer.write(line)
        except BrokenPipeError as error:
            raise typer.Exit(141) from error  # the reader has enough
        except OSError as error:
            raise WarciteError(f"the result cannot be written: {error.strerror}; nothing else is lost") from error


def _write_whole(parts: Iterable[str]) -> None:
    """A document that may be large, once it is complete: what fails on the way must not leave half of one."""
    import shutil
    from tempfile import SpooledTemporaryFile

    with SpooledTemporaryFile(4 << 20, "w+", encoding="utf-8") as copy:
        copy.writelines(parts)
        copy.seek(0)
        shutil.copyfileobj(copy, sys.stdout)


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
