"""The archive's own verbs: what is kept, one thing of it, and whether it is whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import emit, emit_json, say

if TYPE_CHECKING:
    from pathlib import Path

    from archive.audit.damage import VerifyReport
    from archive.audit.depth import Depth
    from archive.progress import ByteProgress
    from archive.store import Store as Place

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})

Store = Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")]
SpoolDir = Annotated[str | None, typer.Option("--spool", metavar="DIR", help="where uncommitted captures wait")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")]


@app.command()
def status(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="a run's id, or last; default: the whole archive")] = None,
    store: Store = None,
    spool: SpoolDir = None,
    targets: Annotated[bool, typer.Option("--targets", help="one row per target")] = False,
    outcome: Annotated[str | None, typer.Option("--outcome", metavar="LIST", help="only these, like gone,error")] = None,
    as_json: AsJson = False,
) -> None:
    """What became of every target; the outcomes sum to the targets.

    warcite status

    warcite status last --targets --outcome gone,error
    """
    from archive.status import read_status, shown_target

    place, ledger = _opened(store, spool)
    found = read_status(place, ledger, run)
    wanted = set(outcome.split(",")) if outcome else None
    rows = [r for r in found.targets if wanted is None or (r["outcome"] or "pending") in wanted]
    if as_json:
        emit_json(found.summary() | ({"targets": rows} if targets else {}))
        return
    if targets:
        for row in rows:
            emit(shown_target(row))
    for line in found.table():
        (say if targets else emit)(line)


@app.command()
def show(
    what: Annotated[str, typer.Argument(metavar="URL|EVENT|CAPTURE", help="an address, an event's id, or a capture's record id")],
    store: Store = None,
    text: Annotated[bool, typer.Option("--text", help="only the clean text")] = False,
    html: Annotated[bool, typer.Option("--html", help="only the page as it came, content coding removed")] = False,
    warc: Annotated[bool, typer.Option("--warc", help="only the recorded HTTP response, byte for byte")] = False,
    as_json: AsJson = False,
) -> None:
    """One thing of the archive: its captures, its text, who cites it.

    warcite show http://www.example.com/story

    warcite show 2016-05-21-0123456789ab --json
    """
    from archive.show import find, raw_response, shown

    place, _ = _opened(store, None)
    thing = find(place, what)
    if html or warc:
        sys.stdout.buffer.write(raw_response(place, thing, decoded=html))
    elif text:
        emit(thing.text())
    elif as_json:
        emit_json(thing.as_json())
    else:
        for line in shown(thing):
            emit(line)


@app.command()
def verify(
    bundle: Annotated[
        str | None,
        typer.Argument(metavar="[BUNDLE]", help="a bundle or the manifest of several, by path, address or name; default: the archive"),
    ] = None,
    store: Store = None,
    spool: SpoolDir = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="manifests, presence and sizes of all objects, the ledger; no object is read")
    ] = False,
    sample: Annotated[str | None, typer.Option("--sample", metavar="SHARE", help="read a share of the WARC records, like 5%")] = None,
    full: Annotated[bool, typer.Option("--full", help="read everything (default)")] = False,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="which records a sample takes; default: others each time")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", help="processes (default: one a core)")] = None,
    signed_by: Annotated[
        str | None, typer.Option("--signed-by", metavar="KEY", help="a bundle must be signed by this key: a file, or base64")
    ] = None,
    as_json: AsJson = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")] = False,
) -> None:
    """Re-read and re-hash everything: manifests, every record, the index, every document. Exit status 5 when something is damaged.

    A ledger that lies on this machine is compared with the manifests; it is only read. A bundle is read by itself: container, hashes,
    signature, records, index, pages, documents.

    warcite verify may.wacz

    warcite verify --quick

    warcite verify --sample 5%
    """
    import os
    import secrets
    from contextlib import nullcontext

    from archive.audit.depth import depth_of
    from archive.progress import ByteProgress
    from archive.verify import verify_archive

    depth = depth_of(full=full, quick=quick, sample=sample, seed=secrets.randbelow(1 << 31) if seed is None else seed)
    place, ledger = _opened(store, spool)
    with nullcontext() if no_progress else ByteProgress() as progress:
        if bundle is None:
            report = verify_archive(place, depth, ledger=ledger, jobs=jobs or len(os.sched_getaffinity(0)), progress=progress)
        else:
            report = _verify_bundle(bundle, place, depth, signed_by, progress)
    if as_json:
        emit_json(report.as_json())
    else:
        for line in report.shown():
            emit(line)
        for note in report.notes:
            say(note)
    raise typer.Exit(5 if report.damages else 0)


def _verify_bundle(bundle: str, place: Place, depth: Depth, signed_by: str | None, progress: ByteProgress | None) -> VerifyReport:
    from archive.bundle.sign import load_public
    from archive.bundle.verify_set import verify_place
    from archive.errors import InputError

    if depth.mode != "full":
        raise InputError("a bundle is read in full: leave out --quick and --sample")
    trusted = None if signed_by is None else load_public(signed_by)
    return verify_place(bundle, place, trusted, progress or (lambda *_: None))


@app.command()
def sweep(
    store: Store = None,
    spool: SpoolDir = None,
    older_than: Annotated[str, typer.Option("--older-than", metavar="SPAN", help="leave what is younger, like 24h or 30d")] = "24h",
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="say what would go; remove nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove what no manifest names: uploads that were never committed, and writes that never ended.

    A crawl uploads before it commits, so nothing younger than its longest upload may go: the default of a day is safe beside crawls.

    warcite sweep --dry-run
    """
    from contextlib import nullcontext
    from datetime import timedelta

    from archive.config import seconds
    from archive.spool.directory import Spool
    from archive.sweep import shown, sweep
    from archive.times import now

    span = seconds(older_than, "--older-than")
    place, ledger = _opened(store, spool)
    # Within the hour a crawl of this machine could be uploading: its lock keeps us out, and ours keeps it waiting.
    alone = Spool(ledger.parent) if span < 3600 and ledger.parent.is_dir() else nullcontext()
    with alone:
        swept = sweep(place, now() - timedelta(seconds=span), dry_run=dry_run)
    if as_json:
        emit_json(swept.as_json())
        return
    for line in shown(swept):
        emit(line)


@app.command()
def takedown(
    what: Annotated[list[str], typer.Argument(metavar="URL|CAPTURE...", help="addresses, or record ids of captures")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="why; kept, and shown to whoever asks for the page")],
    store: Store = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="say which records it would be; write nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """Hide captures for good: no command shows them, or what was made of them, any more. Their bytes stay until a compaction.

    warcite takedown http://www.example.com/story --reason "court order 12/345"
    """
    from dataclasses import asdict

    from archive.takedown import plan, records_of, take_down
    from archive.times import iso, now

    place, _ = _opened(store, None)
    records = tuple(sorted({record for one in what for record in records_of(place, one)}))
    tombstone = plan(records, reason, iso(now()))
    if not dry_run:
        tombstone = take_down(place, tombstone)
    if as_json:
        emit_json({"schema": "warcite.takedown/1", "tombstone": asdict(tombstone), "dry_run": dry_run})
        return
    for record in tombstone.record_ids:
        emit(f"{'would take down' if dry_run else 'taken down'}  {record}")


def _opened(store: str | None, spool: str | None) -> tuple[Place, Path]:
    """The store, and where a ledger of it would lie."""
    import os

    from archive.config import load, options_of
    from archive.spool.directory import find_spool
    from archive.store import open_store

    options = options_of(load({"store": store, "spool": spool}))
    place = open_store(options.store)
    return place, find_spool(place.uri, options.spool, os.environ) / "ledger.sqlite"
