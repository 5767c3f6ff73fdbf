"""What ``--output`` means to `bundle`, whatever it packs."""

from __future__ import annotations

import sys
from pathlib import Path

from archive.bundle.destination import Destination, FolderDestination, StoreDestination, StreamDestination
from archive.errors import InputError
from archive.store import Store, open_store
from archive.store.keys import is_key


def destination_of(place: Store, output: str | None, suffix: str, *, hashed: bool = False) -> tuple[Destination, str | None]:
    """Where it goes, and its name without ``suffix`` if it has one: a file, ``s3://bucket/prefix/NAME``, ``-``, or None for the store.

    Raises `InputError` for a name that will not do, and for a folder that is not there.
    """
    if output is None:
        return StoreDestination(place), None
    if output == "-":
        return StreamDestination(sys.stdout.buffer), "standard-output"
    is_s3 = output.startswith("s3://")
    folder, _, file = output.rpartition("/") if is_s3 else ("", "", Path(output).name)
    name = file.removesuffix(suffix)
    if not name or name == file:
        raise InputError(f"-o {output}: its name must end in {suffix}")
    if is_s3:
        if not is_key(file):
            raise InputError(f"-o {output}: use A-Z a-z 0-9 . _ - in its name")
        return StoreDestination(open_store(folder), ""), name
    if not Path(output).parent.is_dir():
        raise InputError(f"-o {output}: there is no folder {Path(output).parent}")
    return FolderDestination(Path(output).parent, hashed=hashed), name
