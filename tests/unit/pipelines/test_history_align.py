"""Alignment of lines and words: pairs that ascend, nothing invented, and no sequence that makes it hang."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.history.align import aligned, ascending, moved
from pipelines.history.words import likeness, word_runs, words_of

ITEMS = st.lists(st.integers(0, 8), max_size=40)


@given(ITEMS, ITEMS)
def test_pairs_are_equal_and_ascend(first: list[int], second: list[int]) -> None:
    pairs = aligned(first, second)
    assert all(first[i] == second[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))
    others = moved(first, second, pairs)
    assert all(first[i] == second[j] for i, j in others)
    used = [*pairs, *others]
    assert len({i for i, _ in used}) == len({j for _, j in used}) == len(used)
    assert len(used) == sum(min(first.count(x), second.count(x)) for x in set(first))


@given(ITEMS)
def test_equal_sequences_are_aligned_whole(items: list[int]) -> None:
    assert aligned(items, items) == [(n, n) for n in range(len(items))]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=20))
def test_the_longest_ascending_run(pairs: list[tuple[int, int]]) -> None:
    pairs = sorted(dict(pairs).items())
    run = ascending(pairs)
    assert all(a[1] < b[1] for a, b in pairwise(run))
    best = [1] * len(pairs)
    for n, (_, j) in enumerate(pairs):
        best[n] = 1 + max((best[m] for m in range(n) if pairs[m][1] < j), default=0)
    assert len(run) == max(best, default=0)


def test_an_insertion_among_repeated_items() -> None:
    assert aligned("abababab", "abaXbabab") == [(0, 0), (1, 1), (2, 2), *((n, n + 1) for n in range(3, 8))]


def nested(depth: int) -> tuple[list[int], list[int]]:
    """Each unique item is one only between two others: as many passes as there are items, if nothing stops it."""
    first, second = [0], [0]
    for n in range(1, depth):
        first, second = [n, -n, *first, n], [n, *second, -n, n]
    return first, second


@pytest.mark.parametrize("kind", ["one item", "two items", "random", "reversed", "nested"])
def test_hostile_sequences_end(kind: str) -> None:
    dice = random.Random(7)
    size = 60_000
    first, second = {
        "one item": ([0] * size, [0] * (size // 2)),
        "two items": ([n % 2 for n in range(size)], [dice.randrange(2) for _ in range(size)]),
        "random": ([dice.randrange(300) for _ in range(size)], [dice.randrange(300) for _ in range(size)]),
        "reversed": (list(range(size)), list(range(size))[::-1]),
        "nested": nested(2_000),
    }[kind]
    started = time.process_time()
    aligned(first, second)
    assert time.process_time() - started < 60  # seconds; it takes at most about two


@given(st.text(max_size=60), st.text(max_size=60))
def test_runs_give_back_both_texts(before: str, after: str) -> None:
    runs = word_runs(before, after)
    assert "".join(text for op, text in runs if op != "removed") == after
    squeezed = "".join("".join(text for op, text in word_runs(before, before) if op != "removed").split())
    assert squeezed == "".join(before.split())
    assert all(one[0] != other[0] for one, other in pairwise(runs))


def test_words_that_changed() -> None:
    assert word_runs("The mayor said no.", "The old mayor said yes.") == [
        ("same", "The "),
        ("added", "old "),
        ("same", "mayor said "),
        ("removed", "no"),
        ("added", "yes"),
        ("same", "."),
    ]
    assert word_runs("部长于星期一辞职", "部长于星期二辞职") == [
        ("same", "部长于星期"),
        ("removed", "一"),
        ("added", "二"),
        ("same", "辞职"),
    ]
    assert word_runs("", "new") == [("added", "new")]
    assert word_runs("\u201cno\u201d", '"no"') == [("same", '"no"')]


def test_likeness() -> None:
    assert likeness(words_of("The bridge is closed."), words_of("the bridge is OPEN")) == 0.75
    assert likeness(words_of("a"), words_of("b")) == 0
    assert words_of("w " * 5_000).total() == 2_000
