"""Digests of a bundle while it arrives: of the whole, and of each file in it, as far as its local headers lead."""

from __future__ import annotations

import hashlib
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from isal import isal_zlib

from archive.bundle.zip import LOCAL
from crawler.pull.part import PartFile

_CHUNK = 1 << 20
_LARGE = 0xFFFFFFFF


class Stretch(NamedTuple):
    """Bytes of a file: where its directory must say that they are."""

    offset: int
    size: int


@dataclass(slots=True)
class Digests:
    """``sha256`` (hex) is of the whole, if it was asked for; ``files`` has CRC-32 and SHA-256 of what lies in each stretch. Files that are
    packed are not in it, nor any behind one.
    """

    sha256: str | None = None
    files: dict[Stretch, tuple[int, str]] = field(default_factory=dict)


class Follower:
    """Reads what is there of a part file, behind the threads that write it; for the digest of the ``whole`` in a thread of its own."""

    def __init__(self, part: PartFile, *, whole: bool) -> None:
        self._part = part
        self._found = Digests()
        self._failure: BaseException | None = None
        works = (self._files, self._whole) if whole else (self._files,)
        self._threads = [threading.Thread(target=self._run, args=(work,), daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def result(self) -> Digests:
        """Waits for the last byte. Raises what the part file was told to have failed."""
        self.join()
        if self._failure is not None:
            raise self._failure
        return self._found

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asks for the result
            self._failure = error

    def _whole(self) -> None:
        digest = hashlib.sha256()
        for chunk in self._chunks(0, None):
            digest.update(chunk)
        self._found.sha256 = digest.hexdigest()

    def _files(self) -> None:
        position = 0
        while (found := self._stretch(position)) is not None:
            crc, digest = 0, hashlib.sha256()
            for chunk in self._chunks(found.offset, found.size):
                crc = isal_zlib.crc32(chunk, crc)
                digest.update(chunk)
            position = found.offset + found.size
            self._found.files[found] = crc, digest.hexdigest()

    def _stretch(self, position: int) -> Stretch | None:
        """Of the file whose local header (APPNOTE 6.3.10, section 4.3.7) is at ``position``, if it is stored as it is."""
        head = self._bytes(position, 30)
        if len(head) < 30 or not head.startswith(LOCAL):
            return None
        _, _, flags, method, _, _, _, packed, size, name_size, extra_size = struct.unpack("<4sHHHHHIIIHH", head)
        data_at = position + 30 + name_size + extra_size
        if flags & 9 or method:  # sizes behind the data, encrypted, packed
            return None
        if size == packed == _LARGE:
            extra = self._bytes(position + 30 + name_size, extra_size)
            kind, length = struct.unpack_from("<HH", extra) if len(extra) >= 20 else (0, 0)
            if kind != 1 or length < 16:
                return None
            size, packed = struct.unpack_from("<QQ", extra, 4)
        fits = self._part.size is None or data_at + size <= self._part.size
        return Stretch(data_at, size) if fits and size == packed else None

    def _bytes(self, offset: int, length: int) -> bytes:
        return bytes(self._part.read(offset, memoryview(bytearray(length))))

    def _chunks(self, offset: int, size: int | None) -> Iterator[memoryview]:
        """Each is good until the next one is asked for."""
        buffer = memoryview(bytearray(_CHUNK if size is None else min(_CHUNK, size)))
        left = size
        while left is None or left:
            chunk = self._part.read(offset, buffer if left is None else buffer[:left])
            if not chunk:
                return
            yield chunk
            offset += len(chunk)
            left = None if left is None else left - len(chunk)
