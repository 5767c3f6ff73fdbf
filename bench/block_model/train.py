"""Train the block model: ``python -m bench.block_model.train PAGES [--write]``.

PAGES is a folder of annotated pages (``pages.jsonl`` and gzipped HTML). Needs lightgbm and numpy, which warcite does not. Without
``--write`` it only says how good the model is on hosts it has not seen (five folds): first at thresholds that all pieces share, then with
those of `pipelines.clean.article.choose`. The same pages give the same weights.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import lightgbm
import numpy as np

from bench.block_model.dataset import UNKNOWN, Annotated, folds, read_pages
from bench.block_model.score import table
from pipelines.clean.article.choose import in_doubt, surest
from pipelines.clean.article.features import FEATURES, LIGHT_FEATURES

Odds: TypeAlias = "np.ndarray[Any, Any]"
"""For each piece of a page, how likely it is of the article, 0 to 1."""
Choice: TypeAlias = Callable[[Annotated, Odds], set[int]]
"""Which pieces of a page are taken for the article."""

WEIGHTS = Path(__file__).parents[2] / "pipelines" / "clean" / "article" / "weights"
FOLDS = 5
THRESHOLD = 0.55
"""Best mean F1 and most clean and complete pages of the folds, for both models and their mean."""
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


def predict(model: lightgbm.Booster, page: Annotated, columns: list[int]) -> Odds:
    if not len(page.rows):
        return np.zeros(0)
    found = np.asarray(model.predict(page.rows[:, columns]))
    found[page.hopeless] = 0
    return found


def validate(pages: Sequence[Annotated], columns: list[int], trees: int) -> list[Odds]:
    """Predictions for every page by a model that has not seen its host."""
    found: list[Odds] = [np.zeros(0)] * len(pages)
    for seen, unseen in folds(pages, FOLDS):
        model = train([pages[n] for n in seen], columns, trees)
        for n in unseen:
            found[n] = predict(model, pages[n], columns)
    return found


def above(threshold: float) -> Choice:
    return lambda page, odds: set(np.flatnonzero((odds > threshold) & ~page.repeats).tolist())


def as_extraction_chooses(page: Annotated, odds: Odds) -> set[int]:
    """With the thresholds of dated and undated pages, of named boxes and of the last resort."""
    new = {n: float(odds[n]) for n in np.flatnonzero(~(page.hopeless | page.repeats)).tolist()}
    return surest(new, dict(enumerate(page.rows)), THRESHOLD, dated=page.dated)


def is_in_doubt(page: Annotated, light: Odds) -> bool:
    """Whether extraction asks the second engine about a page."""
    return in_doubt(zip(light.tolist(), page.words.tolist(), strict=True))


def say(name: str, pages: Sequence[Annotated], found: Sequence[Odds], choose: Choice, *, articles: bool = True) -> None:
    judged = [(page, odds) for page, odds in zip(pages, found, strict=True) if page.gold and (page.kind == "article") == articles]
    chosen = [(page.texts, choose(page, odds)) for page, odds in judged]
    texts = ["\n".join(text for n, text in enumerate(texts) if n in numbers) for texts, numbers in chosen]
    print(table(name, texts, [page for page, _ in judged]), flush=True)


def say_as_extracted(pages: Sequence[Annotated], light: Sequence[Odds], full: Sequence[Odds]) -> None:
    """With the thresholds of extraction; ``full in doubt`` takes both forests where the light one is in doubt, as extraction does."""
    both = [(one + other) / 2 for one, other in zip(light, full, strict=True)]
    doubtful = [is_in_doubt(page, odds) for page, odds in zip(pages, light, strict=True)]
    asked = [two if doubt else one for one, two, doubt in zip(light, both, doubtful, strict=True)]
    say(f"mean of both > {THRESHOLD}", pages, both, above(THRESHOLD))
    for articles, kind in ((True, "articles"), (False, "no articles")):
        for name, found in (("light", light), ("mean of both", both), ("full in doubt", asked)):
            say(f"{kind}: {name}", pages, found, as_extraction_chooses, articles=articles)
    of_articles = [doubt for page, doubt in zip(pages, doubtful, strict=True) if page.gold and page.kind == "article"]
    print(f"in doubt: {np.mean(of_articles):.3f} of {len(of_articles)} articles")


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
    judged: list[list[Odds]] = []
    for name, columns in (("light", light), ("full", full)):
        found = validate(pages, columns, given.trees)
        judged.append(found)
        for threshold in (0.45, THRESHOLD, 0.65):
            say(f"{name} > {threshold}", pages, found, above(threshold))
        if given.write:
            model = train(pages, columns, given.trees)
            weights = json.dumps(exported(model, columns, THRESHOLD), separators=(",", ":")).replace("],[", "],\n[")
            WEIGHTS.mkdir(exist_ok=True)
            (WEIGHTS / f"{name}.json").write_text(weights + "\n", encoding="ascii")
    say_as_extracted(pages, *judged)


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
