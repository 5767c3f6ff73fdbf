"""Where the article is: what holds its headline or its body is no comment matter, whatever it is called."""

from __future__ import annotations

from lxml.html import HtmlElement

from pipelines.clean.comments.measures import PROSE, PROSE_TAGS
from pipelines.clean.comments.notices import is_notice
from pipelines.clean.comments.survey import Survey

_FIRST_HEADINGS, _SECOND_HEADINGS = 3, 5
_BEFORE, _LINE = 250, 400


def guarded_elements(tree: HtmlElement, found: Survey) -> set[HtmlElement]:
    """Elements that hold the headline or the declared body of the article."""
    guarded: set[HtmlElement] = set()
    for core in _cores(tree, found):
        element = core
        while element is not None and element not in guarded:
            guarded.add(element)
            element = element.getparent()
    return guarded


def _cores(tree: HtmlElement, found: Survey) -> list[HtmlElement]:
    cores = [
        element for value in ("articleBody", "headline") for _, element in found.values.get(value, ()) if element.get("itemprop") == value
    ]
    first = headlines(found)
    if first:
        return cores + first
    title = " ".join((tree.findtext(".//title") or "").split()).lower()
    second = [h for h in found.asides if h.tag == "h2"][:_SECOND_HEADINGS]
    return cores + [h for h in second if len(line := _line(h)) > PROSE and line.lower() in title]


def headlines(found: Survey) -> list[HtmlElement]:
    """The first headings of the first rank that are no label of a thread."""
    first = [h for h in found.asides if h.tag == "h1"][:_FIRST_HEADINGS]
    return [h for h in first if not is_notice(_line(h))]


def _line(heading: HtmlElement) -> str:
    return " ".join("".join(heading.itertext()).split())[:_LINE]


def opens_page(tree: HtmlElement, element: HtmlElement, headline: HtmlElement | None) -> bool:
    """Whether an element stands where the article should: below the headline, with hardly any prose before it."""
    before = 0
    below = False
    for other in tree.iter(*PROSE_TAGS, "h1"):
        if other is element:
            return below
        if below:
            before += sum(size for text in (other.text, other.tail) if text and (size := len(text)) >= PROSE)
            if before > _BEFORE:
                return False
        below = below or other is headline
    return False
