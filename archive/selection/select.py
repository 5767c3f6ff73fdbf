"""Which part of an archive: the selection that `bundle` and `search` share, and the stream of what it chooses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from archive import manifests
from archive.catalog.matching import Matching
from archive.catalog.syntax import parse_query
from archive.errors import InputError, NotFound
from archive.generations import SegmentFact, in_order, newest_generations, read_facts
from archive.model import Manifest, OutcomeWord, TargetOutcome
from archive.selection.documents import SegmentDocuments
from archive.selection.events import CitedTargets
from archive.store.base import Store
from archive.takedown import taken_down
from archive.urls import host_of

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")

_OUTCOMES = tuple(word.value for word in OutcomeWord)


@dataclass(frozen=True, slots=True)
class Selection:
    """All given parts must hold; within a part, one of its values. Nothing given is the whole archive.

    Raises `InputError` for a day or an outcome that is none, and for a query that cannot be read.
    """

    events: tuple[str, ...] = ()  # ids; one that was replaced stands for those in its place too
    digests: tuple[str, ...] = ()  # the digest's path as it was given, its SHA-256 in hex, or a glob of its path
    runs: tuple[str, ...] = ()  # ids; "last": the newest
    hosts: tuple[str, ...] = ()  # globs, of the host as cited or of the one that answered
    urls: tuple[str, ...] = ()  # globs, of the address as cited or of the one that answered
    since: str | None = None  # YYYY, YYYY-MM or YYYY-MM-DD, itself included: of a citing event, of the capture where none has a date
    until: str | None = None  # likewise, the whole year, month or day included
    outcomes: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()  # BCP 47, of the document's text; "en" is "en-GB" too
    query: str | None = None  # what `search` is given: of what it finds, every capture
    limit: int | None = None  # rows

    def __post_init__(self) -> None:
        for option, day in (("--since", self.since), ("--until", self.until)):
            if day is not None and not _DAY.fullmatch(day):
                raise InputError(f"{option}: not a day: {day[:40]!r}; write YYYY-MM-DD, YYYY-MM or YYYY")
        for word in self.outcomes:
            if word not in _OUTCOMES:
                raise InputError(f"--outcome: unknown outcome {word[:40]!r}; known are {', '.join(_OUTCOMES)}")
        if self.query is not None:
            parse_query(self.query)
        if self.limit is not None and self.limit < 1:
            raise InputError("--limit: must be 1 or more")

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return self != Selection()

    @property
    def needs_events(self) -> bool:
        return bool(self.events or self.digests or self.since or self.until)

    def has_host(self, *hosts: str) -> bool:
        """Whether one of them is wanted."""
        return not self.hosts or any(fnmatchcase(host, glob.lower()) for host in hosts for glob in self.hosts)

    def has_address(self, *addresses: str) -> bool:
        return not self.urls or any(address == glob or fnmatchcase(address, glob) for address in addresses for glob in self.urls)

    def has_language(self, language: str | None) -> bool:
        tag = f"{language or ''}-".lower()
        return not self.langs or any(tag.startswith(f"{lang.lower()}-") for lang in self.langs)

    def as_json(self) -> dict[str, Any]:
        """The parts that were given."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items() if value}

    def __str__(self) -> str:
        given = ((name.rstrip("s") if isinstance(v, tuple) else name, v) for name, v in asdict(self).items() if v)
        return " ".join(f"--{name} {one}" for name, value in given for one in (value if isinstance(value, tuple) else (value,)))


@dataclass(frozen=True, slots=True)
class Selected:
    """A target's outcome that was chosen, with the document of its capture: None where it has none (failures, unchanged pages)."""

    manifest: Manifest
    outcome: TargetOutcome
    document: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ChosenSegment:
    """What is chosen of one committed segment."""

    manifest: Manifest
    documents: Manifest  # the newest extraction: its documents objects have the rows of these captures
    outcomes: tuple[TargetOutcome, ...]  # in order of URL keys
    whole: bool  # all of them, and nothing of the archive was taken down: the WARC can be copied as it is

    def record_ids(self) -> frozenset[str]:
        return frozenset(o.record_id for o in self.outcomes if o.record_id is not None)


def choose(store: Store, selection: Selection, facts: tuple[SegmentFact, ...] | None = None) -> Iterator[ChosenSegment]:
    """What `select` goes through, a segment at a time, without the documents. Raises as `select` does."""
    return _Chooser(store, selection, facts).segments()


def select(store: Store, selection: Selection) -> Iterator[Selected]:
    """One row per chosen outcome of a target, of every time it was fetched, in order of segments, then of URL keys.

    Documents are those of the newest extraction. Records that were taken down, and targets that are inputs and no sources, are left
    out. Memory is that of one manifest and one document, whatever the size of the archive. For a query the local catalog is brought up
    to date first. Raises `NotFound` for a run or an event that the archive does not have, `DamageError`, `StoreError`.
    """
    return _Chooser(store, selection).rows()


def chosen_runs(selection: Selection, committed: Iterable[str], store_uri: str) -> frozenset[str]:
    """Ids of the runs that are wanted, of those ``committed``, which are in the order of their manifests. The last is the one that
    began last. Raises `NotFound`.
    """
    known = list(dict.fromkeys(committed))
    for run in selection.runs:
        if run not in known and (run != "last" or not known):
            raise NotFound(f"no run {run[:120]} in {store_uri}; warcite status --json lists the runs")
    return frozenset(known[-1] if run == "last" else run for run in selection.runs)


class _Chooser:
    def __init__(self, store: Store, selection: Selection, facts: tuple[SegmentFact, ...] | None = None) -> None:
        self._store = store
        self._want = selection
        self._hidden = frozenset(taken_down(store))
        facts = read_facts(store) if facts is None else facts
        self._facts = [fact for fact in facts if fact.has_sources]
        self._runs = chosen_runs(selection, (fact.run for fact in in_order(self._facts)), store.uri)
        self._generations = newest_generations(facts)

    def segments(self) -> Iterator[ChosenSegment]:
        left = self._want.limit
        with ExitStack() as stack:
            want = self._want
            cited = stack.enter_context(CitedTargets(self._store, want)) if want.needs_events else None
            matching = stack.enter_context(Matching(self._store, want.query)) if want.query is not None else None
            for fact in self._facts:
                if self._runs and fact.run not in self._runs:
                    continue
                chosen = self._of_segment(manifests.load(self._store, fact.key), cited, matching)
                if left is not None:
                    chosen = replace(chosen, outcomes=chosen.outcomes[:left], whole=chosen.whole and len(chosen.outcomes) <= left)
                    left -= len(chosen.outcomes)
                if chosen.outcomes:
                    yield chosen
                if left == 0:
                    return

    def rows(self) -> Iterator[Selected]:
        for chosen in self.segments():
            with SegmentDocuments(self._store, chosen.documents, chosen.record_ids()) as documents:
                for outcome in chosen.outcomes:
                    yield Selected(chosen.manifest, outcome, documents.of(outcome.record_id))

    def _of_segment(self, manifest: Manifest, cited: CitedTargets | None, matching: Matching | None) -> ChosenSegment:
        outcomes = [o for o in manifest.outcomes if o.record_id not in self._hidden and self._is_wanted(o)]
        if cited is not None:
            outcomes = [o for o in outcomes if cited.is_chosen(o)]
        newest = self._generations.get(manifest.segment)
        source = manifest if newest is None or not outcomes else manifests.load(self._store, newest)
        if matching is not None and outcomes:
            found = matching.records_of(manifest.segment, source.segment)
            outcomes = [o for o in outcomes if o.record_id in found]
        if self._want.langs and outcomes:
            outcomes = self._of_languages(source, outcomes)
        whole = not self._hidden and len(outcomes) == len(manifest.outcomes)
        return ChosenSegment(manifest, source, tuple(sorted(outcomes, key=lambda o: o.key)), whole)

    def _is_wanted(self, outcome: TargetOutcome) -> bool:
        want = self._want
        if want.outcomes and outcome.outcome not in want.outcomes:
            return False
        addresses = (outcome.url, outcome.final_url or outcome.url)
        return (not want.hosts or want.has_host(*map(host_of, addresses))) and want.has_address(*addresses)

    def _of_languages(self, documents: Manifest, outcomes: list[TargetOutcome]) -> list[TargetOutcome]:
        records = frozenset(o.record_id for o in outcomes if o.record_id is not None)
        with SegmentDocuments(self._store, documents, records) as rows:
            return [o for o in outcomes if (row := rows.of(o.record_id)) is not None and self._want.has_language(row["language"])]
