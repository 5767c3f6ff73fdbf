"""The documents of a segment by record, without holding them all: they are unpacked to a file that nobody else sees."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import Any, Self

from isal import igzip

from archive import strict_json
from archive.errors import DamageError
from archive.model import Manifest, StoredObject
from archive.store.base import Store
from archive.warc.reader import BAD_GZIP

_RECORD = b'"warc_record_id": "'  # no string inside a document can hold it: its quotes are escaped


class SegmentDocuments:
    """Of the ``wanted`` records; use as a context manager. Raises `DamageError` naming the object, `KeyMissing`."""

    def __init__(self, store: Store, manifest: Manifest, wanted: AbstractSet[str]) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        self._file = tempfile.TemporaryFile(prefix="warcite-documents-")  # noqa: SIM115 - closed by __exit__
        try:
            for stored in manifest.objects:
                if stored.kind == "documents" and wanted:
                    self._unpack(store, stored, wanted)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def of(self, record_id: str | None) -> dict[str, Any] | None:
        """The document of a record, if it has one."""
        line = self.line_of(record_id)
        if line is None:
            return None
        document: dict[str, Any] = strict_json.loads(line)
        return document

    def line_of(self, record_id: str | None) -> bytes | None:
        """Its line as it is stored, with its end."""
        place = self._places.get(record_id or "")
        if place is None:
            return None
        self._file.seek(place[0])
        return self._file.read(place[1])

    def size_of(self, record_id: str | None) -> int:
        """Bytes of its line; 0 where there is none."""
        return self._places.get(record_id or "", (0, 0))[1]

    def _unpack(self, store: Store, stored: StoredObject, wanted: AbstractSet[str]) -> None:
        number = 0
        try:
            with store.open_range(stored.key) as raw, igzip.IGzipFile(fileobj=raw, mode="rb") as lines:  # type: ignore[no-untyped-call]
                for line in lines:
                    record = _record_of(line)
                    if record in wanted:
                        self._places[record] = (self._file.tell(), len(line))
                        self._file.write(line)
                    number += 1
        except (EOFError, ValueError, gzip.BadGzipFile, BAD_GZIP) as error:
            raise DamageError(f"{stored.key} cannot be read after line {number} ({error}); run warcite rebuild") from error


def _record_of(line: bytes) -> str:
    start = line.rfind(_RECORD) + len(_RECORD)
    end = line.find(b'"', start)
    if start < len(_RECORD) or end < 0 or not line.endswith(b"}\n"):
        raise ValueError("a row that is no document")
    return line[start:end].decode("utf-8")
