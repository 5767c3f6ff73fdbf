"""The versions of a page that an archive has, and how one of them is named: by its time, its record, its place in the row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from archive import manifests
from archive.errors import InputError, NotFound
from archive.jobs import is_inputs
from archive.model import OutcomeWord
from archive.store import Store
from archive.takedown import taken_down
from archive.urls import surt
from pipelines.history.endings import Ended

_KEPT = frozenset({OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, OutcomeWord.RESCUED, OutcomeWord.GONE})
_DIGITS = re.compile(r"\d{4,14}")
_CALENDAR = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_SECONDS = re.compile(r"\d\d:\d\d:\d\d")
_RECORD = re.compile(r"<?(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Version:
    """``document`` is the ending whose document this one has: its own, or that of the capture that a revisit stands for.

    Of a page that was gone it is the last one before.
    """

    ended: Ended
    run: str
    document: Ended | None

    @property
    def is_gone(self) -> bool:
        return self.ended.outcome is OutcomeWord.GONE

    @property
    def timestamp(self) -> str:
        """YYYYMMDDhhmmss, as web archives write it."""
        return re.sub(r"\D", "", self.ended.at)[:14]


def versions_of(store: Store, url: str) -> list[Version]:
    """The captures of an address in any of its spellings, the times when it was gone among them, newest last. Raises `NotFound`."""
    key, hidden = surt(url), taken_down(store)
    found: list[tuple[Ended, str]] = []
    withheld = 0
    for manifest in manifests.load_naming(store, key):
        if is_inputs(manifest.job):
            continue
        for o in manifest.outcomes:
            if o.key == key and o.record_id and o.captured_at and o.outcome in _KEPT:
                withheld += o.record_id in hidden
                if o.record_id not in hidden:
                    ended = Ended(o.key, o.url, o.outcome, o.record_id, o.captured_at, manifest.segment, o.via)
                    found.append((ended, manifest.run))
    if not found:
        raise NotFound(f"{url}: {'taken down' if withheld else f'no capture of it in {store.uri}'}")
    return _with_documents(sorted(found, key=lambda x: x[0].at))


def _with_documents(found: list[tuple[Ended, str]]) -> list[Version]:
    versions: list[Version] = []
    document: Ended | None = None
    for ended, run in found:
        if ended.outcome in (OutcomeWord.CAPTURED, OutcomeWord.RESCUED):
            document = ended
        versions.append(Version(ended, run, document))
    return versions


def choose(versions: Sequence[Version], earlier: str | None, later: str | None) -> tuple[Version, Version]:
    """The two versions that are named; the last two when none is, the last one beside one that is. Raises `InputError`, `NotFound`."""
    if earlier is None:
        if len(versions) < 2:
            raise NotFound(f"{versions[0].ended.url}: one capture only, of {versions[0].ended.at}: nothing to compare it with")
        return versions[-2], versions[-1]
    return named(versions, earlier), named(versions, later or "last")


def named(versions: Sequence[Version], name: str) -> Version:
    """``first``, ``last``, a record id, or a time as far as it is written: the newest version that it begins. Raises as `choose`."""
    if name in ("first", "last"):
        return versions[0 if name == "first" else -1]
    if record := _RECORD.fullmatch(name):
        matching = [v for v in versions if record[1].lower() in v.ended.record_id.lower()]
    else:
        digits = _digits(name)
        matching = [v for v in versions if v.ended.at == name] or [v for v in versions if v.timestamp.startswith(digits)]
    if not matching:
        known = ", ".join(v.timestamp for v in versions[-8:])
        raise NotFound(f"no capture {name} of {versions[0].ended.url}; the newest are {known}")
    return matching[-1]


def _digits(name: str) -> str:
    if _DIGITS.fullmatch(name) or _CALENDAR.fullmatch(name):
        return name.replace("-", "")
    try:
        at = datetime.fromisoformat(name)
    except ValueError:
        raise InputError(
            f"{name!r} names no capture: write a time like 20160521 or 2016-05-21T14:30Z, a record id, first or last"
        ) from None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.strftime("%Y%m%d%H%M%S" if _SECONDS.search(name) else "%Y%m%d%H%M")
