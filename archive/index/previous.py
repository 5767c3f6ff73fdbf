"""The page that a target had the last time: found in the local cache, read from the store, so that a recrawl need not keep it twice."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import NamedTuple

from archive.errors import DamageError
from archive.index.recent import Place, RecentCaptures
from archive.model import OutcomeWord
from archive.store.base import Store
from archive.urls import surt, target_uri
from archive.warc.captures import capture_of
from archive.warc.members import walk_members
from archive.warc.reader import Record, parse_record
from archive.warc.revisits import KeptPage, answer_of, kept_page

_PAGE_KEPT = frozenset({OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED})
_COMPANIONS = 24 << 10  # bytes behind a revisit within which its metadata record ends: each of the two has an address of 16 KB at most


class Found(NamedTuple):
    """Where the last capture of an address is, and the response that it stands for: the same place when it is one itself."""

    url: str
    last: Place
    original: Place
    record_id: str | None  # of the last capture, as the target's outcome names it; None when no target's is wanted


class PreviousPages:
    """What was kept of targets the last time, as long as it is a page of theirs that may be shown."""

    def __init__(self, recent: RecentCaptures, store: Store) -> None:
        self._recent = recent
        self._store = store
        self._hidden = recent.hidden()

    def find(self, target_key: str, url: str) -> Found | None:
        """The last capture of ``url``, when the target with that key ended in it, and well. Asks the cache only.

        Any other page would do as an original, yet the target's own last document would not be of it.
        """
        outcome = self._recent.last_outcome(target_key)
        if outcome is None or outcome.outcome not in _PAGE_KEPT or outcome.record_id is None or outcome.record_id in self._hidden:
            return None
        return self._found(url, outcome.record_id)

    def find_page(self, url: str) -> Found | None:
        """The last capture of ``url``, whoever asked for it: of an input page, which has no document. Asks the cache only."""
        return self._found(url, None)

    def _found(self, url: str, record_id: str | None) -> Found | None:
        key = surt(url)
        last = self._recent.last(key)
        original = self._recent.original(key, last.digest) if last and last.revisit else last
        if last is None or original is None or original.status != 200:
            return None
        return Found(url, last, original, record_id)

    def read(self, found: Found) -> KeptPage | None:
        """The page itself, from the store (in any thread); None when it is not what `find` took it for.

        It comes without conditions for another spelling of its address, which may be another resource to its server.
        Raises `DamageError`, `StoreError`.
        """
        last = _read(self._store, found.last, _COMPANIONS if found.last.revisit else 0)
        whole = last if found.original == found.last else _read(self._store, found.original)
        capture = capture_of(whole[0], found.original.segment)
        if found.record_id not in {None, last[0].record_id} or last[0].record_id in self._hidden:
            return None
        if capture is None or capture.kind != "response" or whole[0].header("WARC-Truncated") or capture.record_id in self._hidden:
            return None
        page = kept_page(capture, whole[0].block, answer_of(last))
        same_address = last[0].target_uri == target_uri(found.url)
        return page if page is None or same_address else replace(page, conditions=())


def _read(store: Store, place: Place, more: int = 0) -> list[Record]:
    """The record at a place, and those that follow it within ``more`` bytes. Raises `DamageError` when it is not whole."""
    with store.open_range(place.warc, place.offset, place.length + more) as stream:
        data = stream.read()
    where = f"{place.warc} at offset {place.offset}"
    found: list[Record] = []
    for member in walk_members(io.BytesIO(data)):
        if member.fault:
            break
        found.append(parse_record(member.unpacked, where, place.offset + member.offset, member.length))
    if not found or found[0].length != place.length:
        raise DamageError(f"{where}: no whole record of {place.length} bytes")
    return found
