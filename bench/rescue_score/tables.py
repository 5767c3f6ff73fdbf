"""Figures of scored cases, as Markdown. Right and wrong cases count for half each, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.rescue_score.cases import Case, Kind
from bench.rescue_score.wording import Wording
from crawler.rescue.score import THRESHOLD

_THRESHOLDS = (0.5, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_BINS = 10


def precision_and_recall(cases: Sequence[Case], values: Iterable[float], threshold: float) -> tuple[float, float]:
    """Of the accepted, the share that is right, and of the right, the share that is accepted."""
    accepted = [case.right for case, value in zip(cases, values, strict=True) if value >= threshold]
    right = sum(case.right for case in cases)
    found = sum(accepted) / right
    fooled = (len(accepted) - sum(accepted)) / (len(cases) - right)
    return (found / (found + fooled) if accepted else 1.0), found


def thresholds(cases: Sequence[Case], values: Sequence[float]) -> str:
    rows = []
    for threshold in _THRESHOLDS:
        precision, recall = precision_and_recall(cases, values, threshold)
        rows.append((f"{threshold:.2f}{' (default)' if threshold == THRESHOLD else ''}", f"{precision:.3f}", f"{recall:.3f}"))
    return _table(("threshold", "precision", "recall"), rows)


def by_kind(cases: Sequence[Case], values: Sequence[float]) -> str:
    return _accepted("what was found", list(Kind), [case.kind for case in cases], values)


def by_wording(cases: Sequence[Case], values: Sequence[float]) -> str:
    chosen = [(case.wording, value) for case, value in zip(cases, values, strict=True) if case.right]
    return _accepted(
        "the digest's words (right articles)", list(Wording), [wording for wording, _ in chosen], [value for _, value in chosen]
    )


def _accepted(what: str, names: Sequence[str], given: Sequence[str], values: Sequence[float]) -> str:
    rows = []
    for name in names:
        own = [value for one, value in zip(given, values, strict=True) if one == name]
        rows.append((str(name), f"{len(own):,}", f"{sum(value >= THRESHOLD for value in own) / len(own):.1%}"))
    return _table((what, "cases", f"accepted at {THRESHOLD:.2f}"), rows)


def reliability(cases: Sequence[Case], values: Sequence[float]) -> str:
    """For each tenth of the scale: what the score says on average, and how many of them are right."""
    share = sum(case.right for case in cases) / len(cases)
    bins: list[list[tuple[float, float, bool]]] = [[] for _ in range(_BINS)]
    for case, value in zip(cases, values, strict=True):
        weight = 0.5 / share if case.right else 0.5 / (1 - share)
        bins[min(int(value * _BINS), _BINS - 1)].append((value, weight, case.right))
    rows, error = [], 0.0
    for number, inside in enumerate(bins):
        mass = sum(weight for _, weight, _ in inside)
        if not mass:
            continue
        said = sum(value * weight for value, weight, _ in inside) / mass
        is_right = sum(weight for _, weight, right in inside if right) / mass
        error += abs(said - is_right) * mass / len(cases)
        bar = "█" * round(is_right * 20)
        rows.append((f"{number / _BINS:.1f}-{(number + 1) / _BINS:.1f}", f"{len(inside):,}", f"{said:.3f}", f"{is_right:.3f}", bar))
    return _table(("score", "cases", "said", "right", ""), rows) + f"\n\nExpected calibration error: {error:.4f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
