"""The verb `report`. Heavy imports stand inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.console import emit, emit_json, say

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command()
def report(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="a run's id, or last")] = "last",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", help="a folder; default: runs/RUN/ of the store")] = None,
    formats: Annotated[str | None, typer.Option("--format", metavar="LIST", help="of html, json and csv; default: all three")] = None,
    compare: Annotated[str | None, typer.Option("--compare", metavar="RUN", help="side by side with another run")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="read no WARC: no response times, no pauses")] = False,
    open_it: Annotated[bool, typer.Option("--open", help="show it in a browser; needs -o, or a store on this machine")] = False,
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    spool: Annotated[str | None, typer.Option("--spool", metavar="DIR", help="where the crawl's ledger lies")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="the report as one JSON document on standard output; write files only with -o")
    ] = False,
) -> None:
    """What a run came to: one HTML file with plots, report.json, and sources.csv with a row for each source.

    warcite report last -o report --open

    warcite report 20160521T083000Z-1f2e --compare 20160514T083000Z-9a0b

    Counted from the archive alone; how the run ended and what came over the wire only its crawler's ledger knows. Exit codes: 5 the archive
    is damaged, 7 no such run.
    """
    import os
    from dataclasses import asdict

    from archive.config import load, options_of
    from archive.report.build import Reporter
    from archive.report.files import formats_of, put_beside, write_into
    from archive.spool.directory import find_spool
    from archive.store import open_store

    options = options_of(load({"store": store, "spool": spool}))
    wanted, place = formats_of(formats), open_store(options.store)
    ledger = find_spool(place.uri, options.spool, os.environ) / "ledger.sqlite"
    with Reporter(place, run, ledger=ledger, compare=compare, read_warcs=not quick) as reporter:
        found = reporter.report()
        if output is not None:
            written = [str(path) for path in write_into(output, found, reporter.facts, wanted)]
        else:
            written = [] if as_json else [f"{place.uri}/{key}" for key in put_beside(place, found, reporter.facts, wanted)]
    if as_json:
        emit_json(asdict(found))
    else:
        say(f"run {found.run.run}: {found.kept} of {found.sources} sources kept")
        for path in written:
            emit(path)
    if open_it:
        _open([path for path in written if path.endswith(".html")])


def _open(pages: list[str]) -> None:
    import webbrowser

    from archive.errors import InputError

    if not pages or pages[0].startswith("s3://"):
        raise InputError("--open needs a page on this machine: give -o DIR, and html among the formats")
    page = pages[0] if pages[0].startswith("file://") else Path(pages[0]).resolve().as_uri()
    if not webbrowser.open(page):
        say(f"no browser can be opened here: {page}")
