"""Wikitext: day pages of Portal:Current events, and articles whose references are the sources.

{{Current events header|2016|05|21}}
;Category            or '''Category'''
* [[Topic]]          a bullet without sources above deeper ones
** What happened. [http://... (Publisher)] [http://... (Publisher)]
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from mwparserfromhell.nodes import Tag, Text, Wikilink

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.days import day_in_path, iso_day, read_day
from pipelines.inputs.draft import Draft, Origin, Source, make_event
from pipelines.inputs.wikitext_sources import SourceFinder, parse, plain

MAX_ITEM = 20_000  # characters after which a piece ends although something in it is open

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADER = re.compile(r"\{\{\s*current\s+events(?:\s+header)?\s*\|([^{}\n]{0,200}?)(?:\}\}|\|\s*content\s*=|\n)", re.IGNORECASE)
_DATE_TEMPLATE = re.compile(r"\{\{\s*date\s*\|([^{}|]{1,40})", re.IGNORECASE)
_CATEGORY = re.compile(
    r"(?:;+\s*(.+)|'''([^'].*?)'''\s*:?|={2,4}\s*(.+?)\s*={2,4}|\{\{Current events category\|(.+?)\}\})\s*$", re.IGNORECASE
)
_BULLET = re.compile(r"[*#:;]+(?=[^;]|$)")
_NOISE = re.compile(r"\s*(?:\|?\}+|\{\||\|-|__[A-Z]+__|\[\[category:.*|\{\{current events[^|]*\}\})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Item:
    line: int
    depth: int  # 0 for text that is no bullet
    text: str


def read_wikitext(text: str, origin: Origin) -> Iterator[Event | Problem]:
    """The events of a day page; an article is one event, its references the citations."""
    bare = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
    if re.search(r"\{\{\s*current\s+events", bare, re.IGNORECASE) or (day_in_path(origin.name) and re.search(r"^\*", bare, re.MULTILINE)):
        yield from _day_page(bare, origin)
    else:
        yield from _article(bare, origin)


def _article(text: str, origin: Origin) -> Iterator[Event | Problem]:
    found = _DATE_TEMPLATE.search(text)
    title = PurePath(origin.name).stem.replace("_", " ")
    draft = Draft(date=read_day(found[1]) if found else None, title=title if origin.name != "-" else "Article on standard input")
    for item in _items(text):
        try:
            yield from _collect(draft, parse(item.text), item, origin)
        except InputError as error:
            yield Problem(origin.name, item.line, str(error))
    if draft.sources:
        yield make_event(draft, origin)


def _collect(draft: Draft, code: Any, item: _Item, origin: Origin) -> Iterator[Problem]:
    for found in SourceFinder(origin.name, item.text, item.line).find(code):
        if isinstance(found, Source):
            draft.sources.append(found)
        else:
            yield found


def _day_page(text: str, origin: Origin) -> Iterator[Event | Problem]:
    day = day_in_path(origin.name)
    category = ""
    path: list[tuple[int, tuple[str, ...]]] = []
    items = list(_items(text))
    for item, following in zip(items, [*items[1:], None], strict=True):
        if header := _HEADER.search(item.text):
            day, category, path = _header_day(header[1]) or day, "", []
        elif heading := _CATEGORY.fullmatch(item.text):
            category, path = _heading_words(next(group for group in heading.groups() if group)), []
        else:
            path = [(depth, names) for depth, names in path if depth < item.depth]
            draft = Draft(date=day, topics=[category, *(name for _, names in path for name in names)])
            topic = yield from _item(draft, item, following, origin)
            if topic:
                path.append((item.depth, topic))


def _item(draft: Draft, item: _Item, following: _Item | None, origin: Origin) -> Generator[Event | Problem, None, tuple[str, ...]]:
    """The event of a bullet; returns the topics of a bullet that is a heading for deeper ones."""
    try:
        code = parse(item.text)
    except InputError as error:
        yield Problem(origin.name, item.line, str(error))
        return ()
    yield from _collect(draft, code, item, origin)
    draft.title = plain(code)
    leads = following is not None and following.depth > item.depth > 0
    if leads and not draft.sources:
        return _topics(code, draft.title)
    if draft.sources or (draft.title and item.depth):
        yield make_event(draft, origin)
    return ()


def _topics(code: Any, words: str) -> tuple[str, ...]:
    """``[[A]], [[B]]`` are two topics; words with links in them are one."""
    links = [plain(node.text if node.text is not None else node.title) for node in code.nodes if isinstance(node, Wikilink)]
    rest = "".join(str(node) for node in code.nodes if isinstance(node, Text))
    loose = any(isinstance(node, Tag) and bool(node.contents) for node in code.nodes)
    if links and not loose and not any(character.isalnum() for character in rest.replace(" and ", "")):
        return tuple(links)
    return (words,) if words else ()


def _heading_words(words: str) -> str:
    try:
        return plain(parse(words[:MAX_ITEM])).strip("'")
    except InputError:
        return ""


def _header_day(parameters: str) -> str | None:
    values = [value.strip() for value in parameters.split("|")]
    named = dict(value.replace(" ", "").split("=", 1) for value in values if "=" in value)
    parts = [named.get(name, "") for name in ("year", "month", "day")] if named else values
    return iso_day(*parts[:3]) if len(parts) >= 3 and all(part.isdecimal() for part in parts[:3]) else None


def _items(text: str) -> Iterator[_Item]:
    """Bullets, headings and paragraphs; templates and references that go over several lines stay in one piece."""
    lines: list[str] = []
    start, depth, unclosed, size = 0, 0, 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        bullet = _BULLET.match(line) if line[:1] in "*#:;" else None
        header = _HEADER.search(line + "\n")
        if lines and (unclosed <= 0 or bullet or header or line.startswith("==") or size > MAX_ITEM):
            yield _Item(start, depth, "\n".join(lines))
            lines, unclosed, size = [], 0, 0
        if not lines and (not line.strip() or _NOISE.fullmatch(line)):
            continue
        start, depth = (start, depth) if lines else (number, _depth(bullet))
        lines.append(line)
        size += len(line)
        unclosed += 0 if header else line.count("{{") - line.count("}}") + _references(line)
    if lines:
        yield _Item(start, depth, "\n".join(lines))


def _depth(bullet: re.Match[str] | None) -> int:
    return 0 if bullet is None or bullet.group().startswith(";") else len(bullet.group())


def _references(line: str) -> int:
    """How many ``<ref>`` a line opens and does not close."""
    return line.count("<ref>") + line.count("<ref ") - line.count("</ref>") - len(re.findall(r"<ref\s[^<>]*/>", line))
