"""The door of this room: names of inputs in, events and problems out. Never raises for what an input holds."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import BinaryIO

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.draft import Origin
from pipelines.inputs.further import Further
from pipelines.inputs.kinds import GZIP, HEAD, Kind, tell_kind, why_unreadable
from pipelines.inputs.readers import read_kind
from pipelines.inputs.unpack import unpack

SPOOL_IN_MEMORY = 4 * 1024 * 1024  # bytes of standard input kept before a temporary file is used
MAX_PROBLEMS = 10_000  # of one input that are listed; further ones are counted
_TWINS = frozenset({"index.md", "readme.md"})
_UNKNOWN = "no digest page, wiki page, feed, sitemap, bookmark file, reference list or list of http(s) addresses"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def read_inputs(names: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Event | Problem]:
    """The events that files, folders, globs and ``-`` (standard input) hold, each kind told by its content.

    What cannot be read comes as a Problem (line 0: the input as a whole) and stops nothing else. ``stdin`` defaults to the
    process's own.
    """
    reader = InputReader(stdin)
    for name in names:
        yield from reader.read(name)


def read_url_lists(names: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Event | Problem]:
    """Like read_inputs, but every input is a list of addresses, whatever it looks like."""
    reader = InputReader(stdin, only=Kind.URL_LIST)
    for name in names:
        yield from reader.read(name)


class InputReader:
    """Reads inputs one name at a time; remembers the day indexes read, so that an identical twin is left out."""

    def __init__(self, stdin: BinaryIO | None = None, only: Kind | None = None, *, follows: bool = False) -> None:
        """``follows``: the caller reads what `further` names, so an index of sitemaps is no problem."""
        self._stdin = stdin
        self._only = only
        self._follows = follows
        self.further: list[Further] = []  # inputs that the inputs read so far name
        self._seen: set[tuple[str, str]] = set()

    def read(self, name: str) -> Iterator[Event | Problem]:
        if name == "-":
            yield from self._standard_input(name)
        elif _ADDRESS.match(name):
            yield Problem(name, 0, "an address, not a file: digest pages are not fetched here; save it and give the file")
        else:
            for file in _files(name):
                yield from file if isinstance(file, list) else self._file(file)

    def _standard_input(self, name: str) -> Iterator[Event | Problem]:
        # A process started with its standard input closed has none.
        own = getattr(sys.stdin, "buffer", None)
        stream = self._stdin if self._stdin is not None else own
        if stream is None:
            yield Problem(name, 0, "standard input is closed")
        else:
            yield from self._spooled(name, stream)

    def _file(self, path: str) -> Iterator[Event | Problem]:
        try:
            with Path(path).open("rb") as stream:
                if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    yield from self.read_stream(path, stream)
                else:
                    yield from self._spooled(path, stream)
        except (OSError, ValueError) as error:
            yield _unreadable(path, error)

    def _spooled(self, name: str, stream: BinaryIO) -> Iterator[Event | Problem]:
        """A stream that cannot be read twice goes to a temporary file first: its digest is part of every event."""
        with tempfile.SpooledTemporaryFile(SPOOL_IN_MEMORY) as copy:
            try:
                while block := stream.read(1 << 20):
                    copy.write(block)
            except (OSError, ValueError) as error:
                yield _unreadable(name, error)
                return
            copy.seek(0)
            yield from self.read_stream(name, copy)  # type: ignore[arg-type]  # a BinaryIO in all but name

    def read_stream(self, name: str, stream: BinaryIO) -> Iterator[Event | Problem]:
        """Bytes that the caller has under a name of its own, such as the address they were fetched from.

        ``stream`` is seekable and at its start; it is left open.
        """
        name = _as_text(name)
        head = stream.read(HEAD)
        stream.seek(0)
        if head.startswith(GZIP):
            yield from self._packed(name, stream)
        else:
            yield from self._told(name, stream, head, None)

    def _packed(self, name: str, stream: BinaryIO) -> Iterator[Event | Problem]:
        sha256 = _sha256(stream)
        stream.seek(0)
        with tempfile.SpooledTemporaryFile(SPOOL_IN_MEMORY) as file:
            copy: BinaryIO = file  # type: ignore[assignment]  # a BinaryIO in all but name
            damage = None
            try:
                unpack(stream, copy)
            except InputError as error:
                damage = Problem(name, 0, str(error))
            copy.seek(0)
            head = copy.read(HEAD)
            copy.seek(0)
            if damage is None or (head and tell_kind(head, whole=len(head) < HEAD) is not None):
                yield from self._told(name, copy, head, sha256)
            if damage is not None:
                yield damage

    def _told(self, name: str, stream: BinaryIO, head: bytes, sha256: str | None) -> Iterator[Event | Problem]:
        unreadable = why_unreadable(head)
        kind = self._only or tell_kind(head, whole=len(head) < HEAD)
        if unreadable is not None or kind is None:
            yield Problem(name, 0, unreadable or _UNKNOWN)
            return
        sha256 = sha256 or _sha256(stream)
        stream.seek(0)
        if self._is_twin(name, sha256):
            return
        yield from self._events(kind, stream, Origin(name, sha256))

    def _events(self, kind: Kind, stream: BinaryIO, origin: Origin) -> Iterator[Event | Problem]:
        found, problems = False, 0
        first: Further | None = None
        known = len(self.further)
        for item in read_kind(kind, stream, origin):
            if isinstance(item, Further):
                first = first or item
                self.further.append(item)
                continue
            found = found or isinstance(item, Event)
            problems += isinstance(item, Problem)
            if isinstance(item, Event) or problems <= MAX_PROBLEMS:
                yield item
        if problems > MAX_PROBLEMS:
            yield Problem(origin.name, 1, f"{problems - MAX_PROBLEMS} problems more than the {MAX_PROBLEMS} that are listed")
        if first is not None and not self._follows:
            words = f"an index of {len(self.further) - known} sitemaps, which are not fetched here: give its address, or save them"
            yield Problem(origin.name, first.line, words)
        elif first is None and not found:
            yield Problem(origin.name, 1, "no event in it")

    def _is_twin(self, name: str, sha256: str) -> bool:
        path = PurePath(name)
        if path.name.casefold() not in _TWINS:
            return False
        key = (os.path.normpath(path.parent), sha256)
        seen = key in self._seen
        self._seen.add(key)
        return seen


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _files(name: str) -> Iterator[str | list[Problem]]:
    """The files that a name stands for, in order."""
    try:
        if os.path.isdir(name):  # noqa: PTH112 - Path() would change the name as given
            yield from _in_folder(name)
        elif os.path.lexists(name) or not glob.has_magic(name):
            yield name
        elif matches := sorted(glob.glob(name, recursive=True), key=_order):  # noqa: PTH207
            for match in matches:
                if not os.path.isdir(match):  # noqa: PTH112
                    yield match
                elif "**" not in name:
                    yield from _in_folder(match)
        else:
            yield [Problem(_as_text(name), 0, "no file matches")]
    except (OSError, ValueError) as error:
        yield [_unreadable(name, error)]


def _in_folder(folder: str) -> Iterator[str | list[Problem]]:
    """The regular files below a folder, hidden ones and hidden folders (``.git``) left out."""
    problems: list[Problem] = []
    found = False
    for path, folders, names in os.walk(folder, onerror=lambda error: problems.append(_unreadable(error.filename, error))):
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=_order)
        for name in sorted(names, key=_order):
            file = os.path.join(path, name)  # noqa: PTH118 - keeps the folder as given
            if not name.startswith(".") and (os.path.isfile(file) or os.path.islink(file)):  # noqa: PTH113, PTH114
                found = True
                yield file
    if problems:
        yield problems
    elif not found:
        yield [Problem(_as_text(folder), 0, "no file in this folder")]


def _order(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _unreadable(name: str, error: OSError | ValueError) -> Problem:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Problem(_as_text(str(name)), 0, f"cannot be read: {words}")


def _as_text(name: str) -> str:
    """The name of a file for people and JSON: to the system it is bytes, and they need not be UTF-8."""
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode("utf-8")
