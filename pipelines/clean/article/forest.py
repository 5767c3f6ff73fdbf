"""Boosted trees whose weights are a file of figures, evaluated in plain Python: deterministic, and no library to install."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

Node: TypeAlias = "float | tuple[int, float, Any, Any]"
"""A leaf's log-odds, or: number of the feature, threshold, the node for values up to it, the node for others."""

_STOPS = ((30, 1.5), (60, 1.5), (100, 1.3))
"""Trees, and log-odds from which on the others are not asked: they would change the verdict on one such piece in 2,000."""


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
    for tree in trees:
        node = tree
        while isinstance(node, tuple):
            number, threshold, low, high = node
            node = low if row[number] <= threshold else high
        odds += node
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
    return float(tree)
