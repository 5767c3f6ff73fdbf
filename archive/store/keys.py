"""What a key may look like: the same rules on every backend, so an archive can move from one to another."""

from __future__ import annotations

import re

from archive.errors import InputError

TEMPORARY = ".tmp-"  # segments that start so belong to the store itself; they are never objects

_MAX_KEY = 1024  # bytes, the limit of S3; names within a folder end at 255 on Linux
_SEGMENT = re.compile(r"[A-Za-z0-9._-]{1,255}")


def check_key(key: str) -> str:
    """Return ``key``; raises `InputError` unless it is one or more plain segments: no empty one, no ``..``, not absolute."""
    if not is_key(key):
        raise InputError(f"not a valid object key: {key[:200]!r}; use segments of A-Z a-z 0-9 . _ - joined by single slashes")
    return key


def check_prefix(prefix: str) -> str:
    """Return ``prefix``, the beginning of keys (``""`` for all); raises `InputError`."""
    folder, _, head = prefix.rpartition("/")
    if (not folder and prefix.startswith("/")) or (folder and not is_key(folder)) or (head and not _SEGMENT.fullmatch(head)):
        raise InputError(f"not a valid key prefix: {prefix[:200]!r}")
    return prefix


def check_range(offset: int, length: int | None) -> None:
    """Offsets come from index lines, so a negative one is bad input: raises `InputError`."""
    if offset < 0 or (length is not None and length < 0):
        raise InputError(f"not a byte range: offset {offset}, length {length}")


def is_key(key: str) -> bool:
    return len(key) <= _MAX_KEY and all(is_segment(segment) for segment in key.split("/"))


def is_segment(name: str) -> bool:
    return bool(_SEGMENT.fullmatch(name)) and name not in {".", ".."} and not name.startswith(TEMPORARY)
