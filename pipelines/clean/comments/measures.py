"""How much prose an element holds, and what speaks for people having written in it."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.comments.survey import TAGS
from pipelines.clean.comments.vocabulary import words

PROSE_TAGS = (*TAGS, *sorted(words("body main span a b i em strong br font pre small time cite figure figcaption label u")))
PROSE = 25
"""Characters from which a run of text is prose rather than a label."""
_LABEL = 120
DATED = etree.XPath(
    "count((.//time | .//abbr[@title] "
    "| .//*[contains(@class,'date') or contains(@class,'time') or contains(@class,'Date') or contains(@class,'Time')])[position() < 4])"
)
AUTHORED = etree.XPath(
    "count((.//*[contains(@class,'author') or contains(@class,'Author') or contains(@class,'user') or contains(@class,'nick')"
    " or contains(@class,'avatar') or contains(@class,'name')] "
    "| .//cite)[position() < 4])"
)
WRITABLE = etree.XPath("boolean(.//textarea | .//*[@contenteditable])")


def is_teaser(element: HtmlElement) -> bool:
    """Whether an element is short and has a link."""
    return next(element.iter("a"), None) is not None and letters(element) <= _LABEL


def prose_of(element: HtmlElement) -> int:
    """Characters of the runs of text that are long enough to be prose."""
    return sum(size for text in element.itertext(*PROSE_TAGS) if (size := len(text)) >= PROSE and not text.isspace())


def letters(element: HtmlElement) -> int:
    """Characters of all text, white space folded."""
    return len(" ".join("".join(element.itertext(*PROSE_TAGS)).split()))
