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

_FIRST = 40  # trees after which a clear case is left at what it is
_CLEAR = 3.2  # log-odds: 96 %


@dataclass(frozen=True, slots=True)
class Forest:
    """``features`` names what the rows must hold, in order."""

    features: tuple[str, ...]
    trees: tuple[Node, ...]
    threshold: float

    def probability(self, row: Sequence[float]) -> float:
        """That a piece with these features is of the article."""
        odds = _sum(self.trees[:_FIRST], row)
        if -_CLEAR < odds < _CLEAR:
            odds += _sum(self.trees[_FIRST:], row)
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
    return Forest(tuple(weights["features"]), tuple(_node(tree) for tree in weights["trees"]), float(weights["threshold"]))


def _node(tree: Any) -> Node:
    if isinstance(tree, list):
        return int(tree[0]), float(tree[1]), _node(tree[2]), _node(tree[3])
    return float(tree)
