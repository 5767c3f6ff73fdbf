"""Boosted trees whose weights are a file of figures, evaluated in plain Python: deterministic, and no library to install."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

Node: TypeAlias = "tuple[int, float, Any, Any]"
"""Number of the feature, threshold, the node for values up to it, the node for others. A leaf has the number -1 and its log-odds."""
_LEAF = -1

_STOPS = ((25, 1.4), (40, 1.5), (60, 1.4), (80, 1.3), (100, 1.2), (130, 1.0))
"""Trees, and log-odds from which on the others are not asked: a third of all is asked, and the others would change one verdict in 160."""


@dataclass(frozen=True, slots=True)
class Forest:
    """``features`` names what the rows must hold, in order; ``stages`` are runs of trees, each with the log-odds that end it."""

    features: tuple[str, ...]
    stages: tuple[tuple[tuple[Node, ...], float], ...]
    threshold: float

    def probability(self, row: Sequence[float]) -> float:
        """That a piece with these features is of the article."""
        odds = 0.0
        for trees, clear in self.stages:
            odds += _sum(trees, row)
            if odds > clear or odds < -clear:
                break
        return 1 / (1 + math.exp(-odds))


def _sum(trees: Sequence[Node], row: Sequence[float]) -> float:
    odds = 0.0
    for number, value, low, high in trees:
        while number != _LEAF:
            number, value, low, high = low if row[number] <= value else high  # noqa: PLW2901  # the hottest loop of cleaning
        odds += value
    return odds


@cache
def load_forest(name: str) -> Forest:
    """``full`` or ``light``: the weights that come with warcite."""
    text = (files("pipelines.clean.article") / "weights" / f"{name}.json").read_text(encoding="ascii")
    return read_forest(json.loads(text))


def read_forest(weights: dict[str, Any]) -> Forest:
    """The forest of a weights file: ``{"features": [...], "threshold": t, "trees": [[feature, threshold, low, high] | leaf, ...]}``."""
    trees = tuple(_node(tree) for tree in weights["trees"])
    borders = [0, *(stop for stop, _ in _STOPS), len(trees)]
    clear = [*(odds for _, odds in _STOPS), math.inf]
    stages = tuple((trees[a:b], odds) for a, b, odds in zip(borders[:-1], borders[1:], clear, strict=True))
    return Forest(tuple(weights["features"]), stages, float(weights["threshold"]))


def _node(tree: Any) -> Node:
    if isinstance(tree, list):
        return int(tree[0]), float(tree[1]), _node(tree[2]), _node(tree[3])
    return _LEAF, float(tree), None, None
