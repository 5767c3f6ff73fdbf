"""A table of a dataset as its writer leaves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.bundle.dataset.columns import Column
from archive.bundle.dataset.rows import Rows


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are those that the file has, none where it is no table; ``media_type`` as Croissant's ``encodingFormat``.

    ``list_separator`` is between the values of a list in a cell of CSV.
    """

    name: str
    file: str
    media_type: str
    columns: tuple[Column, ...]
    list_separator: str = "; "


WriteTables = Callable[[Rows, Path], list[Table]]
"""Writes the documents, events and sources of a dataset into a folder. Raises `DamageError`, `OSError`."""
