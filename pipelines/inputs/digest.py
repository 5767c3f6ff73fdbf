"""Digest pages in Markdown: one event with its sources, or the index of a day, or a front page of several days.

The template changed over the years and differs between editions, so headings are told apart by what they hold, not by place:

    Formats: [HTML](..)                      left out, but it tells the page's own path
    ### [2016-05-3](/news/2016/05/3/..)      the day of a page            ## [..](/news/2016/05/3/..)     the day of an index
    ##### Topic                              topic of the next title
    #  Title                                 an event page                ### [Title](path)              an event of an index
    Description                              summary                      Description or _Context: a, b_
    ### Source: | Sources: | 信息来源:         1. [Publisher](url) [IMG](url)
    ### Related: | 有关:                      1. [Title](path) _Context: a, b_
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from archive.errors import InputError
from archive.model import Event, Problem, Related
from pipelines.inputs.days import day_in_path, read_day
from pipelines.inputs.draft import Draft, Origin, make_event, make_source
from pipelines.inputs.markdown_links import Link, read_links
from pipelines.inputs.wording import one_line, publisher

MAX_LINE = 100_000  # characters

Section = Literal["before", "summary", "sources", "related", "entry", "other"]

_HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*)|$)")
_SOURCES = re.compile(r"(?:sources?|citations?|信息来源|信息來源|消息来源|消息來源|来源|來源)\s*[::]?", re.IGNORECASE)
_RELATED = re.compile(r"(?:related|有关|有關|相关|相關)\s*[::]?", re.IGNORECASE)
_CONTEXT = re.compile(r"_(?:Context|消息)\s*[::]\s*([^_\n].*?)_?\s*$")
_ITEM = re.compile(r"\s*(?:\d{1,4}[.)]|[-*+])\s+")
_BARE = re.compile(r"<?((?:https?|ftp)://\S+?)>?\s*", re.IGNORECASE)
_PICTURES = frozenset({"cover image", "img"})
_DAY_PAGE = re.compile(r"(?:^|/)(?:index|readme)\.\w+$|/$", re.IGNORECASE)


class DigestReader:
    """Reads one digest, line by line; events and problems come out in the order of the file."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._draft: Draft | None = None
        self._section: Section = "before"
        self._day: str | None = None
        self._folder = ""
        self._topics: list[str] = []
        self._path: str | None = None

    def read(self, text: str) -> Iterator[Event | Problem]:
        for number, line in enumerate(text.split("\n"), 1):
            if not line or line.isspace():
                continue
            if len(line) > MAX_LINE:
                yield self._problem(number, f"line of {len(line)} characters, the limit is {MAX_LINE}: not read")
            elif heading := _HEADING.match(line):
                yield from self._heading(number, len(heading[1]), (heading[2] or "").strip())
            else:
                yield from self._line(number, line)
        yield from self._finish()

    def _problem(self, line: int, problem: str) -> Problem:
        return Problem(self._origin.name, line, problem)

    # --- headings

    def _heading(self, number: int, level: int, words: str) -> Iterator[Event | Problem]:
        link = _heading_link(words) if level in {2, 3} else None
        if level == 1:
            yield from self._finish()
            self._start(one_line(words), self._own_path())
            self._section = "summary"
        elif level >= 5:
            yield from self._finish()
            self._topics.append(one_line(words))
        elif link is not None and (level == 2 or _names_day(link)):
            yield from self._finish()
            yield from self._turn_day(number, level, link)
        elif link is not None:
            yield from self._finish()
            self._start(one_line(link.label), link.target)
            self._section = "entry"
        else:
            self._section = _section_of(words)

    def _turn_day(self, number: int, level: int, link: Link) -> Iterator[Problem]:
        self._topics, self._path = [], self._path if level == 3 else None
        self._day = read_day(link.label) or day_in_path(link.target)
        self._folder = link.target.rpartition("/")[0]
        if self._day is None and (level == 3 or read_day(link.target)):
            yield self._problem(number, f"no such day: {one_line(link.label)[:60]}")

    def _start(self, title: str, url: str | None) -> None:
        self._draft = Draft(date=self._day, title=title, topics=self._topics, url=url)
        self._topics = []

    def _finish(self) -> Iterator[Event]:
        if self._draft is not None:
            yield make_event(self._draft, self._origin)
        self._draft, self._section = None, "before"

    def _own_path(self) -> str | None:
        """The path other pages link to this one by: known when the file lies in its day's folder, or from the Formats line."""
        folder, _, name = self._origin.name.replace("\\", "/").rpartition("/")
        if self._folder and f"/{folder}".endswith(f"/{self._folder.strip('/')}"):
            return f"{self._folder}/{name}"
        return self._path

    # --- lines below a heading

    def _line(self, number: int, line: str) -> Iterator[Event | Problem]:
        draft = self._draft
        if line.startswith("Formats:"):
            yield from self._finish()
            self._path = next((re.sub(r"\.html?$", ".md", link.target) for link in read_links(line)), None)
        elif draft is None or self._section in {"before", "other"}:
            yield from self._stray(number, line)
        elif self._section == "sources":
            yield from self._sources(draft, number, line)
        elif self._section == "related":
            yield from self._related(draft, number, line)
        elif set(line.strip()) <= {"-"}:
            yield from self._finish()
        elif context := _CONTEXT.fullmatch(line.strip()):
            draft.topics.extend(_contexts(context[1]))
        else:
            draft.summary = f"{draft.summary} {one_line(line)}".strip()

    def _stray(self, number: int, line: str) -> Iterator[Problem]:
        if "](http" in line:
            yield self._problem(number, "a link outside the list of sources is no citation")

    def _sources(self, draft: Draft, number: int, line: str) -> Iterator[Problem]:
        item = line[found.end() :] if (found := _ITEM.match(line)) else line.strip()
        links = list(read_links(item))
        if bare := _BARE.fullmatch(item):
            links = [Link("", bare[1], 0, len(item))]
        if not links:
            yield self._problem(number, f"no link in a line of the list of sources: {one_line(item)[:80]}")
        for link in links:
            if one_line(link.label).casefold() in _PICTURES:
                continue
            if not link.closed:
                yield self._problem(number, f"unclosed link: {one_line(item)[:80]}")
                continue
            try:
                draft.sources.append(make_source(link.target, publisher(link.label), number))
            except InputError as error:
                yield self._problem(number, str(error))

    def _related(self, draft: Draft, number: int, line: str) -> Iterator[Problem]:
        item = line[found.end() :] if (found := _ITEM.match(line)) else line.strip()
        context = _CONTEXT.search(item)
        linked = (item[: context.start()] if context else item).strip()
        # Titles hold brackets, paths hold no `](`: the last one divides them.
        title, found_link, target = linked.rpartition("](")
        if not found_link or not title.startswith("["):
            yield self._problem(number, f"no link in a line of the related events: {one_line(item)[:80]}")
        elif not target.endswith(")"):
            yield self._problem(number, f"unclosed link: {one_line(item)[:80]}")
        else:
            draft.related.append(Related(one_line(title[1:]), target[:-1].strip(), _contexts(context[1]) if context else ()))


def _heading_link(words: str) -> Link | None:
    label, found, target = words.rpartition("](")
    if not found or not label.startswith("[") or not target.endswith(")"):
        return None
    return Link(label[1:], target[:-1].strip(), 0, len(words))


def _names_day(link: Link) -> bool:
    return read_day(link.label) is not None or bool(_DAY_PAGE.search(link.target))


def _section_of(words: str) -> Section:
    if _SOURCES.fullmatch(words):
        return "sources"
    return "related" if _RELATED.fullmatch(words) else "other"


def _contexts(words: str) -> tuple[str, ...]:
    return tuple(context for part in words.split(", ") if (context := one_line(part)))
