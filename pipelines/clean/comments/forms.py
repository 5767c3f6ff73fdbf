"""Forms to write a comment or a post with, told by what they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from itertools import islice

from lxml.html import HtmlElement

from pipelines.clean.comments.survey import Survey

_MAX_AREAS, _LONGEST = 50, 3000
_OF_COMMENTS = re.compile(r"comm?ent|kommentar|reacti|yorum|respon|reply|коммент|pinglun|nachricht_zum_artikel", re.IGNORECASE)
_ASKED = ("action", "id", "class", "name")


def writing_forms(found: Survey, posts: Collection[HtmlElement]) -> list[HtmlElement]:
    """On a forum page: the forms with a text area and without a post in them."""
    holders: set[HtmlElement] = set()
    for post in posts:
        outer = post.getparent()
        while outer is not None and outer not in holders:
            holders.add(outer)
            outer = outer.getparent()
    return [form for form in _forms(found) if form not in holders]


def comment_forms(found: Survey, guarded: Callable[[], set[HtmlElement]]) -> list[HtmlElement]:
    """Forms with a text area that speak of comments in what they are called or send, and are no wrapper of the page."""
    return [form for form in _forms(found) if _asks_for_comment(form) and form not in guarded() and _is_short(form)]


def _forms(found: Survey) -> list[HtmlElement]:
    areas = islice((element for element in found.asides if element.tag == "textarea"), _MAX_AREAS)
    return list(dict.fromkeys(form for area in areas if (form := next(area.iterancestors("form"), None)) is not None))


def _asks_for_comment(form: HtmlElement) -> bool:
    elements = (form, *form.iter("textarea"))
    return any(_OF_COMMENTS.search((element.get(attribute) or "")[:300]) for element in elements for attribute in _ASKED)


def _is_short(form: HtmlElement) -> bool:
    size = 0
    for text in form.itertext("p", "div", "label", "span", "li", "a", "h2", "h3", "h4", "section", "article", "td"):
        size += len(text.strip())
        if size > _LONGEST:
            return False
    return True
