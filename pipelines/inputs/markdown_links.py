"""Inline links ``[label](target)`` as the digest generators write them.

Not CommonMark: their targets are pasted in unescaped, so a target may hold unbalanced parentheses, on which a CommonMark parser
stops. A target here ends at the last ``)`` before the next blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RUN = re.compile(r"\S*")
_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*')\s*$""")


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    target: str
    start: int
    end: int  # just after the link; for an unclosed one, the end of the text
    closed: bool = True


def read_links(text: str) -> Iterator[Link]:
    """The links of one line, left to right, in time linear in its length."""
    position = 0
    while (middle := text.find("](", position)) >= 0:
        opening = text.find("[", position, middle)
        start = position if opening < 0 else opening
        label = text[start if opening < 0 else start + 1 : middle]
        blank = _run_end(text, middle + 2)
        end = _closing(text, middle + 2, blank)
        if end < 0:
            yield Link(label, text[middle + 2 : blank], start, blank, closed=False)
            position = blank
        else:
            yield Link(label, _bare(text[middle + 2 : end]), start, end + 1)
            position = end + 1


def _run_end(text: str, begin: int) -> int:
    run = _RUN.match(text, begin)
    return run.end() if run else begin


def _closing(text: str, begin: int, blank: int) -> int:
    """The position of the ``)`` that closes the target, -1 when none does; ``blank`` is where its first blank stands."""
    following = text.find(")[", begin, blank)
    if following >= 0 and text.find("](", following, blank + 1) >= 0:
        return following
    last = text.rfind(")", begin, blank)
    if last >= 0:
        return last
    # A target with blanks in it, or one with a title after it; but not the end of the next link.
    last, next_link = text.find(")", blank), text.find("](", blank)
    return last if next_link < 0 or last < next_link else -1


def _bare(target: str) -> str:
    return _TITLE.sub("", target).strip().removeprefix("<").removesuffix(">")
