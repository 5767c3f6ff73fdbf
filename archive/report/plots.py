"""Plots as inline SVG without words in them: captions, axes and values are HTML beside them, so that they can be read at any width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from archive.model import OutcomeWord
from archive.report.markup import Html, tag
from archive.report.numbers import number, percent

_HEIGHT = 100.0


def stacked_bar(counts: Mapping[str, int], whole: int, label: str, class_: str = "bar") -> Html:
    """A bar from left to right, of all ``whole``; the pieces in the order of the counts."""
    pieces, x = [], 0.0
    for word, count in counts.items():
        if count and whole:
            width = 1000 * count / whole
            pieces.append(tag("rect", x=f"{x:.2f}", y=0, width=f"{width:.2f}", height=10, class_=f"o-{word}"))
            x += width
    return _svg("0 0 1000 10", label, pieces, class_)


def bar(value: int, most: int, label: str, *, kind: str = "plain") -> Html:
    width = 1000 * value / most if most else 0.0
    return _svg("0 0 1000 10", label, [tag("rect", x=0, y=0, width=f"{width:.2f}", height=10, class_=f"o-{kind}")], "bar")


def columns(rows: Sequence[Mapping[str, int]], label: str) -> Html:
    """Stacked columns side by side, the highest as high as the plot."""
    most = max((sum(row.values()) for row in rows), default=0)
    pieces = []
    for number_, row in enumerate(rows):
        top = _HEIGHT
        for word, count in row.items():
            if count:
                height = _HEIGHT * count / most
                top -= height
                pieces.append(
                    tag("rect", x=f"{10 * number_ + 0.5:.1f}", y=f"{top:.2f}", width=9, height=f"{height:.2f}", class_=f"o-{word}")
                )
    return _svg(f"0 0 {10 * max(len(rows), 1)} {_HEIGHT:.0f}", label, pieces, "columns")


def _svg(box: str, label: str, pieces: Iterable[Html], class_: str) -> Html:
    return tag("svg", tag("title", label), pieces, viewBox=box, preserveAspectRatio="none", role="img", aria_label=label, class_=class_)


def legend(counts: Mapping[str, int], whole: int) -> Html:
    """Words, counts and shares: the colour is never the only sign."""
    items = (
        tag("li", tag("span", "", class_=f"key k-{word}"), tag("b", word), f" {number(count)} · {percent(count, whole)}")
        for word, count in counts.items()
        if count
    )
    return tag("ul", items, class_="legend")


def told(counts: Mapping[str, int]) -> str:
    """Counts as a sentence, for who cannot see the plot."""
    return ", ".join(f"{word} {number(count)}" for word, count in counts.items() if count) or "none"


WORDS = tuple(word.value for word in OutcomeWord)
