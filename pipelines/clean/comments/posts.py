"""Forum threads and questions with answers: there the posts are the page's text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from pipelines.clean.comments import vocabulary as v
from pipelines.clean.comments.drafts import Draft
from pipelines.clean.comments.measures import prose_of
from pipelines.clean.comments.names import Part
from pipelines.clean.comments.parts import Role, Roles
from pipelines.clean.comments.platforms import BY_NAME, MICRODATA, POST_TYPES, Platform, platform_of
from pipelines.clean.comments.reader import Reader
from pipelines.clean.comments.survey import Survey

_FORUM_TYPES = frozenset(
    f"{scheme}://{host}/{kind}"
    for scheme in ("http", "https")
    for host in ("schema.org", "www.schema.org")
    for kind in ("DiscussionForumPosting", "QAPage")
)
_HINT_IN_ADDRESS = re.compile(
    r"^https?://(?:www\.)?(?:forums?|boards?|community|discuss)\.|/(?:forums?|viewtopic|showthread|threads?|topics?|discussions?|boards?|questions?)(?:[/._?-]|$)"
    r"|[?&](?:topic|thread|t)=\d",
    re.IGNORECASE,
)
_SURE_NAMES = re.compile(
    r"node-type-forum|single-(?:forum|topic)|(?:forum|topic)-template|viewtopic|template-thread|page-forum|showthread", re.IGNORECASE
)
_HINT_IN_NAME = re.compile(r"forum|topic|thread|discussion|question", re.IGNORECASE)
_SURE_SHARE, _HINTED_SHARE = 0.3, 0.5
_NAMED_SHARE = 0.3
_INDENT = 40
"""Pixels that Hacker News once drew a level with."""


def forum_posts(tree: HtmlElement, found: Survey) -> tuple[list[Draft], Roles] | None:
    """The posts of a page that is a thread of a known platform or declared as one, and the roles they were read by; else None."""
    platform = platform_of(found.tokens)
    if platform is not None and (posts := _read(tree, found, platform)):
        return posts
    if not _FORUM_TYPES.isdisjoint(found.tokens):
        return _read(tree, found, MICRODATA)
    if any(part is Part.ITEM and name in found.tokens for name, part in BY_NAME.parts.items()):
        posts = _read(tree, found, BY_NAME)
        if posts is not None and len(posts[0]) > 1 and _size(posts[0]) > _NAMED_SHARE * prose_of(tree):
            return posts
    return None


def _read(tree: HtmlElement, found: Survey, platform: Platform) -> tuple[list[Draft], Roles] | None:
    roles = Roles(platform=platform)
    drafts = [draft for root in _roots(tree, found, platform) for draft in Reader(root, roles).read() if draft.spoken]
    for draft in drafts:
        draft.level = draft.level if draft.level is not None else _indent(draft.element)
    return (drafts, roles) if drafts else None


def _size(drafts: list[Draft]) -> int:
    return sum(len(piece) for draft in drafts for piece in draft.body)


def forum_share(tree: HtmlElement, url: str) -> float:
    """Which share of a page's text comments must have for it to be a forum thread; above 1 where nothing speaks of a forum."""
    body = tree.find("body")
    elements = (tree, body) if body is not None else (tree,)
    names = " ".join((element.get(attribute) or "")[:500] for element in elements for attribute in ("id", "class"))
    if _SURE_NAMES.search(names):
        return _SURE_SHARE
    return _HINTED_SHARE if _HINT_IN_ADDRESS.search(url) or _HINT_IN_NAME.search(names) else 2.0


def _roots(tree: HtmlElement, found: Survey, platform: Platform) -> list[HtmlElement]:
    """The outermost posts; the whole page for platforms that put no element around a post."""
    if platform is not MICRODATA and Part.ITEM not in platform.parts.values():
        bodies = [
            e
            for e in tree.iter("div", "span", "td", "p")
            if any(platform.part(token) is Part.BODY for token in (e.get("class") or "").split())
        ]
        return [_common(bodies[0], bodies[-1])] if bodies else []
    roots: list[HtmlElement] = []
    inside: set[HtmlElement] = set()
    for element in _places(found, platform, Part.ITEM):
        if element not in inside:
            roots.append(element)
            inside.update(element.iter())
    return roots


def _places(found: Survey, platform: Platform, part: Part) -> list[HtmlElement]:
    """The elements that the platform's names call this part, in document order."""
    places: list[tuple[int, HtmlElement]] = []
    for value, elements in found.values.items():
        if platform is MICRODATA:
            named = part is Part.ITEM and value.rpartition("/")[2].lower() in POST_TYPES
        else:
            named = any(platform.part(token) is part for token in value.split())
        if named:
            places += elements
    return [element for _, element in sorted(places, key=lambda place: place[0])]


def _common(first: HtmlElement, last: HtmlElement) -> HtmlElement:
    """The innermost element around both, and around their parents."""
    outer = set(last.iterancestors())
    parent = first.getparent()
    around = next((a for a in first.iterancestors() if a in outer and (a is not parent or first is not last)), None)
    return first if around is None else around


def _indent(post: HtmlElement) -> int | None:
    cell = post.find(".//td[@class='ind']")
    if cell is None:
        return None
    value = cell.get("indent")
    if value and value.isdecimal():
        return int(value[:3])
    image = cell.find(".//img")
    width = image.get("width") if image is not None else None
    return int(width[:4]) // _INDENT if width and width.isdecimal() else None


def chrome_of(posts: Iterable[HtmlElement], roles: Roles) -> list[HtmlElement]:
    """The elements in posts that are neither their text nor their author's name: cards, signatures, buttons, dates. In document order."""
    found: list[HtmlElement] = []
    inner: set[HtmlElement] = set()
    for post in posts:
        if post in inner:
            continue
        kept, passed = _kept(post, roles, inner)
        todo = [post] if kept else []
        while todo:
            element = todo.pop()
            if element in passed:
                todo += [child for child in reversed(element) if isinstance(child.tag, str) and child.tag not in v.SKIPPED_TAGS]
            elif element in kept:
                todo += _chrome_in(element, roles)
            elif any(not text.isspace() for text in element.itertext()):
                found.append(element)
    return found


def _chrome_in(element: HtmlElement, roles: Roles) -> list[HtmlElement]:
    """What an author's element holds beside the name: the outermost parts that are named as chrome."""
    if roles.of(element).part is Part.BODY:
        return []
    chrome = [
        inner for inner in element.iter() if isinstance(inner.tag, str) and inner is not element and roles.of(inner).part is Part.CHROME
    ]
    inside = {deeper for outer in chrome for deeper in outer.iter() if deeper is not outer}
    return [inner for inner in chrome if inner not in inside]


def _kept(post: HtmlElement, roles: Roles, inner: set[HtmlElement]) -> tuple[set[HtmlElement], set[HtmlElement]]:
    """Elements to keep whole, and those on the way to them; adds the posts inside to ``inner``."""
    kept: set[HtmlElement] = set()
    passed: set[HtmlElement] = {post}
    for element in post.iter():
        if not isinstance(element.tag, str):
            continue
        role = roles.of(element)
        if role.part is Part.ITEM:
            inner.add(element)
        if element is post or not _is_kept(role):
            continue
        outer = element.getparent()
        while outer is not None and outer not in passed and outer not in kept:
            passed.add(outer)
            outer = outer.getparent()
        if outer is None or outer not in kept:
            kept.add(element)
    return kept, passed


def _is_kept(role: Role) -> bool:
    """A post's text, and who wrote it when: the lines between which a thread is read."""
    return (role.part is Part.BODY and role.declared) or (role.part is Part.AUTHOR and role.precise) or role.part is Part.DATE
