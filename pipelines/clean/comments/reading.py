"""Comments of a page: what readers wrote, kept apart from what the page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from lxml.html import HtmlElement

from archive.model import Comment
from pipelines.clean.comments.drafts import Draft
from pipelines.clean.comments.forms import comment_forms, writing_forms
from pipelines.clean.comments.guards import guarded_elements
from pipelines.clean.comments.linked import linked_comments
from pipelines.clean.comments.names import Part
from pipelines.clean.comments.notices import find_notices, label_of
from pipelines.clean.comments.parts import Roles
from pipelines.clean.comments.posts import chrome_of, forum_posts, forum_share
from pipelines.clean.comments.rails import links_of, stands_by_title
from pipelines.clean.comments.reader import Reader
from pipelines.clean.comments.repeated import repeated_items
from pipelines.clean.comments.survey import Survey, survey
from pipelines.clean.comments.threads import Judge, Thread

About = Literal["this", "other"]
_FEW, _NAME, _NAME_WORDS = 3, 40, 4
_READ = (Part.LIST, Part.ITEM, Part.BODY, Part.FORM)


@dataclass(frozen=True, slots=True)
class CommentReading:
    """``containers`` are disjoint elements whose whole subtrees are comment matter.

    On a ``forum`` page (a thread, or a question with answers) ``comments`` are its posts, which are its text: ``containers`` then
    holds what stands around them only.
    """

    comments: tuple[Comment, ...] = ()
    containers: tuple[HtmlElement, ...] = ()
    forum: bool = False


def read_comments(tree: HtmlElement | None, url: str) -> CommentReading:
    """The comments on a page and the elements that hold them. ``url`` is the page's own; the tree is left as it was. Never raises."""
    if tree is None:
        return CommentReading()
    found = survey(tree)
    forum = forum_posts(tree, found)
    if forum is not None:
        return _forum(found, *forum)
    judge = Judge(tree, found) if found.marks else None
    threads = judge.threads() if judge is not None else []
    read = _read(threads, url)
    comments = _comments(read)
    if judge is not None and len(comments) > 1 and judge.share_of(threads) > forum_share(tree, url):
        return _forum(found, [draft for draft, about in read if about == "this"], Roles())
    is_forum = False
    if not any(comment.about == "this" for comment in comments):
        linked, is_forum = linked_comments(found)
        comments += linked
    return CommentReading(tuple(comments), _containers(tree, found, threads), is_forum)


def _forum(found: Survey, posts: list[Draft], roles: Roles) -> CommentReading:
    comments = _comments([(post, "this") for post in posts])
    elements = [post.element for post in posts]
    return CommentReading(tuple(comments), _outermost([*chrome_of(elements, roles), *writing_forms(found, elements)]), True)


def _containers(tree: HtmlElement, found: Survey, threads: list[Thread]) -> tuple[HtmlElement, ...]:
    """Threads, and what asks for comments outside of them."""
    guarded = cache(lambda: guarded_elements(tree, found))
    elements = [thread.mark.element for thread in threads]
    labels = [label for thread in threads if thread.items and (label := label_of(thread.mark.element)) is not None]
    return _outermost([*elements, *labels, *find_notices(found, guarded), *comment_forms(found, guarded)])


def _outermost(elements: Iterable[HtmlElement]) -> tuple[HtmlElement, ...]:
    """The elements that stand in no other of them, each once, in the order given."""
    given = dict.fromkeys(elements)
    clear: set[HtmlElement] = set()
    found = []
    for element in given:
        passed = []
        outer = element.getparent()
        while outer is not None and outer not in clear and outer not in given:
            passed.append(outer)
            outer = outer.getparent()
        if outer is None or outer in clear:
            clear.update(passed)
            found.append(element)
    return tuple(found)


def _read(threads: list[Thread], url: str) -> list[tuple[Draft, About]]:
    readable = [thread for thread in threads if thread.mark.name.part in _READ]
    links = [links_of(thread.mark.element, url) for thread in readable]
    elsewhere = {page for _, others in links for page in others}
    gathered = {kind for thread in readable if not (thread.single or thread.other) for kind in thread.kinds}
    drafts: list[tuple[Draft, About]] = []
    for thread, (own, others) in zip(readable, links, strict=True):
        leads_away = len(others) > 2 * own and (thread.other or len(elsewhere) > 1)
        # This page's comments stand together: one of their kind elsewhere is shown there to lead to its story.
        strays = thread.single and not own and (thread.mark.name.stem in gathered or stands_by_title(thread.mark.element))
        about: About = "other" if leads_away or strays or (thread.other and not own) else "this"
        drafts += [(draft, about) for draft in _drafts(thread)]
    return drafts


def _comments(drafts: list[tuple[Draft, About]]) -> list[Comment]:
    levels = [draft.level for draft, about in drafts if about == "this"]
    floor = min((level for level in levels if level is not None), default=0)
    if floor > 1 and None in levels:
        floor = 1  # only answers say how deep they are
    read = [(draft, draft.comment(about, max(0, draft.depth if draft.level is None else draft.level - floor))) for draft, about in drafts]
    found = [(draft, comment) for draft, comment in read if comment is not None and not draft.is_teaser(comment)]
    kinds = Counter(draft.kind for draft, _ in found)
    found = _name_first_lines(found)
    return [comment for draft, comment in found if comment.author or comment.date or draft.numbered or kinds[draft.kind] > 1]


def _name_first_lines(found: list[tuple[Draft, Comment]]) -> list[tuple[Draft, Comment]]:
    """Where all comments without an author begin with a line that could be a name, it is the author's."""
    nameless = [comment for _, comment in found if comment.author is None]
    if len(nameless) < _FEW or not all(_may_be_name(*comment.text.split("\n", 2)[:2]) for comment in nameless):
        return found
    return [(draft, _named(comment) if comment.author is None else comment) for draft, comment in found]


def _may_be_name(line: str, rest: str = "") -> bool:
    return bool(rest) and len(line) <= _NAME and len(line.split()) <= _NAME_WORDS and line[-1] not in ".!?,:;…" and line[0].isalnum()


def _named(comment: Comment) -> Comment:
    author, _, text = comment.text.partition("\n")
    return replace(comment, author=author, text=text)


def _drafts(thread: Thread) -> list[Draft]:
    element = thread.mark.element
    roles = Roles(weak=thread.mark.name.weak)
    if not thread.items and thread.mark.name.part is Part.LIST:
        roles.items = repeated_items(element)
    return Reader(element, roles).read()
