"""The verb `bundle`. Heavy imports stand inside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.console import emit, emit_json, say
from archive.selection.options import Digests, Events, Hosts, Langs, Limit, Outcomes, Query, Runs, Since, Until, Urls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.bundle.build import BundleOptions, Made
    from archive.store import Store as Place

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command()
def bundle(
    ctx: typer.Context,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="a file, s3://bucket/prefix/NAME.wacz, or -; default: bundles/ of the store"),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="what players show")] = None,
    description: Annotated[str | None, typer.Option("--description", metavar="TEXT", help="in Markdown")] = None,
    max_size: Annotated[
        str | None, typer.Option("--max-size", metavar="SIZE", help="split into bundles of at most this, like 1GB, with a manifest of all")
    ] = None,
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="sign with an Ed25519 key (PEM or OpenSSH); see WARCITE_SIGN_PASSPHRASE")
    ] = None,
    format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="wacz, or a dataset without WARC: jsonl, csv, wet, parquet; a folder or .zip")
    ] = "wacz",
    events: Events = None,
    digests: Digests = None,
    runs: Runs = None,
    hosts: Hosts = None,
    urls: Urls = None,
    since: Since = None,
    until: Until = None,
    outcomes: Outcomes = None,
    langs: Langs = None,
    query: Query = None,
    limit: Limit = None,
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="say what would be in it; write nothing")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")] = False,
) -> None:
    """Pack a part of the archive, or all of it, into one file that replays, searches and proves itself (WACZ 1.1.1).

    warcite bundle -o may.wacz --since 2016-05 --until 2016-05

    warcite bundle --event 2016-05-21-0123456789ab --sign key.pem

    warcite bundle --max-size 1GB -o s3://bucket/shared/all.wacz

    warcite bundle --format parquet -o sources-2016 --since 2016 --until 2016

    The same selection of the same archive gives the same bytes. SOURCE_DATE_EPOCH sets the time in it, which else is that of its newest
    capture's commit. Exit codes: 7 nothing is chosen, or no such run or event; 5 the archive is damaged; 8 no space left.
    """
    from archive.config import load, options_of
    from archive.search.cli import refreshed_catalog
    from archive.selection.options import selection_of
    from archive.store import open_store

    settings = options_of(load({"store": store}))
    place, selection = open_store(settings.store), selection_of(ctx.params)
    if selection.query is not None:
        refreshed_catalog(place, progress=not no_progress).close()  # here, where its progress can be told
    if dry_run:
        from archive.bundle.plan import plan_bundle

        _tell_plan(plan_bundle(place, selection), as_json)
        return
    if format != "wacz":
        from archive.bundle.dataset.cli import make

        make(place, ctx.params, settings.contact)
        return
    _make(place, _options(ctx.params), output, progress=not no_progress, as_json=as_json)


def _options(given: Mapping[str, Any]) -> BundleOptions:
    import os

    from archive.bundle.build import BundleOptions
    from archive.bundle.sign import load_signer
    from archive.bundle.sizes import byte_count, source_date
    from archive.selection.options import selection_of

    return BundleOptions(
        selection=selection_of(given),
        title=given["title"],
        description=given["description"],
        max_size=None if given["max_size"] is None else byte_count(given["max_size"], "--max-size"),
        signer=None if given["sign"] is None else load_signer(given["sign"]),
        created=source_date(os.environ.get("SOURCE_DATE_EPOCH")),
    )


def _make(place: Place, options: BundleOptions, output: str | None, *, progress: bool, as_json: bool) -> None:
    from contextlib import nullcontext

    from archive.bundle.build import make_bundles
    from archive.bundle.outputs import destination_of
    from archive.progress import ByteProgress

    destination, name = destination_of(place, output, ".wacz", hashed=options.max_size is not None)
    with ByteProgress("bundle") if progress else nullcontext() as told:
        made = make_bundles(place, options, destination, name, told or (lambda *_: None))
    if output is None:
        from archive.bundle.latest import NAME, latest_json

        destination.small(NAME, latest_json(made))
    if output == "-":
        say(f"{made.bundles[0].size} bytes, SHA-256 {made.bundles[0].sha256}")
    elif as_json:
        emit_json(made.as_json())
    else:
        _tell(made)


def _tell(made: Made) -> None:
    for bundle_ in made.bundles:
        emit(f"{bundle_.place}  {bundle_.size} bytes" + (f"  sha256:{bundle_.sha256}" if bundle_.sha256 else ""))
    if made.manifest is not None:
        emit(f"{made.manifest.place}  names them all")
    held = ", ".join(f"{made.counts[what]} {what}" for what in ("targets", "documents", "events"))
    say(f"{held}; check it with warcite verify {made.main.place}")


def _tell_plan(plan: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit_json(plan)
        return
    for word, count in plan["outcomes"].items():
        emit(f"{word:<10} {count:>7}")
    emit(f"{'targets':<10} {plan['targets']:>7}  in {plan['segments']} segments, {plan['warc_bytes']} bytes of WARC")
