"""What a class or id says about the part an element plays in a comment thread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from pipelines.clean.comments import vocabulary as v

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
_MAX_TOKENS, _MAX_TOKEN = 24, 80
_HASHED = re.compile(r"_{1,2}(?=\w*\d|[a-zA-Z]+[A-Z])[\w-]{5,7}$")
_ALWAYS_LISTS = v.words(
    "list lists thread threads area section template tree stream feed region replies children holder liste lista listing overview lijst"
)
_ALWAYS_ITEMS = v.words("item entry single card node row")


class Part(IntEnum):
    """Parts of a thread, the one that decides for an element with several names first."""

    NONE = 0
    COUNT = 1  # how many there are, and links to them
    FORM = 2  # to write one, and what stands around that
    META = 3
    AUTHOR = 4
    DATE = 5
    CHROME = 6  # reply, report, share, votes
    LIST = 7
    ITEM = 8
    BODY = 9


@dataclass(frozen=True, slots=True)
class Name:
    """What one name says. ``weak`` names mean other things as often; ``other`` ones are about the comments of other pages."""

    part: Part
    stem: str
    weak: bool = False
    other: bool = False
    numbered: bool = False
    vendor: bool = False


def tokens_of(value: str) -> list[str]:
    """The names in a class or id attribute, in lower case, parted at camel humps, without what a build tool appended."""
    tokens = (token for token in value[:2000].split()[:_MAX_TOKENS] if len(token) <= _MAX_TOKEN and "(" not in token and "[" not in token)
    return [_CAMEL.sub("-", _HASHED.sub("", token) if "_" in token else token).lower() for token in tokens]


def read_name(name: str) -> Name | None:
    """What a name says anywhere on a page, or None when it is no name of comment matter."""
    if v.VENDOR.fullmatch(name):
        return Name(Part.LIST, name, vendor=True)
    if name == "respond":  # WordPress: the form's frame
        return Name(Part.FORM, name)
    found, weak = _stem(name)
    if found is None:
        return None
    before, after = _WORD.findall(name[: found.start()]), _WORD.findall(name[found.end() :])
    numbered = v.NUMBERED.search(name) is not None
    if not v.STATE_BEFORE.isdisjoint(before) or not v.STATE_AFTER.isdisjoint(after):
        return None
    stem = re.sub(r"\d+", "", name)
    if after[:1] == ["ed"] or not v.OF_OTHERS.isdisjoint(before):
        return Name(Part.LIST, stem, weak, other=True) if not v.OF_OTHERS.isdisjoint(before) else None
    plural = v.PLURAL.fullmatch(found.group()) is not None or (weak and found.group() not in ("reply", "response"))
    return Name(_part(before, after, plural, numbered), stem, weak, numbered=numbered)


def _stem(token: str) -> tuple[re.Match[str] | None, bool]:
    """Where a name speaks of comments: the last place (comments-list__comment-text), and whether by a word of other meanings too."""
    found = max(v.STEM.finditer(token), key=lambda match: match.start(), default=None)
    if found is not None:
        return found, False
    weak = v.WEAK.search(token)
    if weak is None or token[: weak.start()][-1:].isalpha() or token[weak.end() :][:1].isalpha():
        return None, True
    return weak, True


def _part(before: list[str], after: list[str], plural: bool, numbered: bool) -> Part:
    if after and after[-1] in _ALWAYS_ITEMS and v.FORM.isdisjoint(after):
        return Part.ITEM
    around = _around(before, after, plural)
    return _matter(after, plural, numbered) if around is None else around


def _around(before: list[str], after: list[str], plural: bool) -> Part | None:
    """What stands around comments rather than being one."""
    if after[:1] in (["er"], ["ers"]):
        return Part.AUTHOR  # commenter
    if not v.FORM.isdisjoint(after) or not v.WRITE.isdisjoint(before):
        return Part.FORM
    if not plural and after and (after[0] in v.AUTHOR or after[0] in v.DATE):
        return Part.AUTHOR if after[0] in v.AUTHOR else Part.DATE
    if v.COUNT.isdisjoint(after) and v.COUNTED.isdisjoint(before):
        return None
    return Part.NONE if not plural and after and after[-1] in v.TITLES else Part.COUNT


def _matter(after: list[str], plural: bool, numbered: bool) -> Part:
    if not (plural and after and after[-1] in v.LIST):
        inner = inner_part(after)
        if inner is not Part.NONE and not (inner is Part.BODY and (plural or numbered)):
            return inner
    return Part.LIST if plural or not _ALWAYS_LISTS.isdisjoint(after) else Part.ITEM


def inner_part(words: list[str]) -> Part:
    """The part that plain words name inside a thread; the last word decides between text and what stands around it."""
    if not words:
        return Part.NONE
    if words[-1] in v.BODY and v.AROUND.isdisjoint(words):
        return Part.BODY
    for part, named in _PLAIN:
        if not named.isdisjoint(words):
            return part
    return Part.NONE


_PLAIN = ((Part.CHROME, v.CHROME), (Part.DATE, v.DATE), (Part.AUTHOR, v.AUTHOR), (Part.META, v.META))
