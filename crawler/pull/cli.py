"""The verb `pull`. Heavy imports stand inside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import emit, emit_json, say

if TYPE_CHECKING:
    from crawler.pull.connect import Gate
    from crawler.pull.pull import Pulled
    from crawler.pull.shelf import Order

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.command()
def pull(
    bundle: Annotated[
        str, typer.Argument(metavar="BUNDLE", help="an address, s3://bucket/prefix/NAME, a path, a name in the store, or latest")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="where to put it")] = Path(),
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="what the file must have; default: what lies beside it")
    ] = None,
    signed_by: Annotated[
        str | None, typer.Option("--signed-by", metavar="KEY", help="it must be signed by this key: a file, or base64")
    ] = None,
    extract: Annotated[
        str | None, typer.Option("--extract", metavar="LIST", help="unpack these too, like data,archive, into a folder of its name")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="check every record and document too, as warcite verify does")] = False,
    connections: Annotated[int, typer.Option("--connections", metavar="N", min=1, max=16, help="side by side, for large ones")] = 4,
    timeout: Annotated[str | None, typer.Option("--timeout", metavar="S", help="seconds without an answer (default: 60)")] = None,
    retries: Annotated[int, typer.Option("--retries", metavar="N", min=0, max=100, help="in a row, of a request that failed")] = 5,
    allow_private: Annotated[
        list[str] | None, typer.Option("--allow-private", metavar="HOST[:PORT]", help="a host that may have a non-public address")
    ] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")] = False,
) -> None:
    """Download a bundle, whole or from where the last try ended, and check every digest in it while it comes.

    warcite pull https://archive.example.org/bundles/may.wacz

    warcite pull latest --store s3://bucket/prefix -o bundles

    warcite pull may.wacz --signed-by key.pub --extract data

    What has its own name was checked; until then it is a hidden .part file. Exit codes: 5 damaged, 6 not reachable, 7 not found, 8 no space
    left, 130 interrupted: the same command again goes on.
    """
    from contextlib import nullcontext

    from archive.bundle.sign import load_public
    from archive.progress import ByteProgress
    from crawler.pull.pull import Options
    from crawler.pull.pull import pull as pull_bundles
    from crawler.pull.receive import How

    options = Options(
        folder=output,
        trusted=None if signed_by is None else load_public(signed_by),
        full=full,
        extract=tuple(name.strip("/ ") for name in (extract or "").split(",") if name.strip("/ ")),
        how=How(connections, retries),
    )
    with _gate(bundle, timeout, allow_private) as gate, nullcontext() if no_progress else ByteProgress("pull") as progress:
        wanted = _order(bundle, store, sha256, gate)
        pulled = pull_bundles(wanted, options, progress or (lambda *_: None))
    if as_json:
        emit_json(pulled.as_json())
    else:
        _tell(pulled)


def _gate(bundle: str, timeout: str | None, allow_private: list[str] | None) -> Gate:
    from archive.config import load, options_of, seconds
    from crawler.addresses import parse_allowed
    from crawler.pull.connect import Gate, with_named
    from crawler.pull.shelf import is_address

    allowed = parse_allowed(options_of(load({"allow_private": allow_private})).allow_private)
    span = 60.0 if timeout is None else seconds(timeout, "--timeout")
    return Gate(with_named(allowed, bundle) if is_address(bundle) else allowed, span)


def _order(bundle: str, store: str | None, sha256: str | None, gate: Gate) -> Order:
    import re

    from archive.config import load, options_of
    from archive.errors import InputError
    from crawler.pull.shelf import find_shelf, is_address, order
    from crawler.pull.web import Web, split_credentials

    if sha256 is not None and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise InputError(f"--sha256 {sha256[:80]}: not 64 hex digits")
    bare, credentials = split_credentials(bundle) if is_address(bundle) else (bundle, {})
    shelf, name = find_shelf(bare, options_of(load({"store": store})).store, lambda: Web(gate, credentials))
    return order(shelf, name, None if sha256 is None else sha256.lower())


def _tell(pulled: Pulled) -> None:
    for bundle in pulled.bundles:
        emit(f"{bundle.path}  {bundle.bytes} bytes{f'  sha256:{bundle.sha256}' if bundle.sha256 else ''}")
        if bundle.extracted:
            emit(f"{bundle.extracted}/")
        signed = f"signed by {bundle.signed_by}" if bundle.signed_by else "not signed"
        before = f"; {bundle.resumed} bytes were there" if bundle.resumed else ""
        say(f"{bundle.files} files checked, {signed}{before}")
    if pulled.manifest:
        emit(f"{pulled.manifest}  names them all")
