"""Names and folders that survive power loss."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path


def sync_directory(directory: Path) -> None:
    """fsync a directory, so that a rename or a new name in it survives power loss."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems cannot, and need not
            raise
    finally:
        os.close(handle)


def make_directories(directory: Path) -> None:
    """Like ``mkdir -p``, but never world-writable, whatever the umask, and what was made is fsynced: power loss must not take a folder
    away with all that was fsynced in it.
    """
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(0o755, exist_ok=True)
        with suppress(PermissionError):  # a folder that may be written but not read
            sync_directory(path.parent)
