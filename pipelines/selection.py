"""What the arguments of `extract` mean: a page, WARC files, runs."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from archive.digests import sha256_file
from archive.errors import InputError
from archive.warc.foreign import is_warc

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Selection:
    """Either a page (``-``: standard input), or WARC files and runs; nothing at all is the whole archive."""

    page: str | None = None
    warcs: tuple[Path, ...] = ()
    runs: frozenset[str] = frozenset()

    def digests(self) -> frozenset[str]:
        """SHA-256 of the WARC files: how an archive knows its own."""
        return frozenset(sha256_file(path) for path in self.warcs)


def select(arguments: list[str], url: str | None) -> Selection:
    """Files are told apart by content; what is no file is a run. ``url`` says that a page is meant. Raises `InputError`."""
    if url is not None:
        if len(arguments) != 1:
            raise InputError("--url is the address of one page: give one file, or - for standard input")
        if arguments[0] != STANDARD_INPUT and _holds_records(Path(arguments[0])):
            raise InputError(f"{arguments[0]} is a WARC, whose records have their own addresses: leave out --url")
        return Selection(page=arguments[0])
    files = [a for a in arguments if a == STANDARD_INPUT or Path(a).is_file()]
    for file in files:
        if file == STANDARD_INPUT or not _holds_records(Path(file)):
            raise InputError(f"{file} is no WARC; if it is a page, give the address it came from with --url")
    return Selection(warcs=tuple(map(Path, files)), runs=frozenset(arguments) - frozenset(files))


def _holds_records(path: Path) -> bool:
    """Whether it is a WARC; a file that cannot be read is none."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
        return is_warc(zlib.decompressobj(31).decompress(head, 16) if head.startswith(b"\x1f\x8b") else head)
    except (OSError, ValueError, zlib.error):
        return False
