"""Two sequences aligned as patience diff does: by what is unique in both, again and again. Near linear, whatever the sequences."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

Pair = tuple[int, int]
"""Index in the first, index in the second."""

_EXACT = 10_000  # items times items up to which a piece without unique items is aligned by `difflib`
_EXACT_IN_ALL = 4_000_000
_PASSES = 40  # over all items: nested pieces that only hostile sequences have are left unaligned beyond that


def aligned(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[Pair]:
    """Pairs of equal items, ascending in both. What hostile sequences have in common may not all be found."""
    pairs: list[Pair] = []
    work, exact = _PASSES * (len(first) + len(second)), _EXACT_IN_ALL
    pieces = [(0, len(first), 0, len(second))]
    while pieces:
        one, one_end, two, two_end = pieces.pop()
        while one < one_end and two < two_end and first[one] == second[two]:
            pairs.append((one, two))
            one, two = one + 1, two + 1
        while one < one_end and two < two_end and first[one_end - 1] == second[two_end - 1]:
            one_end, two_end = one_end - 1, two_end - 1
            pairs.append((one_end, two_end))
        work -= one_end - one + two_end - two
        product = (one_end - one) * (two_end - two)
        if not product or work < 0:
            continue
        anchors = _unique_in_both(first[one:one_end], second[two:two_end])
        if anchors:
            pieces.extend(_between([(one + i, two + j) for i, j in anchors], one, one_end, two, two_end))
        elif product <= min(_EXACT, exact):
            exact -= product
            pairs.extend((one + i, two + j) for i, j in _exactly(first[one:one_end], second[two:two_end]))
    return sorted(pairs)


def _between(anchors: list[Pair], one: int, one_end: int, two: int, two_end: int) -> Iterator[tuple[int, int, int, int]]:
    """The pieces that begin with an anchor, and the one before the first."""
    starts = [(one, two), *anchors]
    ends = [*anchors, (one_end, two_end)]
    for (i, j), (i_end, j_end) in zip(starts, ends, strict=True):
        yield i, i_end, j, j_end


def _unique_in_both(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[Pair]:
    """The longest run of pairs, ascending in both, of items that either sequence has once."""
    in_first, in_second = Counter(first), Counter(second)
    at = {item: j for j, item in enumerate(second) if in_second[item] == 1 and in_first[item] == 1}
    return ascending([(i, at[item]) for i, item in enumerate(first) if item in at])


def ascending(pairs: list[Pair]) -> list[Pair]:
    """The longest subsequence that ascends in the second index too, of pairs that ascend in the first (patience sorting)."""
    tops: list[int] = []  # second index of the last pair of the best run of each length
    last: list[int] = []  # number of that pair
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            last.append(number)
        else:
            tops[pile], last[pile] = j, number
    run: list[Pair] = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _exactly(first: Sequence[Hashable], second: Sequence[Hashable]) -> Iterator[Pair]:
    for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
        yield from ((block.a + n, block.b + n) for n in range(block.size))


def moved(first: Sequence[Hashable], second: Sequence[Hashable], pairs: Sequence[Pair]) -> list[Pair]:
    """Of what is left over, pairs of equal items: they are in both sequences, in another order."""
    paired_first, paired_second = {i for i, _ in pairs}, {j for _, j in pairs}
    waiting: dict[Hashable, list[int]] = {}
    for i in range(len(first) - 1, -1, -1):
        if i not in paired_first:
            waiting.setdefault(first[i], []).append(i)
    found = []
    for j, item in enumerate(second):
        if j not in paired_second and waiting.get(item):
            found.append((waiting[item].pop(), j))
    return found
