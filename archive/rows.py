"""Rows of documents and events objects, streamed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

from archive import strict_json
from archive.errors import DamageError
from archive.model import Manifest, StoredObject
from archive.store import Store


def rows_of(store: Store, manifest: Manifest, kind: str) -> Iterator[dict[str, Any]]:
    """Every row of a manifest's objects of one kind. Raises `KeyMissing`, and `DamageError` naming object and line."""
    for stored in manifest.objects:
        if stored.kind == kind:
            yield from _rows(store, stored)


def _rows(store: Store, stored: StoredObject) -> Iterator[dict[str, Any]]:
    number = 0
    with store.open_range(stored.key) as raw, gzip.open(raw, "rb") as lines:
        try:
            for line in lines:
                yield strict_json.loads(line)
                number += 1
        except (OSError, EOFError, zlib.error, ValueError) as error:
            raise DamageError(f"{stored.key} cannot be read after line {number} ({error}); run warcite rebuild") from error
