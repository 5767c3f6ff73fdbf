"""An archive in a directory. What a verb acknowledged is on the disk: bytes, names and folders are all fsynced."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive.durable import make_directories, sync_directory
from archive.errors import KeyExists, KeyMissing, LimitReached, StoreError
from archive.store.base import ObjectStat
from archive.store.keys import TEMPORARY, check_key, check_prefix, check_range, is_segment

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 20  # bytes copied at a time
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ABSENT = (FileNotFoundError, NotADirectoryError)


class LocalStore:
    """Keeps each object as a file under ``root``, which the first write creates.

    A process killed while writing leaves a file that starts with ``.tmp-`` beside its target; no verb ever shows it.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.abspath(root))  # noqa: PTH100 - resolve() would replace a link the user chose
        self.uri = self.root.as_uri()
        self.create_only: bool | None = True  # by link(), which every write tries

    def put(self, key: str, source: Path | bytes, sha256: str) -> None:
        target = self._path(key)
        with _plainly(f"write {target}"), self._filled(target.parent, source) as (temporary, digest):
            if digest != sha256:
                raise StoreError(f"not stored: {key} should have SHA-256 {sha256} but its bytes have {digest}")
            temporary.replace(target)
            self._sync_folders(target.parent)

    def put_stream(self, key: str, chunks: Iterable[bytes], size: int) -> str:
        target = self._path(key)
        with _plainly(f"write {target}"), self._filled(target.parent, chunks) as (temporary, digest):
            if (found := temporary.stat().st_size) != size:
                raise StoreError(f"not stored: {key} should have {size} bytes but {found} came")
            temporary.replace(target)
            self._sync_folders(target.parent)
            return digest

    def put_if_absent(self, key: str, data: bytes) -> None:
        target = self._path(key)
        with _plainly(f"write {target}"):
            with self._filled(target.parent, data) as (temporary, _):
                try:
                    os.link(temporary, target)  # rename() would overwrite
                except FileExistsError as error:
                    if target.is_dir():
                        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)) from error
                    raise KeyExists(f"{key} is already in {self.uri}") from error
            self._sync_folders(target.parent)

    def get(self, key: str) -> bytes:
        with self.open_range(key) as stream:
            return stream.read()

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        path = self._path(key)
        check_range(offset, length)
        with self._present(key, path):
            file = io.FileIO(path)
        try:
            size = os.fstat(file.fileno()).st_size
            file.seek(min(offset, size))
        except BaseException:
            file.close()
            raise
        return io.BufferedReader(_Slice(file, size if length is None else length), _CHUNK)

    def list(self, prefix: str) -> Iterator[ObjectStat]:
        folder, slash, head = check_prefix(prefix).rpartition("/")
        return self._walk(self.root / folder, folder + slash, head)

    def stat(self, key: str) -> ObjectStat:
        path = self._path(key)
        with self._present(key, path):
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        return ObjectStat(key, found.st_size, None, _modified(found))

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _plainly(f"remove {path}"):
            with suppress(*_ABSENT, IsADirectoryError):
                path.unlink()
            with suppress(*_ABSENT):
                sync_directory(path.parent)  # also when it was gone: who removed it may have died before this

    def debris(self, before: datetime, *, remove: bool) -> tuple[str, ...]:
        """Temporary files last written to before ``before``."""
        found = [path for path in _temporaries(self.root) if _is_older(path, before)]
        for path in found if remove else ():
            with _plainly(f"remove {path}"):
                path.unlink(missing_ok=True)
        return tuple(map(str, found))

    def probe(self) -> str:
        """Try create-only writes and say how that went; raises `StoreError` or `LimitReached`. Makes the root, leaves nothing else."""
        second = self.root / f"{TEMPORARY}{uuid.uuid4().hex}"
        with _plainly(f"write to {self.root}"), self._filled(self.root, b"warcite\n") as (first, _):
            os.link(first, second)
            second.unlink()
        return "honoured: the file system knows hard links"

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)

    @contextmanager
    def _present(self, key: str, path: Path) -> Iterator[None]:
        with _plainly(f"read {path}"):
            try:
                yield
            except (*_ABSENT, IsADirectoryError) as error:
                raise KeyMissing(f"{key} is not in {self.uri}") from error

    @contextmanager
    def _filled(self, folder: Path, source: Path | bytes | Iterable[bytes]) -> Iterator[tuple[Path, str]]:
        """A fsynced temporary file in ``folder`` with the source's bytes, and their SHA-256; it is gone afterwards."""
        make_directories(folder)
        temporary = folder / f"{TEMPORARY}{uuid.uuid4().hex}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            try:
                digest = _copy(source, descriptor)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            yield temporary, digest
        finally:
            with suppress(OSError):
                temporary.unlink()

    def _sync_folders(self, folder: Path) -> None:
        # Up to the root, also those that were there: another process may have made one and died before its fsync.
        sync_directory(folder)
        while folder != self.root:
            folder = folder.parent
            sync_directory(folder)

    def _walk(self, folder: Path, base: str, head: str = "") -> Iterator[ObjectStat]:
        for name, is_folder in _entries(folder, head):
            if is_folder:
                yield from self._walk(folder / name, f"{base}{name}/")
            else:
                with suppress(KeyMissing):  # removed since the folder was read
                    yield self.stat(base + name)


class _Slice(io.RawIOBase):
    """At most ``length`` bytes of an open file, from where it stands."""

    def __init__(self, file: io.FileIO, length: int) -> None:
        self._file = file
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        with _plainly(f"read {self._file.name!s}"):
            count = self._file.readinto(view[: min(self._left, len(view))]) or 0
        self._left -= count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _temporaries(folder: Path) -> Iterator[Path]:
    """What starts with ``.tmp-`` in a folder and, as deep as keys go, below it."""
    with _plainly(f"list {folder}"), suppress(*_ABSENT), os.scandir(folder) as entries:
        found = [Path(entry) for entry in entries if entry.name.startswith(TEMPORARY)]
        yield from sorted(found)
    for name, is_folder in _entries(folder, ""):
        if is_folder:
            yield from _temporaries(folder / name)


def _is_older(path: Path, before: datetime) -> bool:
    with _plainly(f"read {path}"), suppress(*_ABSENT):
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and _modified(found) < before
    return False


def _modified(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, UTC)


def _entries(folder: Path, head: str) -> list[tuple[str, bool]]:
    """Names in a folder that belong to keys, folders marked, in the byte order their keys have (``a-b`` before ``a/b``)."""
    with _plainly(f"list {folder}"):
        try:
            with os.scandir(folder) as found:
                names = [(entry.name, entry.is_dir()) for entry in found if entry.name.startswith(head) and is_segment(entry.name)]
        except _ABSENT:
            return []
    return sorted(names, key=lambda name: name[0] + "/" * name[1])


def _copy(source: Path | bytes | Iterable[bytes], descriptor: int) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks_of(source):
        digest.update(chunk)
        view = memoryview(chunk)
        while view:  # a write may be short when the disk is nearly full
            view = view[os.write(descriptor, view) :]
    return digest.hexdigest()


def _chunks_of(source: Path | bytes | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
    elif isinstance(source, Path):
        with _open_source(source) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    else:
        yield from source


def _open_source(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise StoreError(f"cannot read {path}, which was to be stored: {error.strerror}") from error


@contextmanager
def _plainly(doing: str) -> Iterator[None]:
    """Turn an `OSError` into `LimitReached` (full) or `StoreError`, in a sentence that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise LimitReached(f"no space left to {doing} ({error.strerror}); free some or raise the quota, then run again") from error
        raise StoreError(f"cannot {doing}: {_remedy(error)}") from error


def _remedy(error: OSError) -> str:
    if error.errno == errno.EACCES:
        return "permission denied; give this user the right, or choose another --store"
    if error.errno == errno.EROFS:
        return "the file system is read-only; remount it, or choose another --store"
    if error.errno in {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}:
        return "a file stands where a folder is needed, or a folder where a file is"
    if error.errno in {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}:
        return "the file system refuses; it must be writable and know hard links, which create-only writes need"
    return error.strerror or type(error).__name__
