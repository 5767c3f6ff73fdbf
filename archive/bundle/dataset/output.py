"""A finished dataset's folder as one ZIP, the same bytes everywhere, or put in the place that it is wanted at."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from isal import isal_zlib

from archive.bundle.dataset.build import Dataset
from archive.bundle.dataset.croissant import FILE as CROISSANT
from archive.bundle.zip import Entry, central_directory, header_size, local_header
from archive.errors import InputError

_CHUNK = 1 << 20

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class DatasetZip:
    """Written as a bundle is: see `archive.bundle.destination.Destination`. Entries are stored: the tables are packed already."""

    dataset: Dataset

    def write(self, path: Path, told: Told = lambda _: None) -> int:
        """Returns its size."""
        measured = self.measured()
        with path.open("wb") as out:
            for chunk in measured.chunks():
                out.write(chunk)
                told(len(chunk))
        return measured.size

    def measured(self, told: Told = lambda _: None) -> MeasuredZip:
        entries: list[Entry] = []
        position = 0
        for file in self.dataset.files:
            crc = 0
            for chunk in _chunks(self.dataset.folder / file.name):
                crc = isal_zlib.crc32(chunk, crc)
                told(len(chunk))
            entries.append(Entry(file.name, file.size, crc, position))
            position += header_size(file.name, file.size) + file.size
        return MeasuredZip(self.dataset.folder, tuple(entries), position + len(central_directory(entries, position)))


@dataclass(frozen=True, slots=True)
class MeasuredZip:
    """``size`` in bytes, of all of it."""

    folder: Path
    entries: tuple[Entry, ...]
    size: int

    def chunks(self) -> Iterator[bytes]:
        for entry in self.entries:
            yield local_header(entry)
            yield from _chunks(self.folder / entry.name)
        yield central_directory(self.entries, self.entries[-1].end)


def check_place(place: Path) -> None:
    """Whether a dataset may be put there: nothing is, or an empty folder, or an older dataset and nothing else. Raises `InputError`."""
    if not place.parent.is_dir():
        raise InputError(f"-o {place}: there is no folder {place.parent}")
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise InputError(f"-o {place}: there is a file of this name; a dataset is a folder, or a file that ends in .zip")
    if place.is_dir() and not {path.name for path in place.iterdir()} <= _files_of(place):
        raise InputError(f"-o {place}: there is something in this folder that is of no dataset; name one that is empty or new")


def put_in_place(folder: Path, place: Path) -> None:
    """Rename a finished dataset's folder, which lies beside its place; an older dataset there is replaced. Raises `OSError`."""
    old = folder.with_name(f"{folder.name}.old")
    if place.is_dir():
        place.replace(old)
    folder.replace(place)
    shutil.rmtree(old, ignore_errors=True)


def _files_of(place: Path) -> set[str]:
    """What the description of an older dataset names, itself included."""
    try:
        described = json.loads((place / CROISSANT).read_bytes())
        return {CROISSANT, *(str(file["contentUrl"]) for file in described["distribution"])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
