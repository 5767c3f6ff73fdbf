"""Two lists of lines side by side: what stands in both, what moved, what was reworded, what came and went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.history.align import aligned, moved
from pipelines.history.lines import Line
from pipelines.history.rails import is_teaser
from pipelines.history.words import likeness, words_of

Op = Literal["same", "added", "removed", "changed", "moved", "noise"]

_ALIKE = 0.4  # share of words from which a line is the other one reworded
_PAIRS = 20_000  # lines compared with lines, in all: beyond that no partners are looked for
_ROTATED = 3  # teasers in a row


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of either version or of both. ``changed``: the same line in other words; ``noise``: it does not count."""

    op: Op
    kind: str
    before: str | None
    after: str | None


class SideBySide:
    """``cut_before`` and ``cut_after`` are keys of what else is on the pages (`lines.cut_keys`)."""

    def __init__(self, before: Sequence[Line], after: Sequence[Line], cut_before: set[str], cut_after: set[str]) -> None:
        self._before, self._after = before, after
        old, new = _counting(before), _counting(after)
        old_keys, new_keys = [before[i].key for i in old], [after[j].key for j in new]
        pairs = aligned(old_keys, new_keys)
        self._same = [(old[i], new[j]) for i, j in pairs]
        self._moved = {new[j]: old[i] for i, j in moved(old_keys, new_keys, pairs)}
        self._partner: dict[int, int] = {}  # number after -> number before, of reworded lines
        gone, came = set(old), set(new)
        gone -= {i for i, _ in self._same} | set(self._moved.values())
        came -= {j for _, j in self._same} | set(self._moved)
        self._removed = {i for i in gone if before[i].key not in cut_after}
        self._added = {j for j in came if after[j].key not in cut_before}
        self._settle_gaps()

    @property
    def added(self) -> tuple[str, ...]:
        return tuple(self._after[j].text for j in sorted(self._added))

    @property
    def removed(self) -> tuple[str, ...]:
        return tuple(self._before[i].text for i in sorted(self._removed))

    @property
    def moved(self) -> tuple[str, ...]:
        return tuple(self._after[j].text for j in sorted(self._moved))

    def passages(self) -> Iterator[Passage]:
        """Every line of both, in reading order."""
        elsewhere = {*self._partner.values(), *self._moved.values()}
        i = j = 0
        for to_i, to_j in [*self._same, (len(self._before), len(self._after))]:
            yield from self._only_before([n for n in range(i, to_i) if n not in elsewhere])
            yield from self._only_after(range(j, to_j))
            if to_j < len(self._after):
                yield Passage("same", self._after[to_j].kind, self._before[to_i].text, self._after[to_j].text)
            i, j = to_i + 1, to_j + 1

    def _only_before(self, numbers: list[int]) -> Iterator[Passage]:
        for i in numbers:
            yield Passage("removed" if i in self._removed else "noise", self._before[i].kind, self._before[i].text, None)

    def _only_after(self, numbers: range) -> Iterator[Passage]:
        for j in numbers:
            line = self._after[j]
            if j in self._partner:
                yield Passage("changed", line.kind, self._before[self._partner[j]].text, line.text)
            elif j in self._moved:
                yield Passage("moved", line.kind, self._before[self._moved[j]].text, line.text)
            else:
                yield Passage("added" if j in self._added else "noise", line.kind, None, line.text)

    def _settle_gaps(self) -> None:
        """Between lines that stand in both: take out what was only broken into other lines or rotated, then find partners."""
        budget = _PAIRS
        for gone, came in self._gaps():
            if self._is_rebroken(gone, came):
                self._pass_over(gone, came)
            elif len(gone) * len(came) <= budget:
                budget -= len(gone) * len(came)
                scored = self._scored(gone, came)
                self._pass_over(*self._rotated(gone, came, scored))
                self._pair_off(scored)

    def _pass_over(self, gone: list[int], came: list[int]) -> None:
        self._removed.difference_update(gone)
        self._added.difference_update(came)

    def _gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        gone, came = sorted(self._removed), sorted(self._added)
        i = j = 0
        for to_i, to_j in [*self._same, (len(self._before), len(self._after))]:
            from_i, from_j = i, j
            while i < len(gone) and gone[i] < to_i:
                i += 1
            while j < len(came) and came[j] < to_j:
                j += 1
            if i > from_i and j > from_j:
                yield gone[from_i:i], came[from_j:j]

    def _is_rebroken(self, gone: list[int], came: list[int]) -> bool:
        return "".join(self._before[i].key or "" for i in gone) == "".join(self._after[j].key or "" for j in came)

    def _scored(self, gone: list[int], came: list[int]) -> list[tuple[float, int, int]]:
        """How much each line before has in common with each line after, the most first, and the first lines first."""
        old, new = {i: words_of(self._before[i].text) for i in gone}, {j: words_of(self._after[j].text) for j in came}
        return sorted(((likeness(old[i], new[j]), i, j) for i in gone for j in came), key=lambda x: (-x[0], x[1], x[2]))

    def _rotated(self, gone: list[int], came: list[int], scored: list[tuple[float, int, int]]) -> tuple[list[int], list[int]]:
        """Headlines in a row, all of them others now."""
        if min(len(gone), len(came)) < _ROTATED:
            return [], []
        old, new = [i for i in gone if is_teaser(self._before[i].text)], [j for j in came if is_teaser(self._after[j].text)]
        teasers = set(old), set(new)
        alike = any(score >= _ALIKE and i in teasers[0] and j in teasers[1] for score, i, j in scored)
        return ([], []) if alike or min(len(old), len(new)) < _ROTATED else (old, new)

    def _pair_off(self, scored: list[tuple[float, int, int]]) -> None:
        taken: set[int] = set()
        for score, i, j in scored:
            if score >= _ALIKE and i in self._removed and i not in taken and j in self._added and j not in self._partner:
                self._partner[j] = i
                taken.add(i)


def _counting(lines: Sequence[Line]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.key is not None]
