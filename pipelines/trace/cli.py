"""The verb `trace`. Heavy imports stand inside the command."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.console import emit, emit_json
from archive.errors import InputError

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command(no_args_is_help=True)
def trace(
    what: Annotated[
        str, typer.Argument(metavar="DOC[#N]", help="a document's id, a record's id, or an address (its newest); #N for its Nth paragraph")
    ],
    bundle: Annotated[
        str | None,
        typer.Option("--bundle", metavar="FILE", help="in a bundle alone: a .wacz file, s3://bucket/NAME.wacz, or its name here"),
    ] = None,
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")] = False,
) -> None:
    """Where a text comes from: event, citation, capture, bytes in the WARC; and the text made again from these bytes, to prove it.

    warcite trace http://www.example.com/story

    warcite trace http://www.example.com/story#3 --bundle may.wacz

    Only the capture's own bytes are read of the WARC. Exit codes: 0 equal, or different as another version of the extractor may make
    it; 3 it cannot be made again here; 5 it differs and nothing explains it, or the bytes are damaged; 7 no such document, or paragraph.
    """
    from dataclasses import asdict

    from archive.bundle.source import open_source
    from archive.config import load, options_of
    from archive.store import open_store
    from pipelines.trace.chain import trace as trace_document
    from pipelines.trace.in_archive import InArchive
    from pipelines.trace.in_bundle import InBundle
    from pipelines.trace.origin import Origin
    from pipelines.trace.shown import shown
    from pipelines.workers import WorkerPool

    if bundle is not None and bundle.endswith(".json"):
        raise InputError(f"--bundle {bundle}: a list of bundles; name the one to look in")
    options = options_of(load({"store": store}))
    place = open_store(options.store)
    origin: Origin = InArchive(place) if bundle is None else InBundle(open_source(bundle, place))
    with WorkerPool(1, options.extract_deadline, options.extract_memory) as pool:
        found = trace_document(origin, what, pool)
    if as_json:
        emit_json(asdict(found))
    else:
        for line in shown(found):
            emit(line)
    raise typer.Exit(found.exit_code)
