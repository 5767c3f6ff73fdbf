"""What differs between a stored document and the same page's document made again, as a reader sees it: block by block."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any, Literal, get_args

SCHEMA = "warcite.extract-diff/1"

Row = dict[str, Any]
Status = Literal["same", "changed", "new", "missing"]

_HOW = frozenset({"extractor", "extractor_version", "extractor_settings"})
"""How a document was made, not what it says."""
_COUNTED = frozenset({"blocks", "removed", "comments", "citations"})
_IN_BLOCKS = frozenset({"text", "text_sha256", "blocks", "simhash"})
_MAX_PAIRS = 4_000_000  # blocks times blocks: beyond that, aligning them costs minutes


@dataclass(frozen=True, slots=True)
class DocumentDiff:
    """``new``: the archive has no document of the page; ``missing``: it has one, and the WARC no page for it."""

    status: Status
    record_id: str
    url: str
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Key of the document -> ``{"stored", "now"}``. Of the text it is the number of characters, of blocks, cuts and comments how many."""
    blocks: tuple[str, ...] = ()
    """Lines of a unified diff, a block a line."""

    def as_json(self) -> Row:
        return {"status": self.status, "record_id": self.record_id, "url": self.url, "fields": self.fields, "blocks": list(self.blocks)}

    def shown(self) -> Iterator[str]:
        yield f"{self.status:<8} {self.url}  {self.record_id}"
        for name, values in self.fields.items():
            if name not in _IN_BLOCKS:
                yield f"  {name}: {_short(values['stored'])} -> {_short(values['now'])}"
        yield from self.blocks


def compare_rows(stored: Row | None, now: Row | None) -> DocumentDiff:
    """One of them may be missing, not both."""
    one = now if now is not None else stored or {}
    about = (str(one.get("warc_record_id")), str(one.get("url")))
    if stored is None or now is None:
        return DocumentDiff("new" if stored is None else "missing", *about)
    keys = [key for key in dict.fromkeys([*now, *stored]) if key not in _HOW and now.get(key) != stored.get(key)]
    if not keys:
        return DocumentDiff("same", *about)
    fields = {key: {"stored": _summed(key, stored.get(key)), "now": _summed(key, now.get(key))} for key in keys}
    return DocumentDiff("changed", *about, fields, tuple(_diff(_lines(stored), _lines(now))))


def diff_lines(found: Iterable[DocumentDiff]) -> Iterator[str]:
    """For people: the documents that are not the same, and how many there are of each kind."""
    counts: Counter[str] = Counter()
    for one in found:
        counts[one.status] += 1
        if one.status != "same":
            yield from one.shown()
            yield ""
    yield f"{counts.total()} documents: " + ", ".join(f"{counts[status]} {status}" for status in get_args(Status))


def diff_json(found: Iterable[DocumentDiff], store: str) -> Iterator[str]:
    """``warcite.extract-diff/1``, in pieces: a row for every document, then the counts, which sum to the rows."""
    counts: Counter[str] = Counter()
    yield f'{{"schema": "{SCHEMA}", "store": {json.dumps(store)}, "documents": ['
    for one in found:
        yield (",\n" if counts else "\n") + json.dumps(one.as_json())
        counts[one.status] += 1
    yield f'\n], "counts": {json.dumps({status: counts[status] for status in get_args(Status)})}}}\n'


def _summed(key: str, value: Any) -> Any:
    return len(value) if (key in _COUNTED and isinstance(value, list)) or (key == "text" and isinstance(value, str)) else value


def _lines(row: Row) -> list[str]:
    blocks = row.get("blocks")
    return [_line(block) for block in blocks] if isinstance(blocks, list) else []


def _line(block: Any) -> str:
    if not isinstance(block, dict):
        return json.dumps(block)
    text = str(block.get("text", "")).replace("\n", " ⏎ ")
    return f"{block.get('kind', '')}: {text}"


def _diff(stored: list[str], now: list[str]) -> Iterator[str]:
    if len(stored) * len(now) <= _MAX_PAIRS:
        yield from unified_diff(stored, now, "stored", "now", n=1, lineterm="")
        return
    yield from ("--- stored", "+++ now", f"@@ -1,{len(stored)} +1,{len(now)} @@")
    yield from (f"-{line}" for line in stored)
    yield from (f"+{line}" for line in now)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:199] + "…"
