"""Which gzip members of a segment's WARC belong to a target: all hops and attempts of its fetch, with requests and metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.errors import DamageError
from archive.model import StoredObject, TargetOutcome
from archive.store.base import Store
from archive.warc.members import walk_members
from archive.warc.reader import Record, parse_record
from archive.warc.revisits import segment_of_original
from archive.warc.writer import one_line

_TARGET = re.compile(rb"^target: ([^\r\n]*)", re.MULTILINE)


class Span(NamedTuple):
    """A gzip member's place in its WARC."""

    offset: int
    length: int


class Original(NamedTuple):
    """What a revisit refers to, and in which segment its metadata says that it is."""

    record_id: str
    segment: str | None


@dataclass(slots=True)
class Group:
    """The records of one exchange: an answer with its request and metadata, or what there is of an exchange without one."""

    spans: list[Span] = field(default_factory=list)
    record_ids: list[str] = field(default_factory=list)
    target: str | None = None  # as the metadata record writes it
    refers_to: str | None = None
    original_in: str | None = None


@dataclass(slots=True)
class SegmentRecords:
    """A segment's WARC by exchanges, in the order of the file."""

    infos: list[Span] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)  # by the id of the answer, or of the lone metadata record

    def groups_of(self, outcomes: Iterable[TargetOutcome], hidden: AbstractSet[str]) -> list[list[Group]]:
        """Of each outcome, all exchanges that were made for its target here; what was taken down is left out."""
        by_target: dict[str, list[str]] = {}
        for main, group in self.groups.items():
            if group.target is not None:
                by_target.setdefault(group.target, []).append(main)
        found = []
        for outcome in outcomes:
            mains = dict.fromkeys([*by_target.get(one_line(outcome.url), ()), *([outcome.record_id] if outcome.record_id else [])])
            groups = [self.groups[main] for main in mains if main in self.groups]
            found.append([group for group in groups if hidden.isdisjoint(group.record_ids)])
        return found

    def originals(self) -> Iterator[Original]:
        """What the revisits of this segment refer to."""
        for group in self.groups.values():
            if group.refers_to is not None:
                yield Original(group.refers_to, group.original_in)


def read_records(store: Store, stored: StoredObject) -> SegmentRecords:
    """Walk over a segment's WARC, one record in memory at a time. Raises `DamageError`, `KeyMissing`, `StoreError`."""
    found = SegmentRecords()
    with store.open_range(stored.key) as stream:
        for member in walk_members(stream):
            place = f"{stored.key} at offset {member.offset}"
            if member.fault:
                raise DamageError(f"{place}: {member.fault}; run warcite verify")
            _sort_in(found, parse_record(member.unpacked, place, member.offset, member.length), place)
    return found


def _sort_in(found: SegmentRecords, record: Record, place: str) -> None:
    span, own = Span(record.offset, record.length), record.record_id
    if own is None:
        raise DamageError(f"{place}: a record without an id; run warcite verify")
    if record.type == "warcinfo":
        found.infos.append(span)
        return
    group = found.groups.setdefault(_main_of(record, own, found.groups), Group())
    group.spans.append(span)
    group.record_ids.append(own)
    if record.type == "revisit":
        group.refers_to = record.header("WARC-Refers-To")
    elif record.type == "metadata":
        if said := _TARGET.search(record.block):
            group.target = said[1].decode("utf-8", "replace")
        group.original_in = segment_of_original(record) or group.original_in


def _main_of(record: Record, own: str, groups: dict[str, Group]) -> str:
    """An unanswered exchange's request and metadata name each other: the group is the metadata record's, which the outcome names."""
    concurrent, refers_to = record.header("WARC-Concurrent-To"), record.header("WARC-Refers-To")
    if record.type == "request" and concurrent is not None:
        return concurrent
    if record.type == "metadata":
        if own in groups:
            return own
        if refers_to is not None and refers_to in groups:
            return refers_to  # what made a copy from a web archive the target's
        return concurrent or own
    return own
