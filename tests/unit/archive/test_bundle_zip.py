"""The ZIP writer against Python's own reader, and our reader against containers over 4 GiB."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.bundle.directory import read_directory
from archive.bundle.zip import Entry, central_directory, local_header
from archive.errors import DamageError

GIB = 1 << 30
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.", min_size=1, max_size=40).filter(lambda n: n.strip("."))


class Sparse:
    """A file of a few pieces of bytes and nothing but zeros between them."""

    name = "sparse.wacz"

    def __init__(self, size: int, pieces: dict[int, bytes]) -> None:
        self.size, self._pieces = size, pieces

    def open_range(self, offset: int, length: int) -> BinaryIO:
        data = bytearray(min(length, self.size - offset))
        for at, piece in self._pieces.items():
            start, end = max(at, offset), min(at + len(piece), offset + len(data))
            if start < end:
                data[start - offset : end - offset] = piece[start - at : end - at]
        return io.BytesIO(bytes(data))


class Whole(Sparse):
    def __init__(self, data: bytes) -> None:
        super().__init__(len(data), {0: data})


def packed(files: dict[str, bytes]) -> bytes:
    out, entries = bytearray(), []
    for name, data in files.items():
        entries.append(Entry(name, len(data), zlib.crc32(data), len(out)))
        out += local_header(entries[-1]) + data
    return bytes(out) + central_directory(entries, len(out))


@given(st.dictionaries(NAMES.map(lambda n: f"data/{n}"), st.binary(max_size=200), max_size=8))
def test_what_is_written_reads_back(files: dict[str, bytes]) -> None:
    data = packed(files)
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert {name: found.read(name) for name in found.namelist()} == files
    directory = read_directory(Whole(data))
    assert directory.faults == ()
    assert {e.name: data[e.data : e.data + e.size] for e in directory.entries} == files


def test_over_four_gib() -> None:
    """Sizes and offsets that only ZIP64 can say; `zipfile` is asked too, about the directory."""
    first = Entry("archive/a.warc.gz", 5 * GIB, 1, 0)
    second = Entry("archive/b.warc.gz", 10, 2, first.end)
    tail = central_directory([first, second], second.end)
    source = Sparse(second.end + len(tail), {0: local_header(first), first.end: local_header(second), second.end: tail})
    directory = read_directory(source)
    assert directory.faults == ()
    assert [(e.name, e.size, e.offset, e.data) for e in directory.entries] == [
        (first.name, 5 * GIB, 0, first.end - 5 * GIB),
        (second.name, 10, first.end, second.end - 10),
    ]


def test_more_files_than_sixteen_bits_count() -> None:
    files = {f"data/{number:05d}": b"" for number in range(65_536)}
    data = packed(files)
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert len(found.namelist()) == len(files)
    assert len(read_directory(Whole(data)).entries) == len(files)


@given(st.binary(max_size=400), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_hostile_bytes_are_named_or_raise_damage(noise: bytes, at: int, change: bytes) -> None:
    data = bytearray(packed({"a/b": noise, "c/d": b"text"}))
    at %= len(data)
    data[at : at + len(change)] = change
    with suppress(DamageError):
        read_directory(Whole(bytes(data)))


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "a\\b", "C:/x", "a/./b", "a\x01b"])
def test_names_that_lead_out(name: str) -> None:
    assert [f.name for f in read_directory(Whole(packed({name: b""}))).faults] == [name]
