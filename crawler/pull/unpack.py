"""Files of a checked bundle, unpacked into a folder of their own: nothing is written anywhere else, and all of it at once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from archive.bundle.reader import Bundle
from archive.bundle.source import FileSource
from archive.digests import sha256_file
from archive.errors import DamageError, InputError
from crawler.pull.part import write_failure

_CHUNK = 1 << 20


def unpack(bundle_path: Path, folders: Iterable[str]) -> Path:
    """The files below ``folders`` of the bundle (or a file's own name), into a folder that is called as the bundle is.

    One that is there already is left alone when it holds just these bytes. Raises `InputError` otherwise, or when nothing is called so.
    """
    bundle = Bundle(FileSource(bundle_path))
    wanted = tuple(folders)
    names = [name for name in bundle.entries if any(name == one or name.startswith(f"{one}/") for one in wanted) and not name.endswith("/")]
    for one in wanted:
        if not any(name == one or name.startswith(f"{one}/") for name in names):
            raise InputError(f"--extract: there is no {one[:100]} in {bundle_path.name}")
    target = bundle_path.with_name(bundle_path.name.removesuffix(".wacz"))
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=bundle_path.parent))
    try:
        for name in names:
            _write(bundle, name, made)
        made.chmod(0o755)
        if target.is_symlink() or target.exists():
            _require_same(made, target, names)
        else:
            made.rename(target)
    except OSError as error:
        raise write_failure(error, target) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def _write(bundle: Bundle, name: str, folder: Path) -> None:
    path = folder / name
    if bundle.directory.faults or ".." in path.parts or not path.is_relative_to(folder):  # checked before; here it would do harm
        raise DamageError(f"{bundle.source.name}: {name[:200]} leads out of its folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    with bundle.open_range(name) as stream, os.fdopen(os.open(path, flags, 0o644), "wb") as out:
        shutil.copyfileobj(stream, out, _CHUNK)


def _require_same(made: Path, target: Path, names: list[str]) -> None:
    for name in names:
        there = target / name
        if target.is_symlink() or not there.is_file() or sha256_file(there) != sha256_file(made / name):
            raise InputError(f"{target} is there and is not what would be unpacked ({name}); move it away")
