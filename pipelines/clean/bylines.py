"""The author line that readers see above or below an article."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.characters import one_line

_MARKED = etree.XPath("//*[@itemprop='author' or @rel='author' or contains(@class,'byline') or contains(@class,'uthor')]")
_CLASS = re.compile(r"(?:^|[\s_-])(?:byline|author(?:[_-]?(?:name|link))?|authorName)(?:$|[\s_-](?!image|avatar|bio|box|photo|desc))")
_ELSEWHERE = re.compile(r"comment|respond|reply|sidebar|related|widget|footer|teaser|promo|popular|recommend", re.IGNORECASE)
_REST = re.compile(
    r"\s*[|\u2022\u00b7]\s*.*|[\s,(]*(?:\b(?:am|on|le|el|il|den|den|op|um|vom|fr|mo|di|mi|do|sa|so|mon|tue|wed|thu|fri|sat|sun)\.?,?\s+)?\d.*"
    r"|\s+@\w+.*|\s+(?:more posts|says|sagt|posted|published|updated|view all|follow|profile)\b.*|^post author\b",
    re.IGNORECASE,
)
_MAX_MARKED, _MAX_ANCESTORS = 40, 12


def shown_bylines(tree: HtmlElement) -> list[str]:
    """The first author line of the page as written, and those that stand in the same element beside it; not those of comments."""
    lines: list[str] = []
    beside: HtmlElement | None = None
    for element in _MARKED(tree)[:_MAX_MARKED]:
        if not _names_author(element) or _stands_elsewhere(element):
            continue
        line = one_line(" ".join(element.itertext()) or element.get("content") or "", 300)
        parent = element.getparent()
        if not line or len(line) > 200 or (lines and parent is not beside):
            continue
        lines.append(line)
        beside = parent
    return lines


def names_part(line: str) -> str:
    """A shown line less what follows the names: dates, times, accounts, links to profiles."""
    return _REST.sub("", line).strip(" ,-\u2013\u2014")


def _names_author(element: HtmlElement) -> bool:
    if element.tag in ("label", "input", "form", "body", "article", "main"):
        return False
    return bool(element.get("itemprop") or element.get("rel") or _CLASS.search(element.get("class") or ""))


def _stands_elsewhere(element: HtmlElement) -> bool:
    """Whether it belongs to a comment, a form, a side rail or the footer."""
    current: HtmlElement | None = element
    for _ in range(_MAX_ANCESTORS):
        if current is None or current.tag in ("body", "article", "main", "html"):
            return False
        if current.tag in ("aside", "footer", "form", "nav") or _ELSEWHERE.search(f"{current.get('class')} {current.get('id')}"):
            return True
        current = current.getparent()
    return False
