"""``warcite.diff/1`` and ``warcite.changes/1``: comparisons as JSON. ``python -m pipelines.history.published DIR`` writes their schemas."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.model import Change, OutcomeWord
from archive.schema import published_schema
from pipelines.changes import KINDS, Changes
from pipelines.compare import Comparison, Kind
from pipelines.history.passages import Op as PassageOp
from pipelines.history.passages import Passage
from pipelines.history.versions import Version
from pipelines.history.words import Op as WordOp
from pipelines.history.words import word_runs

DIFF, CHANGES = "warcite.diff/1", "warcite.changes/1"


@dataclass(frozen=True, slots=True)
class DiffSide:
    """``document`` is the record whose document was compared: its own, the original's of a revisit, the last one's of a page gone."""

    captured_at: str
    record_id: str
    outcome: OutcomeWord
    run: str
    document: str | None


@dataclass(frozen=True, slots=True)
class DiffField:
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class DiffWords:
    op: WordOp
    text: str


@dataclass(frozen=True, slots=True)
class DiffPassage:
    op: PassageOp
    kind: str
    before: str | None
    after: str | None
    words: tuple[DiffWords, ...] | None


@dataclass(frozen=True, slots=True)
class Diff:
    schema: str
    store: str
    url: str
    key: str
    kind: Kind
    before: DiffSide
    after: DiffSide
    stealth: bool
    remade: tuple[str, ...]
    fields: tuple[DiffField, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    passages: tuple[DiffPassage, ...]


@dataclass(frozen=True, slots=True)
class RunChanges:
    schema: str
    store: str
    run: str
    changes: tuple[Change, ...]
    counts: dict[Kind, int]
    not_compared: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a page and what became of it; ``comparison`` is None where the page is gone."""

    before: Version
    after: Version
    kind: Kind
    comparison: Comparison | None
    remade: tuple[str, ...] = ()


def diff_record(compared: Compared, store: str, *, words: bool) -> dict[str, Any]:
    """``warcite.diff/1``; with ``words`` each changed passage word by word."""
    c = compared.comparison
    ended = compared.after.ended
    diff = Diff(
        schema=DIFF,
        store=store,
        url=ended.url,
        key=ended.key,
        kind=compared.kind,
        before=_side(compared.before),
        after=_side(compared.after),
        stealth=c is not None and c.stealth,
        remade=compared.remade,
        fields=tuple(DiffField(key, (c.before or {}).get(key), c.after.get(key)) for key in c.fields) if c else (),
        added=c.added if c else (),
        removed=c.removed if c else (),
        moved=c.moved if c else (),
        passages=tuple(_passage(p, words=words) for p in c.passages()) if c else (),
    )
    return asdict(diff)


def _side(version: Version) -> DiffSide:
    ended, document = version.ended, version.document
    return DiffSide(ended.at, ended.record_id, ended.outcome, version.run, document.record_id if document else None)


def _passage(passage: Passage, *, words: bool) -> DiffPassage:
    runs = None
    if words and passage.op == "changed":
        runs = tuple(DiffWords(op, text) for op, text in word_runs(passage.before or "", passage.after or ""))
    return DiffPassage(passage.op, passage.kind, passage.before, passage.after, runs)


def changes_json(changes: Changes, store: str, run: str, problems: list[str]) -> Iterator[str]:
    """``warcite.changes/1`` in pieces: a row for every change but ``same``, which is only counted."""
    yield f'{{"schema": "{CHANGES}", "store": {json.dumps(store)}, "run": {json.dumps(run)}, "changes": ['
    separator = "\n"
    for change in changes:
        if change.kind != "same":
            yield separator + json.dumps(asdict(change))
            separator = ",\n"
    counts = {kind: changes.counts[kind] for kind in KINDS}
    yield f'\n], "counts": {json.dumps(counts)}, "not_compared": {changes.not_compared}, "problems": {json.dumps(problems)}}}\n'


def write_schemas(directory: Path) -> list[Path]:
    """Write each schema as ``<name>.schema.json``; raises `OSError`."""
    paths = []
    for name, kind, schema in (("diff", Diff, DIFF), ("changes", RunChanges, CHANGES)):
        path = directory / f"{name}.schema.json"
        path.write_text(json.dumps(published_schema(kind, schema), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
