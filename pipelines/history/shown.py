"""Comparisons for people: lines of pieces, each with what it is, so that a terminal may colour them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from archive.console import plain
from archive.model import Change
from pipelines.changes import KINDS, Changes
from pipelines.compare import Comparison
from pipelines.history.passages import Op, Passage
from pipelines.history.published import Compared
from pipelines.history.versions import Version
from pipelines.history.words import word_runs

Style = Literal["plain", "head", "added", "removed", "quiet"]
Piece = tuple[Style, str]
ShownLine = list[Piece]

_NAMED: tuple[tuple[Op, str], ...] = (("changed", "reworded"), ("added", "added"), ("removed", "removed"), ("moved", "moved"))
_SGR = {"head": "1", "added": "32", "removed": "31", "quiet": "2"}


def rendered(line: ShownLine, *, colour: bool) -> str:
    """Safe for a terminal whatever a page has in it; ``colour`` by SGR (ECMA-48, section 8.3.117)."""
    if not colour:
        return "".join(plain(text) for _, text in line)
    return "".join(f"\x1b[{_SGR[style]}m{plain(text)}\x1b[0m" if style in _SGR else plain(text) for style, text in line)


def diff_lines(compared: Compared, *, words: bool) -> Iterator[ShownLine]:
    yield [("head", compared.after.ended.url)]
    yield from (_side("before", compared.before), _side("after", compared.after))
    yield [("head", _summary(compared))]
    if compared.remade:
        yield [("plain", f"({' and '.join(compared.remade)}: extracted again, since another version of warcite made the stored text)")]
    if compared.comparison and compared.comparison.before:
        yield from _fields(compared.comparison)
        yield from _text(compared.comparison.passages(), words=words)


def _side(name: str, version: Version) -> ShownLine:
    ended, document = version.ended, version.document
    stands_for = f", as {document.at}" if document and document != ended and not version.is_gone else ""
    return [("plain", f"{name:<7} {ended.at}  {ended.outcome}{stands_for}  {ended.record_id}")]


def _summary(compared: Compared) -> str:
    c = compared.comparison
    if c is None or c.before is None:
        return compared.kind
    ops = Counter(passage.op for passage in c.passages())
    counts = ", ".join(f"{ops[op]} {word}" for op, word in _NAMED if ops[op])
    stealth = "; a stealth edit: the page's dates are what they were" if c.stealth else ""
    return compared.kind + (f": {counts}" if counts else "") + stealth


def _fields(comparison: Comparison) -> Iterator[ShownLine]:
    before = comparison.before or {}
    for key in comparison.fields:
        yield [
            ("plain", f"{key}: "),
            ("removed", _value(before.get(key))),
            ("plain", " -> "),
            ("added", _value(comparison.after.get(key))),
        ]


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:299] + "…"


def _text(passages: Iterable[Passage], *, words: bool) -> Iterator[ShownLine]:
    """What changed, each change after the line that it follows in the text, and before the next."""
    last: Passage | None = None
    quiet = True
    for passage in passages:
        if passage.op in ("same", "noise"):
            if passage.op == "same" and not quiet:
                yield _context(passage)
                quiet = True
                last = None
            elif passage.op == "same":
                last = passage
            continue
        if quiet:
            yield [("plain", "")]
            if last:
                yield _context(last)
        quiet = False
        yield from _changed(passage, words=words)


def _context(passage: Passage) -> ShownLine:
    text = passage.after or ""
    return [("quiet", f"  {text if len(text) <= 120 else text[:119] + '…'}")]


def _changed(passage: Passage, *, words: bool) -> Iterator[ShownLine]:
    if passage.op == "moved":
        yield [("quiet", f"> moved: {passage.after}")]
        return
    if passage.op == "changed" and words:
        yield [("plain", "~ "), *_words(passage.before or "", passage.after or "")]
        return
    if passage.before is not None:
        yield [("removed", f"- {passage.before}")]
    if passage.after is not None:
        yield [("added", f"+ {passage.after}")]


def _words(before: str, after: str) -> Iterator[Piece]:
    """Marked as by wdiff, so that it is read without colours too."""
    for op, text in word_runs(before, after):
        if op == "same":
            yield "plain", text
        else:
            yield ("added", f"{{+{text}+}}") if op == "added" else ("removed", f"[-{text}-]")


def run_lines(changes: Changes) -> Iterator[ShownLine]:
    """A line for each change but ``same``, then the counts."""
    for change in changes:
        if change.kind != "same":
            yield _change(change)
    told = ", ".join(f"{changes.counts[kind]} {kind}" for kind in KINDS)
    missed = f"; {changes.not_compared} could not be compared" if changes.not_compared else ""
    yield [("head", f"{sum(changes.counts.values()) + changes.not_compared} targets: {told}{missed}")]


def _change(change: Change) -> ShownLine:
    edits = f"+{len(change.added)} -{len(change.removed)}" if change.added or change.removed else ""
    told = " ".join(x for x in (edits, ",".join(change.fields), "STEALTH" if change.stealth else "") if x)
    style: Style = "removed" if change.kind == "gone" or change.stealth else "added" if change.kind in ("first", "back") else "plain"
    return [(style, f"{change.kind:<9}"), ("plain", f"{change.url}  {told}".rstrip())]
