"""The verb `learn`. Heavy imports stand inside the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import emit, emit_json, say

if TYPE_CHECKING:
    from archive.options import CrawlOptions
    from archive.store import Store as Place

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command()
def learn(
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    host: Annotated[list[str] | None, typer.Option("--host", metavar="HOST", help="only these; default: all with enough pages")] = None,
    min_pages: Annotated[int, typer.Option("--min-pages", metavar="N", min=3, help="pages a host needs for a profile")] = 3,
    max_pages: Annotated[
        int, typer.Option("--max-pages", metavar="N", min=3, max=2000, help="pages of a host to read, spread over the years")
    ] = 200,
    show: Annotated[
        str | None, typer.Option("--show", metavar="HOST[/VERSION]", help="list what a stored profile cuts, and learn nothing")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="say what would be learned; write nothing")] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", help="extraction processes (default: one a core)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")] = False,
) -> None:
    """Learn from the archive which blocks repeat across the pages of a site, and keep that as a profile with a version; fetch nothing.

    warcite learn                          # every host with three pages or more

    warcite learn --host example.org --dry-run

    warcite learn --show example.org       # what its newest profile cuts

    A profile never changes: what is learned from other pages is another version, and the same pages give the same version. It does nothing
    until extraction is given its name. Exit codes: 5 some captures could not be read, 7 no page of a host, or no profile.
    """
    from archive.config import load, options_of
    from archive.store import open_store

    options = options_of(load({"store": store, "jobs": jobs}))
    place = open_store(options.store)
    if show is not None:
        _show(place, show, as_json)
        return
    _learn(place, options, host or [], (min_pages, max_pages), dry_run=dry_run, as_json=as_json)


def _learn(place: Place, options: CrawlOptions, hosts: list[str], pages: tuple[int, int], *, dry_run: bool, as_json: bool) -> None:
    import os

    from pipelines.survey.learn import Request, learn_archive
    from pipelines.workers import WorkerPool

    problems: list[str] = []
    sites = []
    with WorkerPool(options.jobs or os.cpu_count() or 1, options.extract_deadline, options.extract_memory) as pool:
        for site in learn_archive(place, Request(hosts, *pages, dry_run), pool, problems.append):
            sites.append(site)
            if not as_json:
                emit(site.shown())
    for problem in problems:
        say(problem)
    kept = [site for site in sites if site.version]
    if as_json:
        emit_json({"schema": "warcite.learn/1", "dry_run": dry_run, "sites": [s.as_json() for s in sites], "problems": problems})
    else:
        new = sum(site.state == "new" for site in kept)
        say(f"{len(sites)} hosts read: {new} {'profiles would be new' if dry_run else 'new profiles'}, {len(kept) - new} unchanged")
    raise typer.Exit(5 if problems else 0)


def _show(place: Place, name: str, as_json: bool) -> None:
    from dataclasses import asdict

    from archive import profiles
    from archive.errors import InputError
    from pipelines.document import registrable_host

    if name == profiles.LATEST:
        raise InputError("--show is for one host: write HOST or HOST/VERSION")
    site, slash, wanted = name.partition("/")
    ((host, version),) = profiles.choose(place, [f"{registrable_host(site)}{slash}{wanted}"]).items()
    profile = profiles.load(place, host, version)
    if as_json:
        emit_json(asdict(profile))
        return
    emit(f"{host}/{version}: {len(profile.blocks)} blocks of {profile.pages} pages, captured {profile.since[:10]} to {profile.until[:10]}")
    for block in sorted(profile.blocks, key=lambda b: (-b.pages, b.text)):
        emit(f"{block.pages:>6} of {block.of:<5} {block.text}")
