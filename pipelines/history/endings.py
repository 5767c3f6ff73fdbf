"""How a target ended each time it was fetched, and what the last ending says beside those before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Literal

from archive.model import Change, OutcomeWord

_LIVE = frozenset({OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED})
_DEAD = frozenset({OutcomeWord.GONE, OutcomeWord.RESCUED})
_TELLING = _LIVE | _DEAD | {OutcomeWord.ERROR}
_WITH_DOCUMENT = frozenset({OutcomeWord.CAPTURED, OutcomeWord.RESCUED})


@dataclass(frozen=True, slots=True)
class Ended:
    """An outcome of a manifest, as far as changes need it."""

    key: str
    url: str
    outcome: OutcomeWord
    record_id: str
    at: str  # captured_at
    segment: str
    via: str
    current: bool = False  # whether it is one of the run that is looked at


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind`` is "text" where the documents of ``before`` and ``now`` decide; of "back" they tell what else changed."""

    kind: Literal["first", "same", "text", "gone", "back"]
    now: Ended
    before: Ended | None  # the last document
    by_documents: bool = False

    def change(self) -> Change:
        """Without any documents."""
        after = None if self.kind == "gone" else self.now.at
        return Change(self.now.url, self.now.key, self.kind, self.before.at if self.before else None, after)


def verdicts(endings: Iterable[Ended], hidden: frozenset[str] = frozenset()) -> Iterator[Verdict]:
    """What became of each target of a run; ``endings`` come by key, and by time. Records in ``hidden`` never were."""
    for _, group in groupby(endings, attrgetter("key")):
        shown = [ended for ended in group if ended.record_id not in hidden]
        last = max((number for number, ended in enumerate(shown) if ended.current), default=None)
        if last is not None and (found := verdict(shown[:last], shown[last])):
            yield found


def verdict(earlier: Sequence[Ended], now: Ended) -> Verdict | None:
    """None where nothing was learned of the page: it could not be reached, or was dead already."""
    told = [ended for ended in earlier if ended.outcome in _TELLING]
    document = next((ended for ended in reversed(told) if ended.outcome in _WITH_DOCUMENT), None)
    certain = next((ended.outcome for ended in reversed(told) if ended.outcome is not OutcomeWord.ERROR), None)
    if now.outcome in _LIVE:
        if told and told[-1].outcome not in _LIVE:
            return Verdict("back", now, document, by_documents=document is not None and now.outcome is OutcomeWord.CAPTURED)
        return _still_there(document, now)
    if now.outcome not in _DEAD:
        return None
    if certain in _LIVE:
        return Verdict("gone", now, document)
    if now.outcome is OutcomeWord.RESCUED and (document is None or document.outcome is OutcomeWord.RESCUED):
        return _still_there(document, now)
    return None


def _still_there(document: Ended | None, now: Ended) -> Verdict:
    if now.outcome is OutcomeWord.UNCHANGED:
        return Verdict("same", now, document)
    return Verdict("text", now, document, by_documents=True) if document else Verdict("first", now, None)
