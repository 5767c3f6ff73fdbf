"""How much of each piece another extractor's text has."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.clean.article.layout import letters

_QUARTERED = 40
"""Letters from which on a piece may be there in part: trafilatura cuts inside paragraphs too."""


def vote_of(text: str, pieces: Sequence[str]) -> list[float]:
    """For each of the pieces, given as `letters`, the share of its quarters that stand in ``text``."""
    page = letters(text)
    return [_share(piece, page) for piece in pieces]


def _share(piece: str, page: str) -> float:
    if not piece:
        return 0.0
    if piece in page:
        return 1.0
    size = len(piece) // 4
    if len(piece) < _QUARTERED:
        return 0.0
    return sum(piece[n * size : (n + 1) * size] in page for n in range(4)) / 4
