"""From the address of a store to the store."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from archive.errors import InputError
from archive.store.base import Store
from archive.store.keys import is_key
from archive.store.local import LocalStore

_FORMS = "write file:///absolute/folder, ./folder, or s3://bucket/prefix"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def open_store(uri: str) -> Store:
    """The store at ``file:///absolute/folder``, a bare path, or ``s3://bucket/prefix``; nothing is touched yet.

    Raises `InputError` for any other form.
    """
    if not uri.isprintable() or not uri.strip():
        raise InputError(f"not the address of a store: {uri[:80]!r}; {_FORMS}")
    if uri.startswith("s3://"):
        return _s3(uri.removeprefix("s3://"))
    if uri.startswith("file://"):
        return _local(_file_path(uri))
    if scheme := _SCHEME.match(uri):
        raise InputError(f"no store can be opened by an address that starts with {scheme[0]}; {_FORMS}")
    return _local(uri)


def _file_path(uri: str) -> str:
    path = uri.removeprefix("file://").removeprefix("localhost")
    if not path.startswith("/"):
        raise InputError(f"a file:// address needs an absolute folder, with three slashes: file:///{path}; for a relative one: ./{path}")
    if "?" in path or "#" in path:
        raise InputError(f"not the address of a folder: {uri}; {_FORMS}, with ? and # as %3F and %23")
    return unquote(path)


def _local(path: str) -> Store:
    if "\0" in path:
        raise InputError(f"not a path: {path!r}; {_FORMS}")
    try:
        root = Path(re.sub("^//+", "/", path)).expanduser()  # POSIX keeps two leading slashes apart from one
        is_file = root.exists() and not root.is_dir()
    except (RuntimeError, OSError) as error:
        raise InputError(f"cannot look at {path}: {error}; {_FORMS}") from error
    if is_file:
        raise InputError(f"{path} is a file, and a store needs a folder; {_FORMS}")
    return LocalStore(root)


def _s3(place: str) -> Store:
    if "@" in place:
        raise InputError("an s3:// address holds no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")
    bucket, _, prefix = place.partition("/")
    prefix = prefix.removesuffix("/")
    if not _BUCKET.fullmatch(bucket):
        raise InputError(f"not the name of a bucket: {bucket!r}; 3 to 63 of a-z 0-9 . and -, as in s3://bucket/prefix")
    if prefix and not is_key(prefix):
        raise InputError(f"not a prefix within a bucket: {prefix!r}; use segments of A-Z a-z 0-9 . _ - joined by single slashes")
    from archive.store.s3 import S3Store  # noqa: PLC0415 - boto3 takes a third of a second; local archives need none

    return S3Store(bucket, prefix)
