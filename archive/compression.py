"""Reproducible gzip for our own objects: no name and no time in the header, so the same rows give the same bytes and the same key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from isal import igzip

LEVEL = 3  # igzip's smallest output; a fifth of zlib's cost


@contextmanager
def gzip_stream(path: Path) -> Iterator[BinaryIO]:
    """A file to write that ends up gzipped at ``path``."""
    with path.open("wb") as raw:
        packed = igzip.IGzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=raw, mtime=0)  # type: ignore[no-untyped-call]
        with packed:
            yield cast("BinaryIO", packed)
