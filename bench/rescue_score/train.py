"""Make ``crawler/rescue/weights.json`` and say how good it is on hosts it has not seen.

    python -m bench.rescue_score.train PAGES [--write] [--cache FILE]

PAGES is a folder as ``bench/README.md`` says. Needs numpy and scipy, which warcite itself does not.
"""

from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from archive.model import Reason
from bench.rescue_score.cases import FOLDS, Case, make_cases
from bench.rescue_score.model import Array, calibrate, fit
from bench.rescue_score.pages import SavedPage, read_pages
from bench.rescue_score.tables import by_kind, by_wording, reliability, thresholds
from crawler.rescue.evidence import AGAINST, FEATURES, FOR, FoundPage, weigh_evidence

_WEIGHTS = Path(__file__).parents[2] / "crawler/rescue/weights.json"
_REFUSED = -20.0  # log-odds where extraction has told what stands in the page's place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the weights")
    parser.add_argument("--cache", type=Path, help="keep the documents of the pages here")
    options = parser.parse_args()
    cases = make_cases(_documents(options.pages, options.cache))
    figures = [weigh_evidence(case.cited, FoundPage(case.found)).figures for case in cases]
    rows = np.array([[figure[name] for name in FEATURES] for figure in figures])
    seen = np.array([case.found.reason is Reason.OK for case in cases])
    right = np.array([float(case.right) for case in cases])
    weight = np.where(right == 1, 0.5 / right.mean(), 0.5 / (1 - right.mean()))
    odds = held_out_odds(cases, rows, right, weight, seen)
    probabilities = held_out_probabilities(cases, odds, right, weight, seen)
    for table in (thresholds, by_kind, by_wording, reliability):
        print(table(cases, probabilities), end="\n\n")
    intercept, features = fit(rows[seen], right[seen], weight[seen])
    weights = weights_file(intercept, features, calibrate(odds[seen], right[seen], weight[seen]))
    print(json.dumps(weights))
    if options.write:
        _WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="ascii")


def held_out_odds(cases: list[Case], rows: Array, right: Array, weight: Array, seen: Any) -> Array:
    """Log-odds of each case by weights that were fitted without its host."""
    fold = np.array([case.fold for case in cases])
    odds = np.full(len(cases), _REFUSED)
    for number in range(FOLDS):
        known, held_out = (fold != number) & seen, (fold == number) & seen
        intercept, features = fit(rows[known], right[known], weight[known])
        odds[held_out] = intercept + rows[held_out] @ features
    return odds


def held_out_probabilities(cases: list[Case], odds: Array, right: Array, weight: Array, seen: Any) -> Array:
    """Probabilities by calibrations that were made without the case's host."""
    fold = np.array([case.fold for case in cases])
    probabilities = np.zeros(len(cases))
    for number in range(FOLDS):
        known, held_out = (fold != number) & seen, (fold == number) & seen
        points = calibrate(odds[known], right[known], weight[known])
        probabilities[held_out] = np.interp(odds[held_out], [x for x, _ in points], [p for _, p in points])
    return probabilities


def weights_file(intercept: float, features: Array, calibration: list[tuple[float, float]]) -> dict[str, Any]:
    named = dict(zip(FEATURES, (round(abs(value), 3) for value in features.tolist()), strict=True))
    return {
        "intercept": round(intercept, 3),
        "for": {name: named[name] for name in FOR},
        "against": {name: named[name] for name in AGAINST},
        "calibration": calibration,
    }


def _documents(folder: Path, cache: Path | None) -> list[SavedPage]:
    if cache and cache.exists():
        kept: list[SavedPage] = pickle.loads(cache.read_bytes())
        return kept
    pages = read_pages(folder)
    if cache:
        cache.write_bytes(pickle.dumps(pages))
    return pages


if __name__ == "__main__":
    main()
