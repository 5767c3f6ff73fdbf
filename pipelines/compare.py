"""Two documents of one address, an earlier and a later one: what of the page changed, with widget noise kept out. Pure.

Compared are the lines of the text (`pipelines.history.noise` says which of them do not count) and what the publisher states
besides. What only moved, or is cut from one text and not from the other, is no change of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from archive.model import Change
from archive.urls import surt
from pipelines.history.fields import changed_fields, dates_tell
from pipelines.history.lines import cut_keys, lines_of
from pipelines.history.passages import Passage, SideBySide

Row = dict[str, Any]
Kind = Literal["first", "same", "text", "metadata", "gone", "back"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``before`` is None for a first document. ``moved`` lines stand elsewhere now; they are neither added nor removed."""

    before: Row | None
    after: Row
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    stealth: bool = False

    @property
    def kind(self) -> Kind:
        if self.before is None:
            return "first"
        return "text" if self.added or self.removed else "metadata" if self.fields else "same"

    def change(self, kind: Kind | None = None) -> Change:
        """As it is published; ``kind`` is for what documents alone do not tell (``back``)."""
        url = _string(self.after, "url") or ""
        return Change(
            url=url,
            key=surt(url),
            kind=kind or self.kind,
            before=_string(self.before or {}, "captured_at"),
            after=_string(self.after, "captured_at"),
            added=self.added,
            removed=self.removed,
            fields=self.fields,
            stealth=self.stealth,
        )

    def passages(self) -> Iterator[Passage]:
        """Every line of both documents, in reading order."""
        return _side_by_side(self.before or {}, self.after).passages()


def compare(before: Row | None, after: Row) -> Comparison:
    """Never raises, whatever is in the rows; takes time in proportion to their size."""
    if before is None:
        return Comparison(None, after)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    if before.get("blocks") != after.get("blocks") or before.get("text") != after.get("text"):
        both = _side_by_side(before, after)
        added, removed, moved = both.added, both.removed, both.moved
    fields = changed_fields(before, after) + _other_bytes(before, after)
    return Comparison(before, after, added, removed, moved, fields, bool(added or removed) and not dates_tell(before, after))


def _side_by_side(before: Row, after: Row) -> SideBySide:
    old, new = lines_of(before, after)
    return SideBySide(old, new, cut_keys(before), cut_keys(after))


def _other_bytes(before: Row, after: Row) -> tuple[str, ...]:
    """Where neither has a text to compare (a PDF, a picture), other bytes are all that can be told."""
    textless = before.get("text_outcome") == after.get("text_outcome") == "not-html"
    return ("payload_digest",) if textless and before.get("payload_digest") != after.get("payload_digest") else ()


def _string(row: Row, key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) else None
