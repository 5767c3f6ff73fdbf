"""Train the block model: ``python -m bench.block_model.train PAGES [--write]``.

PAGES is a folder of annotated pages (``pages.jsonl`` and gzipped HTML). Needs lightgbm and numpy, which warcite does not. Without
``--write`` it only says how good the model is on hosts it has not seen (five folds). The same pages give the same weights.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from bench.block_model.dataset import UNKNOWN, Annotated, folds, read_pages
from bench.block_model.score import table
from pipelines.clean.article.features import FEATURES, LIGHT_FEATURES

WEIGHTS = Path(__file__).parents[2] / "pipelines" / "clean" / "article" / "weights"
FOLDS = 5
THRESHOLD = 0.55
"""Best mean F1 and most clean and complete pages of the folds, for both models and their mean."""
_HEADING = FEATURES.index("heading")
_IS_TITLE = FEATURES.index("is_title")
_SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 12,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 63,
    "verbose": -1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
}


def weigh(page: Annotated) -> np.ndarray[Any, Any]:
    """Each page counts alike and each piece by its words, since words are what is scored; pages that are no articles count less."""
    if page.gold is None:
        return np.where(page.labels == UNKNOWN, 0, np.minimum(page.words, 60) / 4)
    gold = max(50.0, float(page.words[page.labels > 0.5].sum()))
    share = (np.minimum(page.words, gold) / gold) ** 0.7
    weights = share / share.sum() * 100 + 6 / (len(page.words) + 1) ** 0.5
    return np.asarray(weights * (1 if page.kind == "article" else 0.4))


def train(pages: Sequence[Annotated], columns: list[int], trees: int) -> lightgbm.Booster:
    kept = [page for page in pages if len(page.rows)]
    rows = np.vstack([page.rows[~page.hopeless][:, columns] for page in kept])
    labels = np.concatenate([(page.labels > 0.5)[~page.hopeless] for page in kept])
    weights = np.concatenate([weigh(page)[~page.hopeless] for page in kept])
    return lightgbm.train(_SETTINGS, lightgbm.Dataset(rows, labels, weight=weights, params=_SETTINGS), trees)


def predict(model: lightgbm.Booster, page: Annotated, columns: list[int]) -> np.ndarray[Any, Any]:
    if not len(page.rows):
        return np.zeros(0)
    found = np.asarray(model.predict(page.rows[:, columns]))
    found[page.hopeless] = 0
    heading = (page.rows[:, _HEADING] > 0) & (page.rows[:, _HEADING] < 3) & (page.rows[:, _IS_TITLE] > 0)
    found[heading] = 0
    return found


def validate(pages: Sequence[Annotated], columns: list[int], trees: int) -> list[np.ndarray[Any, Any]]:
    """Predictions for every page by a model that has not seen its host."""
    found: list[np.ndarray[Any, Any]] = [np.zeros(0)] * len(pages)
    for seen, unseen in folds(pages, FOLDS):
        model = train([pages[n] for n in seen], columns, trees)
        for n in unseen:
            found[n] = predict(model, pages[n], columns)
    return found


def say(name: str, pages: Sequence[Annotated], found: Sequence[np.ndarray[Any, Any]], threshold: float) -> None:
    articles = [(page, odds) for page, odds in zip(pages, found, strict=True) if page.gold and page.kind == "article"]
    texts = ["\n".join(t for t, p in zip(page.texts, odds, strict=True) if p > threshold) for page, odds in articles]
    print(table(f"{name} > {threshold}", texts, [page for page, _ in articles]), flush=True)


def exported(model: lightgbm.Booster, columns: list[int], threshold: float) -> dict[str, Any]:
    """The weights of `pipelines.clean.article.forest`; features that no tree asks for are left out."""
    trees = [tree["tree_structure"] for tree in model.dump_model()["tree_info"]]
    used = sorted({number for tree in trees for number in _asked(tree)})
    place = {number: n for n, number in enumerate(used)}
    return {"features": [FEATURES[columns[n]] for n in used], "threshold": threshold, "trees": [_node(tree, place) for tree in trees]}


def _asked(node: dict[str, Any]) -> set[int]:
    if "leaf_value" in node and "split_feature" not in node:
        return set()
    return {node["split_feature"]} | _asked(node["left_child"]) | _asked(node["right_child"])


def _node(node: dict[str, Any], place: dict[int, int]) -> Any:
    if "split_feature" not in node:
        return round(node["leaf_value"], 4)
    return [place[node["split_feature"]], round(node["threshold"], 5), _node(node["left_child"], place), _node(node["right_child"], place)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--write", action="store_true", help="train on all pages and replace the weights")
    parser.add_argument("--trees", type=int, default=170)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cache", type=Path, help="keep the rows there, and take them from there")
    given = parser.parse_args()
    pages = _pages(given)
    light = list(range(len(LIGHT_FEATURES)))
    full = list(range(len(FEATURES)))
    judged: list[list[np.ndarray[Any, Any]]] = []
    for name, columns in (("light", light), ("full", full)):
        found = validate(pages, columns, given.trees)
        judged.append(found)
        for threshold in (0.45, THRESHOLD, 0.65):
            say(name, pages, found, threshold)
        if given.write:
            model = train(pages, columns, given.trees)
            weights = json.dumps(exported(model, columns, THRESHOLD), separators=(",", ":")).replace("],[", "],\n[")
            WEIGHTS.mkdir(exist_ok=True)
            (WEIGHTS / f"{name}.json").write_text(weights + "\n", encoding="ascii")
    say("mean of both", pages, [(one + other) / 2 for one, other in zip(*judged, strict=True)], THRESHOLD)


def _pages(given: argparse.Namespace) -> list[Annotated]:
    if given.cache and given.cache.exists():
        pages: list[Annotated] = pickle.loads(given.cache.read_bytes())  # our own
        return pages
    pages = read_pages(given.pages, given.jobs)
    if given.cache:
        given.cache.write_bytes(pickle.dumps(pages))
    return pages


if __name__ == "__main__":
    main()
