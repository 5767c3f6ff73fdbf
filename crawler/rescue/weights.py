"""The weights of the evidence: a file of figures, and how they make a probability."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from crawler.rescue.evidence import AGAINST, FOR


@dataclass(frozen=True, slots=True)
class Weights:
    """``features``: signed, in log-odds for a figure of 1; ``calibration``: log-odds and the probability they mean, rising."""

    intercept: float
    features: Mapping[str, float]
    calibration: tuple[tuple[float, float], ...]

    def log_odds(self, figures: Mapping[str, float]) -> float:
        return self.intercept + sum(weight * figures[name] for name, weight in self.features.items())

    def probability(self, odds: float) -> float:
        """Between two points of the calibration on the straight line; beyond the ends, what the ends have."""
        (first, lowest), *_, (last, highest) = self.calibration
        if odds <= first:
            return lowest
        for (x0, y0), (x1, y1) in pairwise(self.calibration):
            if odds <= x1:
                return y0 + (y1 - y0) * (odds - x0) / (x1 - x0)
        return highest if odds > last else lowest


@cache
def load_weights() -> Weights:
    """Those that come with warcite."""
    return read_weights(json.loads((files("crawler.rescue") / "weights.json").read_text(encoding="ascii")))


def read_weights(row: Mapping[str, Any]) -> Weights:
    """The weights of a file: ``{"intercept": b, "for": {...}, "against": {...}, "calibration": [[log-odds, probability], ...]}``.

    Raises `ValueError` where a feature is missing or unknown or a weight is negative, and where the calibration does not rise.
    """
    features = {name: float(row["for"][name]) for name in FOR} | {name: -float(row["against"][name]) for name in AGAINST}
    if set(row["for"]) | set(row["against"]) != set(features) or any(features[n] < 0 for n in FOR) or any(features[n] > 0 for n in AGAINST):
        raise ValueError("weights of other features, or with a wrong sign")
    calibration = tuple((float(x), float(y)) for x, y in row["calibration"])
    if len(calibration) < 2 or any(x1 <= x0 or y1 < y0 for (x0, y0), (x1, y1) in pairwise(calibration)):
        raise ValueError("the calibration does not rise")
    if not all(math.isfinite(x) and 0 <= y <= 1 for x, y in calibration):
        raise ValueError("the calibration is not of probabilities")
    return Weights(float(row["intercept"]), features, calibration)
