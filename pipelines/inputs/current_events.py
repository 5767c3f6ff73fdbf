"""Days of Wikipedia's Portal:Current events as HTML.

Three generations of markup: ``div.current-events-main`` with headings in ``p > b``; the same with ``div.current-events-content-heading``;
before that ``table.vevent`` with headings in ``dl > dt``. All have the day in ``.bday`` and the events in lists below ``.description``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.days import day_in_path, read_day
from pipelines.inputs.draft import Draft, Origin, make_event, make_source
from pipelines.inputs.html_page import below, has_class, is_external, text_of
from pipelines.inputs.wording import one_line, publisher

MAX_DEPTH = 50  # lists within lists
_LISTS = frozenset({"ul", "ol"})
_HEADINGS = frozenset({"dt", "h2", "h3", "h4", "h5", "h6"})


def day_boxes(root: Any) -> list[Any]:
    """The boxes of days in a page, outermost ones only."""
    boxes = [element for element in root.iter("div", "table", "section") if has_class(element, "vevent") and _day(element)]
    inner = {id(found) for box in boxes for found in box.iterdescendants()}
    return [box for box in boxes if id(box) not in inner]


def read_days(boxes: list[Any], origin: Origin) -> Iterator[Event | Problem]:
    """The events of each day, in order."""
    for box in boxes:
        yield from _Day(_day(box), origin).read(box)


def _day(box: Any) -> str | None:
    for element in box.iter("span", "time", "abbr"):
        if has_class(element, "bday") and (day := read_day(text_of(element))):
            return day
    return day_in_path(box.get("id") or "")


class _Day:
    def __init__(self, day: str | None, origin: Origin) -> None:
        self._day = day
        self._origin = origin
        self._category = ""

    def read(self, box: Any) -> Iterator[Event | Problem]:
        described = [element for element in box.iter("div", "td", "section") if has_class(element, "description")]
        for content in described[:1] or [box]:
            yield from self._children(content, 0)

    def _children(self, content: Any, depth: int) -> Iterator[Event | Problem]:
        for element in content:
            if has_class(element, "noprint") or has_class(element, "editlink"):
                continue  # the box's own links: edit, history, watch
            if element.tag in _LISTS:
                yield from self._list(element, (), 0)
            elif (heading := _heading(element)) is not None:
                self._category = heading
            elif depth < MAX_DEPTH:
                yield from self._children(element, depth + 1)

    def _list(self, content: Any, topics: tuple[str, ...], depth: int) -> Iterator[Event | Problem]:
        for item in content:
            if item.tag == "li" and depth < MAX_DEPTH:
                yield from self._item(item, topics, depth)

    def _item(self, item: Any, topics: tuple[str, ...], depth: int) -> Iterator[Event | Problem]:
        nested = [child for child in item if child.tag in _LISTS]
        draft = Draft(date=self._day, topics=[self._category, *topics])
        pieces: list[str] = [item.text or ""]
        for child in item:
            if child.tag not in _LISTS:
                pieces.append(_words(child))
                yield from self._sources(child, draft)
            pieces.append(child.tail or "")
        draft.title = one_line("".join(pieces)).strip(" ,;")
        if nested and not draft.sources:
            topics = (*topics, *_topics(item, draft.title))
        elif draft.title or draft.sources:
            draft.title = draft.title or draft.sources[0].label
            yield make_event(draft, self._origin)
        for content in nested:
            yield from self._list(content, topics, depth + 1)

    def _sources(self, element: Any, draft: Draft) -> Iterator[Problem]:
        for link in element.iter("a"):
            if is_external(link):
                try:
                    draft.sources.append(make_source(_target(link), publisher(text_of(link)), link.sourceline or 1))
                except InputError as error:
                    yield Problem(self._origin.name, link.sourceline or 1, str(error))


def _target(link: Any) -> str:
    """The address of a link; ``//host/..`` stands for http, as on the pages of the time."""
    href = str(link.get("href")).strip()
    return f"https:{href}" if href.startswith("//") else href


def _heading(element: Any) -> str | None:
    """The words of a heading of a category, None for what is none."""
    if element.tag in _HEADINGS or has_class(element, "current-events-content-heading"):
        return text_of(element).strip(" :")
    words = text_of(element)
    if element.tag in {"p", "b"} and words:
        bold = words if element.tag == "b" else " ".join(text_of(found) for found in below(element, "b"))
        return words.strip(" :") if bold == words else None
    return None


def _words(element: Any) -> str:
    """The words of an element without the names of sources, which stand in parentheses."""
    if is_external(element) and text_of(element).startswith("("):
        return ""
    return (element.text or "") + "".join(_words(child) + (child.tail or "") for child in element)


def _topics(item: Any, words: str) -> tuple[str, ...]:
    """``A, B`` where both are links are two topics; words with links in them are one."""
    links = [text_of(child) for child in item if child.tag == "a"]
    if links and ", ".join(links) == words:
        return tuple(links)
    return (words.strip(" :"),) if words else ()
