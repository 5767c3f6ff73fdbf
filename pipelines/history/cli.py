"""The verb `diff`. Heavy imports stand inside the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import emit_json, say
from archive.errors import InputError, WarciteError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.store import Store as Place
    from pipelines.history.shown import ShownLine
    from pipelines.workers import WorkerPool

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command(no_args_is_help=True)
def diff(
    url: Annotated[str | None, typer.Argument(metavar="URL", help="a page, in any spelling of its address")] = None,
    earlier: Annotated[
        str | None, typer.Argument(metavar="A", help="its time, record id, first or last; default: the last but one")
    ] = None,
    later: Annotated[str | None, typer.Argument(metavar="B", help="likewise; default: last")] = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="every page of a run against its last text; last: the newest")
    ] = None,
    words: Annotated[bool, typer.Option("--words", help="mark the words that changed")] = False,
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", help="extraction processes (default: one a core)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")] = False,
) -> None:
    """What changed on a page between two captures, paragraph by paragraph, or on every page of a run; fetch nothing.

    warcite diff http://www.example.com/story

    warcite diff http://www.example.com/story 2016-05-21 last --words

    warcite diff --run last

    A time may be written as far as you like: 2016, 20160521, 2016-05-21T14:30:00Z; the newest capture that it begins is meant. Counters,
    dates, "4 hours ago" and rails of other stories do not count. Exit codes: 5 some of the archive could not be read, 7 no such page,
    capture or run.
    """
    import os

    from archive.config import load, options_of
    from archive.store import open_store
    from pipelines.workers import WorkerPool

    if (url is None) == (run is None):
        raise InputError("say what to compare: a URL, or --run")
    options = options_of(load({"store": store, "jobs": jobs}))
    place = open_store(options.store)
    with WorkerPool(options.jobs or os.cpu_count() or 1, options.extract_deadline, options.extract_memory) as pool:
        if run is not None:
            _diff_run(place, run, pool, as_json=as_json)
        elif url is not None:
            _diff_page(place, url, (earlier, later), pool, words=words, as_json=as_json)


def _diff_page(place: Place, url: str, named: tuple[str | None, str | None], pool: WorkerPool, *, words: bool, as_json: bool) -> None:
    from pipelines.history.page import compare_versions
    from pipelines.history.published import diff_record
    from pipelines.history.shown import diff_lines
    from pipelines.history.versions import choose, versions_of

    compared = compare_versions(place, *choose(versions_of(place, url), *named), pool)
    if as_json:
        emit_json(diff_record(compared, place.uri, words=words))
    else:
        _emit(diff_lines(compared, words=words))


def _diff_run(place: Place, named: str, pool: WorkerPool, *, as_json: bool) -> None:
    import shutil
    import sys
    from tempfile import SpooledTemporaryFile

    from archive.takedown import taken_down
    from pipelines.changes import Changes
    from pipelines.history.published import changes_json
    from pipelines.history.records import endings_in_store, run_named
    from pipelines.history.shown import run_lines

    problems: list[str] = []
    run = run_named(place, named)
    endings = endings_in_store(place, run, problems.append)
    changes = Changes(place, endings, frozenset(taken_down(place)), pool, problems.append)
    if as_json:
        with SpooledTemporaryFile(4 << 20, "w+", encoding="utf-8") as whole:  # what fails on the way must not leave half a document
            whole.writelines(changes_json(changes, place.uri, run, problems))
            whole.seek(0)
            shutil.copyfileobj(whole, sys.stdout)
    else:
        _emit(run_lines(changes))
        for problem in problems:
            say(problem)
    if problems:
        raise typer.Exit(5)


def _emit(lines: Iterable[ShownLine]) -> None:
    """With colours on a terminal, unless NO_COLOR is set (no-color.org)."""
    import os
    import sys

    from pipelines.history.shown import rendered

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for line in lines:
        try:
            sys.stdout.write(rendered(line, colour=colour) + "\n")
        except BrokenPipeError:
            raise
        except OSError as error:
            raise WarciteError(f"the result cannot be written: {error.strerror}; nothing else is lost") from error
