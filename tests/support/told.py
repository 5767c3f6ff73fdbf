"""Runs of an archive told by their outcomes and documents alone, without WARCs: what comparing captures needs, and quick to make."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archive.model import DocumentContext, OutcomeWord, Reason, TargetOutcome
from archive.store.base import Store
from archive.urls import surt
from pipelines.document import document_json, empty_document
from tests.support.small_archive import commit_manifest, put_rows


@dataclass(frozen=True)
class Told:
    """How a target ended; ``text`` is that of its document, None where it has none."""

    url: str
    outcome: OutcomeWord = OutcomeWord.CAPTURED
    text: tuple[str, ...] | None = None
    document: tuple[tuple[str, Any], ...] = ()  # keys that differ from an ordinary document's

    def record(self, at: str) -> str:
        return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{self.url} {at}')}>"


def page(url: str, *text: str, **document: Any) -> Told:
    return Told(url, OutcomeWord.CAPTURED, text, tuple(document.items()))


def commit_run(store: Store, run: str, at: str, endings: Iterable[Told], job: str = "sources", size: int = 1000) -> None:
    """Commit a run that asked for everything at that time (RFC 3339), in segments of so many targets."""
    endings = list(endings)
    for number in range(0, max(len(endings), 1), size):
        _commit(store, f"{run}-{number:06}", run, at, endings[number : number + size], job)


def _commit(store: Store, segment: str, run: str, at: str, endings: list[Told], job: str) -> None:
    rows = [_row(one, run, at) for one in endings if one.text is not None]
    objects = [put_rows(store, "documents", rows)] if rows else []
    commit_manifest(store, segment, objects, (_outcome(one, at) for one in endings), run=run, job=job, created_at=at)


def _outcome(one: Told, at: str) -> TargetOutcome:
    return TargetOutcome(one.url, surt(one.url), one.outcome, Reason.OK, 1, 200, at, None, "live", one.url, one.record(at), "archived")


def _row(one: Told, run: str, at: str) -> dict[str, object]:
    context = DocumentContext(one.url, one.url, at, one.outcome, 200, one.record(at), None, 0, 0, run)
    row: dict[str, object] = json.loads(document_json(empty_document(context)))
    text = one.text or ()
    blocks = [{"kind": "paragraph", "text": line} for line in text]
    return row | {"extractor_settings": "mode=full", "text": "\n".join(text), "blocks": blocks, "text_outcome": "ok", **dict(one.document)}
