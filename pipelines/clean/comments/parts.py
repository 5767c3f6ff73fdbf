"""What an element is within a thread: here plain names such as "user" or "date" count as well."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipelines.clean.comments import vocabulary as v
from pipelines.clean.comments.names import Name, Part, inner_part, read_name, tokens_of
from pipelines.clean.comments.platforms import MICRODATA, POST_TYPES, Platform, written

_WORD = re.compile(r"[^\W\d_]+")
_PRECISE = frozenset(("fn", "username", "name", "nickname", "nick", "displayname"))
_MICRODATA = {
    "author": Part.AUTHOR,
    "creator": Part.AUTHOR,
    "datecreated": Part.DATE,
    "datepublished": Part.DATE,
    "commenttime": Part.DATE,
    "commenttext": Part.BODY,
    "text": Part.BODY,
    "articlebody": Part.BODY,
    "comment": Part.ITEM,
    "upvotecount": Part.CHROME,
    "image": Part.CHROME,
    "interactionstatistic": Part.CHROME,
}
_TAGS = {"time": Part.DATE, "cite": Part.AUTHOR, "form": Part.FORM, "label": Part.CHROME}


@dataclass(frozen=True, slots=True)
class Role:
    """``declared``: by a name that speaks of comments. ``kind`` tells the elements of one repeated pattern from others."""

    part: Part = Part.NONE
    declared: bool = False
    precise: bool = False
    numbered: bool = False
    kind: str = ""
    level: int | None = None
    indents: bool = False
    own: bool = False  # named so by the platform


@dataclass(slots=True)
class Roles:
    """Roles of elements, remembered by their names since threads repeat them. ``weak`` names count in threads that are named so."""

    weak: bool = False
    platform: Platform | None = None
    items: frozenset[HtmlElement] = frozenset()
    _known: dict[tuple[str, str, str, str], Role] = field(default_factory=dict)
    _names: dict[str, Name | None] = field(default_factory=dict)

    def of(self, element: HtmlElement) -> Role:
        get = element.get
        names = (element.tag, get("class") or "", get("id") or "", get("itemprop") or "")
        if element in self.items:
            return Role(Part.ITEM, True, numbered=True, kind="repeated")
        if self.platform is not None:
            return self._of_platform(self.platform, element, names)
        key = names if not names[2] else (*names[:2], written(names[2]), names[3])
        role = self._known.get(key)
        if role is None:
            role = self._known[key] = self._read(names)
        return role

    def _name(self, token: str) -> Name | None:
        if token not in self._names:
            self._names[token] = read_name(token)
        return self._names[token]

    def _of_platform(self, platform: Platform, element: HtmlElement, names: tuple[str, str, str, str]) -> Role:
        """On a known platform its own names decide what is a post and its text."""
        key = (*names[:2], written(names[2]), names[3])
        role = self._known.get(key)
        if role is None:
            role = self._known[key] = _platform_role(platform, element, names)
        return role

    def _read(self, names: tuple[str, str, str, str]) -> Role:
        tag, classes, ident, prop = names
        part, declared, kind, numbered, precise = Part.NONE, False, "", False, False
        listed = False
        for token in (*tokens_of(classes), *tokens_of(ident)):
            name = self._name(token)
            if name is not None and not name.vendor and (self.weak or not name.weak):
                first = (name.numbered, name.part) > (numbered, part) if declared else True
                if first and name.part is not Part.NONE:
                    part, declared, numbered = name.part, True, name.numbered
                listed = listed or name.part is Part.LIST
                kind = kind or name.stem
                continue
            words = _WORD.findall(token)
            if not declared:
                part = max(part, _plain_part(token, words))
            precise = precise or not _PRECISE.isdisjoint(words)
        if listed and part is Part.ITEM and not numbered:
            part = Part.LIST  # <div id="comments" class="comment-wrapper">
        part, declared, precise = _microdata(prop, part, declared, precise)
        if part is Part.NONE:
            part = _TAGS.get(tag, Part.NONE)
        indents = not v.INDENTED.isdisjoint(classes.lower().split())
        level = v.LEVEL.search(classes.lower()[:300])
        return Role(part, declared, precise, numbered, f"{tag} {kind}", int(level[1]) if level else None, indents)


def _platform_role(platform: Platform, element: HtmlElement, names: tuple[str, str, str, str]) -> Role:
    tag, classes, ident, prop = names
    tokens = [*classes.split(), ident] if ident else classes.split()
    own = [found for token in (tag, *tokens) if (found := platform.part(token)) is not Part.NONE]
    part = Part.CHROME if Part.CHROME in own else max(own, default=Part.NONE)
    plain = max((inner_part(_WORD.findall(token)) for token in tokens_of(f"{classes} {ident}")), default=Part.NONE)
    if platform is MICRODATA:
        kind = (element.get("itemtype") or "").rpartition("/")[2].lower()
        named = _MICRODATA.get(prop.lower(), Part.NONE)
        part = Part.ITEM if kind in POST_TYPES else Part.NONE if named is Part.ITEM else named
    if part is Part.NONE and plain not in (Part.BODY, Part.ITEM):
        part = plain if plain is not Part.NONE else _TAGS.get(tag, Part.NONE)
    precise = Part.AUTHOR in own or not _PRECISE.isdisjoint(classes.lower().split())
    indents = not v.INDENTED.isdisjoint(classes.lower().split())
    declared = part in (Part.ITEM, Part.BODY) or (part is Part.DATE and part in own)
    return Role(part, declared, precise, part is Part.ITEM, f"{tag} post", None, indents, part in own)


def _plain_part(token: str, words: list[str]) -> Part:
    if token in v.HIDDEN:
        return Part.CHROME
    return Part.ITEM if token in v.INNER_ITEM else inner_part(words)


def _microdata(prop: str, part: Part, declared: bool, precise: bool) -> tuple[Part, bool, bool]:
    named = _MICRODATA.get(prop.lower().split(" ")[0]) if prop else None
    if named is None or (declared and part >= Part.LIST):
        return part, declared, precise
    return named, declared or named in (Part.BODY, Part.ITEM), precise or named is Part.AUTHOR
