"""The verb `add`. Heavy imports stand inside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import emit, emit_json, say

if TYPE_CHECKING:
    from pipelines.imports.add import Added

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command()
def add(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="WARC files (gzip, zstd or plain) and bundles (WACZ), of any maker")
    ],
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", help="extraction processes (default: one a core)")] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no word on standard error but the result")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")] = False,
) -> None:
    """Take over what others captured: responses, revisits and resources become captures of the archive, with documents as our own.

    warcite add wget.warc.gz

    warcite add browsertrix/*.wacz

    What the archive has already (address, second and payload) is not taken twice, so the same command again adds nothing. Exit codes:
    2 a file is not there, or none is a WARC or WACZ; 4 nothing to take over; 5 something is damaged, or no WARC: it is named, and the rest
    was added.
    """
    import os
    import sys

    from archive.config import load, options_of
    from archive.provenance import told_fields
    from archive.store import open_store
    from pipelines.imports.add import add_files
    from pipelines.work import Tally, Work
    from pipelines.workers import WorkerPool

    options = options_of(load({"store": store, "jobs": jobs}))
    place = open_store(options.store)
    in_force = {name: getattr(options, name) for name in ("store", "jobs", "extract_deadline", "extract_memory")}
    about = told_fields(sys.argv[1:], in_force)
    with WorkerPool(options.jobs or os.cpu_count() or 1, options.extract_deadline, options.extract_memory) as pool:
        added = add_files(place, files, Work(pool, Tally(), say), say if not no_progress else lambda _: None, about)
    if as_json:
        emit_json(added.as_json())
    else:
        _tell(added)
    raise typer.Exit(added.exit_code)


def _tell(added: Added) -> None:
    document = added.as_json()
    left_out = sum(added.left_out.values())
    emit(f"{added.added} captures added, {added.known} were there, {left_out} left out; {document['documents']} documents")
    for word, count in document["outcomes"].items():
        if count:
            emit(f"{word:<10} {count:>7}")
    for why, count in document["left_out"].items():
        emit(f"left out   {count:>7}  {why}")
    for damage in added.damages:
        say(f"damaged: {damage}")
