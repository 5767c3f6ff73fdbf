"""What the attributes of a comment's elements say of its author, its date and its depth."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_DATES = (
    "datetime",
    "content",
    "data-timestamp",
    "data-time",
    "data-utime",
    "data-date",
    "data-datetime",
    "title",
    "data-original-title",
)
_LEVELS = ("data-depth", "depth", "data-level", "data-nesting-level", "data-comment-depth", "aria-level")
_AUTHORS = ("author", "data-author", "data-username", "data-user-name", "data-nickname", "data-author-name")
_LABELLED = re.compile(
    r"(?:comment|reply|kommentar|commentaire|comentario|reactie)\s+(?:by|from|von|de|par|van)\s+(\S.{0,100})", re.IGNORECASE
)
_PROFILE = re.compile(
    r"/(?:users?|profile?s?|profil|members?|account|people|author|autor|nutzer|benutzer|u|usuario|membre|gebruiker)[/_?=]"
    r"|/@|[?&](?:user|uid|u)="
)


def authors_of(element: HtmlElement) -> list[str]:
    """Names in the attributes of a comment or of its text."""
    names = [value for attribute in _AUTHORS if (value := element.get(attribute))]
    label = _LABELLED.match(element.get("aria-label") or "")
    return [*names, label[1]] if label else names


def dates_of(element: HtmlElement) -> list[str]:
    """What may be a date in the attributes of an element that shows one, the most exact first."""
    return [value for attribute in _DATES if (value := element.get(attribute))]


def level_of(element: HtmlElement) -> int | None:
    """How deep a comment says it is; where counting begins is the site's own."""
    for attribute in _LEVELS:
        value = element.get(attribute)
        if value and value.isdecimal() and len(value) < 4:
            return int(value)
    return None


def leads_to_profile(link: HtmlElement) -> bool:
    """Whether a link leads to the page of a person."""
    return _PROFILE.search((link.get("href") or "")[:500]) is not None
