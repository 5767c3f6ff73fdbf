"""Where the bytes of a file come from: how many there are, what tells one version from another, and any stretch of them."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archive.errors import KeyMissing, NotFound, StoreError, WarciteError
from archive.store import Store
from crawler.pull.web import BROKEN, Answer, Web, require, shown

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")


class Changed(WarciteError):
    """The source is not the one that the download began with."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``size`` in bytes, None if only the end will tell; ``version`` is empty where nothing tells versions apart; ``sha256`` in hex."""

    size: int | None
    version: str = ""
    ranges: bool = True
    sha256: str | None = None


class Body(Protocol):
    def readinto(self, buffer: memoryview, /) -> int: ...
    def close(self) -> None: ...


class Source(Protocol):
    """``where`` is for people and for the journal."""

    where: str

    def facts(self) -> Facts:
        """Ask. Raises `NotFound`, `StoreError`, `Interrupted`."""

    def open(self, offset: int, length: int | None) -> Body:
        """A stretch, from any thread; without ``length`` to the end. Raises `Changed` besides."""


class FileSource:
    """A file of this machine."""

    def __init__(self, path: Path) -> None:
        self._path, self.where = path, str(path)
        self._known: Facts | None = None

    def facts(self) -> Facts:
        try:
            found = self._path.stat()
        except OSError as error:
            raise NotFound(f"{self.where}: {error.strerror}") from error
        self._known = Facts(found.st_size, f"{found.st_mtime_ns} {found.st_ino}")
        return self._known

    def open(self, offset: int, length: int | None) -> Body:
        del length
        before = self._known
        if before is not None and self.facts() != before:
            raise Changed(f"{self.where} was changed")
        stream = io.FileIO(self._path)
        stream.seek(offset)
        return stream


class ObjectSource:
    """An object of a store."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key
        self.where = f"{store.uri}/{key}"
        self._known: Facts | None = None

    def facts(self) -> Facts:
        try:
            found = self._store.stat(self._key)
        except KeyMissing as error:
            raise NotFound(str(error)) from error
        self._known = Facts(found.size, f"{found.sha256 or ''} {found.modified.isoformat()}", sha256=found.sha256)
        return self._known

    def open(self, offset: int, length: int | None) -> Body:
        before = self._known
        if before is not None and self.facts() != before:
            raise Changed(f"{self.where} was changed")
        return self._store.open_range(self._key, offset, length)  # type: ignore[return-value]  # a BufferedReader, which has it


class HttpSource:
    """A file behind an address. Each thread has connections of its own."""

    def __init__(self, url: str, new_web: Callable[[], Web]) -> None:
        self._url, self.where = url, shown(url)
        self._new_web = new_web
        self._threads = threading.local()
        self._known = Facts(None, "", ranges=False)
        self._validator = ""
        self._first: Answer | None = None

    def facts(self) -> Facts:
        """By a GET of one byte: a signed address allows no HEAD, and not every server says that it has ranges."""
        self._forget_first()
        answer = self._web().get(self._url, {"Range": "bytes=0-0"})
        if answer.status == 416:
            answer.close()
            answer = self._web().get(self._url)
        require(answer, 200, 206)
        total = _total(answer, 0)
        if answer.status == 206 and total is None:
            answer.close()
            answer = self._web().get(self._url)
            require(answer, 200)
        version, self._validator = _version_of(answer)
        if answer.status == 206:
            answer.readinto(memoryview(bytearray(1)))
            answer.close()
            self._known = Facts(total, version)
        else:
            self._known = Facts(answer.length(), version, ranges=False)
            self._first = answer
        return self._known

    def open(self, offset: int, length: int | None) -> Body:
        if not self._known.ranges:
            return self._whole()
        end = "" if length is None else offset + length - 1
        headers = {"Range": f"bytes={offset}-{end}"} | ({"If-Range": self._validator} if self._validator else {})
        answer = self._web().get(self._url, headers)
        if answer.status in {200, 412, 416}:
            answer.close()
            raise Changed(f"{self.where} was changed")
        require(answer, 206)
        if _total(answer, offset) != self._known.size or _version_of(answer)[0] != self._known.version:
            answer.close()
            raise Changed(f"{self.where} was changed")
        return answer

    def _whole(self) -> Body:
        answer, self._first = self._first, None
        if answer is None:
            answer = self._web().get(self._url)
            require(answer, 200)
            if (answer.length(), _version_of(answer)[0]) != (self._known.size, self._known.version):
                answer.close()
                raise Changed(f"{self.where} was changed")
        return answer

    def _web(self) -> Web:
        web: Web | None = getattr(self._threads, "web", None)
        if web is None:
            web = self._threads.web = self._new_web()
        return web

    def _forget_first(self) -> None:
        if self._first is not None:
            with suppress(*BROKEN):
                self._first.close()
            self._first = None


def _total(answer: Answer, offset: int) -> int | None:
    """Size of the whole, by the Content-Range of a part that begins at ``offset``; None when it does not say. Raises `StoreError`."""
    if answer.status != 206:
        return None
    value = (answer.header("Content-Range") or "").strip()
    if re.fullmatch(r"bytes [0-9]{1,15}-[0-9]{1,15}/\*", value):
        return None
    found = _CONTENT_RANGE.fullmatch(value)
    if not found or int(found[1]) != offset or not int(found[1]) <= int(found[2]) < int(found[3]):
        answer.close()
        raise StoreError(f"{shown(answer.url)}: its Content-Range is not what was asked for: {value[:80]!r}")
    return int(found[3])


def _version_of(answer: Answer) -> tuple[str, str]:
    """What tells versions apart, and which of it may be sent as If-Range (RFC 9110 section 13.1.5: no weak tag)."""
    tag, date = (answer.header("ETag") or "").strip(), (answer.header("Last-Modified") or "").strip()
    strong = tag if re.fullmatch(r'"[\x21\x23-\x7e]{0,500}"', tag) else ""
    return f"{tag} {date}".strip()[:1000], strong
