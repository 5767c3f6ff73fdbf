"""Which manifest has the documents of a segment now: a re-extraction commits new ones, and supersedes those that were there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archive import manifests
from archive.jobs import is_inputs
from archive.model import Manifest
from archive.store.base import Store


@dataclass(frozen=True, slots=True)
class SegmentFact:
    """What of a manifest must be known before the first is read out."""

    key: str
    segment: str
    run: str
    created_at: str
    supersedes: str | None
    inputs: bool  # its targets are input pages, and no sources

    @property
    def has_sources(self) -> bool:
        """Whether it has outcomes of sources: a re-extraction has documents alone."""
        return not self.inputs and self.supersedes is None


def fact_of(key: str, manifest: Manifest) -> SegmentFact:
    return SegmentFact(key, manifest.segment, manifest.run, manifest.created_at, manifest.supersedes, is_inputs(manifest.job))


def read_facts(store: Store, each: Callable[[str, Manifest], None] = lambda *_: None) -> tuple[SegmentFact, ...]:
    """Of every manifest, in order of segments; ``each`` is given the manifests, with their keys, as they go by. Raises `DamageError`."""
    facts = []
    for key, manifest in manifests.load_all(store):
        each(key, manifest)
        facts.append(fact_of(key, manifest))
    return tuple(sorted(facts, key=lambda fact: fact.segment))


def in_order(facts: Iterable[SegmentFact]) -> list[SegmentFact]:
    """As they were sealed."""
    return sorted(facts, key=lambda fact: (fact.created_at, fact.segment))


def newest_generations(facts: Iterable[SegmentFact]) -> dict[str, str]:
    """Segment -> key of the manifest that has its documents now, where a re-extraction replaced them.

    The newest re-extraction counts, also one of a re-extraction.
    """
    newest: dict[str, str] = {}
    origin: dict[str, str] = {}
    for fact in in_order(facts):
        if fact.supersedes is not None:
            origin[fact.segment] = origin.get(fact.supersedes, fact.supersedes)
            newest[origin[fact.segment]] = fact.key
    return newest
