"""The verb `search`. Heavy imports stand inside it."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
import typer.core

from archive.console import emit, emit_json, say
from archive.selection.options import Digests, Events, Hosts, Langs, Outcomes, Runs, Since, Until, Urls

if TYPE_CHECKING:
    from archive.catalog.catalog import Catalog
    from archive.search.found import Found
    from archive.store import Store as Place

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})

_LEFT_OUT = "\N{MINUS SIGN}"  # which the query's reader takes for a hyphen, and the option parser does not


class WordsCommand(typer.core.TyperCommand):
    """``-word`` is a word to leave out, not a heap of options with single letters."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        options = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        end = args.index("--") if "--" in args else len(args)
        words = [_LEFT_OUT + arg[1:] if re.match(r"-[^-]", arg) and arg not in options else arg for arg in args[:end]]
        return super().parse_args(ctx, words + args[end:])


@app.command(cls=WordsCommand, no_args_is_help=True)
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help='words, "a phrase", -without, begin*, this OR that')],
    events: Events = None,
    digests: Digests = None,
    runs: Runs = None,
    hosts: Hosts = None,
    urls: Urls = None,
    since: Since = None,
    until: Until = None,
    outcomes: Outcomes = None,
    langs: Langs = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="hits", min=1, max=1000)] = 20,
    sort: Annotated[Literal["score", "date"], typer.Option("--sort", help="best first, or newest (published, else captured)")] = "score",
    snippets: Annotated[bool, typer.Option("--snippets/--no-snippets", help="some of the text around the words")] = True,
    all_captures: Annotated[bool, typer.Option("--all-captures", help="each capture of an address, not the newest only")] = False,
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="one hit a line, as JSON")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")] = False,
) -> None:
    """Search titles, texts, sites, authors and citing events. All words must be there; case and accents do not matter.

    warcite search harbour dredging

    warcite search '"east channel"' board -election --host '*.example.com' --since 2016

    warcite search flood OR inondation --lang en,fr --sort date --json

    The catalog that it looks in is a cache on this machine (in $XDG_CACHE_HOME/warcite/catalog, or ~/.cache), made at the first search and
    brought up to date at each. Exit codes: 0 also when nothing is found; 2 words that cannot be read; 7 no such run or event.
    """
    from archive.catalog.syntax import parse_query
    from archive.config import load, options_of
    from archive.errors import InputError
    from archive.search.query import Wanted
    from archive.search.query import search as found_by
    from archive.selection.options import selection_of
    from archive.store import open_store

    if as_json and jsonl:
        raise InputError("--json or --jsonl, not both")
    query = parse_query(" ".join(words))
    wanted = Wanted(query, selection_of(ctx.params), sort, all_captures, snippets)
    place = open_store(options_of(load({"store": store})).store)
    with refreshed_catalog(place, progress=not no_progress) as catalog:
        found = found_by(catalog, wanted)
    _tell(found, as_json=as_json, jsonl=jsonl)


def refreshed_catalog(place: Place, *, progress: bool) -> Catalog:
    """Brought up to date while its progress is told; to be closed."""
    from contextlib import nullcontext

    from archive.catalog.catalog import catalog_of
    from archive.progress import ByteProgress

    catalog = catalog_of(place)
    try:
        with ByteProgress("catalog") if progress else nullcontext() as told:
            waiting = lambda: say("another warcite is making the catalog; waiting for it")  # noqa: E731
            catalog.refresh(lambda problem: say(f"not searched: {problem}"), told or (lambda *_: None), waiting)
    except BaseException:
        catalog.close()
        raise
    return catalog


def _tell(found: Found, *, as_json: bool, jsonl: bool) -> None:
    import os
    from dataclasses import asdict

    from archive.search.shown import shown_hits, summary

    if as_json:
        emit_json(asdict(found))
        return
    if jsonl:
        for hit in found.hits:
            emit(json.dumps(asdict(hit), ensure_ascii=True))
        return
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for line in shown_hits(found, colour=colour):
        if colour:
            typer.echo(line)  # `emit` would take the colours for a page's
        else:
            emit(line)
    say(summary(found))
