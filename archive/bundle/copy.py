"""Gzip members from the store into a bundle as they are, neighbours in one read, hashed on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from isal import isal_zlib

from archive.bundle.contents import Contents, WarcFile
from archive.bundle.index import BundleIndex, IndexEntry, entries_of
from archive.errors import DamageError
from archive.store.base import Store

_CHUNK = 1 << 20
_SKIP = 64 << 10
"""Bytes between two members that are read and dropped rather than asked around: a request to S3 costs more."""


class _Piece(NamedTuple):
    """A stretch of the stored WARC that is wanted; an indexed member has its line."""

    offset: int
    length: int
    line: IndexEntry | None

    @property
    def end(self) -> int:
        return self.offset + self.length


class FileCopy:
    """The bytes of a WARC of the bundle, once; afterwards ``crc`` and ``sha256`` are theirs, and its captures are in ``index``.

    Raises `DamageError` when the store has other bytes than were committed, `KeyMissing`, `StoreError`.
    """

    def __init__(self, store: Store, contents: Contents, file: WarcFile, index: BundleIndex | None = None) -> None:
        self._store, self._contents, self._file, self._index = store, contents, file, index
        self.crc = 0
        self.sha256 = ""

    def __iter__(self) -> Iterator[bytes]:
        file, whole = self._file, hashlib.sha256()
        lines = _lines_of(self._store, file)
        pieces = _pieces_of_whole(file, lines) if file.whole else _pieces_of_part(self._contents, file, lines)
        members = _Members(file.path.rpartition("/")[2], self._index)
        with ThreadPoolExecutor(1, "sha256") as aside:  # a second core for the second digest: both are let go of Python's lock
            waiting: Future[None] | None = None
            for block in self._blocks(pieces, members):
                self.crc = isal_zlib.crc32(block, self.crc)
                if waiting is not None:
                    waiting.result()
                waiting = aside.submit(whole.update, block)
                yield block
        self.sha256 = whole.hexdigest()
        if file.whole and self.sha256 != file.sha256:
            raise DamageError(f"{file.warc} does not have the SHA-256 that its manifest says; run warcite verify")

    def _blocks(self, pieces: Iterable[_Piece], members: _Members) -> Iterator[bytes]:
        key = self._file.warc
        for run in _runs(pieces):
            position, end = run[0].offset, run[-1].end
            with self._store.open_range(key, position, end - position) as stream:
                members.begin(run)
                while position < end:
                    data = stream.read(min(end - position, _CHUNK))
                    if not data:
                        raise DamageError(f"{key} ends before offset {end}: it is cut; run warcite verify")
                    yield members.taken(position, data)
                    position += len(data)


class _Members:
    """Takes what is wanted out of consecutive blocks, and hashes each indexed member."""

    def __init__(self, filename: str, index: BundleIndex | None) -> None:
        self._filename, self._index = filename, index
        self._run: list[_Piece] = []
        self._next = 0
        self._digest = hashlib.sha256()
        self._written = 0  # where the current piece begins in the bundle's file

    def begin(self, run: list[_Piece]) -> None:
        self._run, self._next = run, 0

    def taken(self, position: int, data: bytes) -> bytes:
        """Of a block at ``position`` of the WARC, the wanted bytes."""
        view, end = memoryview(data), position + len(data)
        kept: list[memoryview] = []
        while self._next < len(self._run) and self._run[self._next].offset < end:
            piece = self._run[self._next]
            part = view[max(piece.offset - position, 0) : min(piece.end, end) - position]
            kept.append(part)
            if piece.line is not None and self._index is not None:
                self._digest.update(part)
            if piece.end > end:
                break
            self._finish(piece)
        return data if sum(map(len, kept)) == len(data) else b"".join(kept)

    def _finish(self, piece: _Piece) -> None:
        if piece.line is not None and self._index is not None:
            self._index.add(piece.line, offset=self._written, filename=self._filename, sha256=self._digest.hexdigest())
            self._digest = hashlib.sha256()
        self._written += piece.length
        self._next += 1


def _lines_of(store: Store, file: WarcFile) -> dict[int, IndexEntry]:
    """The index lines of the WARC by the place of their members."""
    name = file.warc.rpartition("/")[2]
    return {entry.offset: entry for key in file.indexes for entry in entries_of(store, key) if entry.filename == name}


def _pieces_of_whole(file: WarcFile, lines: dict[int, IndexEntry]) -> Iterator[_Piece]:
    position = 0
    for offset in sorted(lines):
        line = lines[offset]
        if offset < position or offset + line.length > file.size:
            raise DamageError(f"the index of {file.warc} does not fit it at offset {offset}; run warcite rebuild")
        if offset > position:
            yield _Piece(position, offset - position, None)
        yield _Piece(offset, line.length, line)
        position = offset + line.length
    if position < file.size:
        yield _Piece(position, file.size - position, None)


def _pieces_of_part(contents: Contents, file: WarcFile, lines: dict[int, IndexEntry]) -> Iterator[_Piece]:
    for span in contents.spans(file):
        line = lines.get(span.offset)
        if line is not None and line.length != span.length:
            raise DamageError(f"the index of {file.warc} does not fit it at offset {span.offset}; run warcite rebuild")
        yield _Piece(span.offset, span.length, line)


def _runs(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces that one read fetches. A whole WARC is one run; its pieces are as many as its captures."""
    run: list[_Piece] = []
    for piece in pieces:
        if run and piece.offset - run[-1].end > _SKIP:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run
