"""Bookmarks as browsers and bookmark services export them (the Netscape bookmark file).

<DT><H3 ADD_DATE="1466008580">Folder</H3>
<DL><p>
    <DT><A HREF="http://..." ADD_DATE="1466010266" PRIVATE="0" TAGS="a,b">Title</A>
    <DD>Description
</DL><p>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.addresses import shown
from pipelines.inputs.days import read_day
from pipelines.inputs.draft import Draft, Origin, make_event, make_source
from pipelines.inputs.tags import Tag, read_tags
from pipelines.inputs.wording import one_line, words_of

MAX_DEPTH = 100  # folders within folders that become topics
_SECONDS = re.compile(r"\d{1,10}")
_FRACTIONS = re.compile(r"(\d{10})(?:\d{3}|\d{6})")  # milliseconds, microseconds
_LOG_DATE = re.compile(r"(\d{1,2})/([A-Za-z]{3})/(\d{4})")
_SPLIT_TAGS = re.compile(r"\s*,\s*")


def read_bookmarks(text: str, origin: Origin) -> Iterator[Event | Problem]:
    """One event a bookmark, its folders and tags the topics. Private ones and those that are no web page come as problems."""
    reader = _Reader(origin)
    last: Tag | None = None
    for tag in read_tags(text, ("a", "h3", "dl", "dd")):
        if last is not None:
            yield from reader.between(last, text[last.end : tag.start])
        yield from reader.tag(tag)
        last = tag
    if last is not None:
        yield from reader.between(last, text[last.end :])
    yield from reader.finish()


class _Reader:
    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._folders: list[str] = []
        self._depth = 0  # of lists, those too deep for topics counted
        self._next_folder = ""
        self._draft: Draft | None = None

    def tag(self, tag: Tag) -> Iterator[Event | Problem]:
        if tag.broken:
            yield Problem(self._origin.name, tag.line, "a quotation mark is not closed in this tag")
        if tag.name in {"a", "h3"} and not tag.closing:
            yield from self.finish()
            if tag.name == "a":
                yield from self._open(tag)
        elif tag.name == "dl":
            yield from self.finish()
            self._list(closing=tag.closing)

    def between(self, tag: Tag, text: str) -> Iterator[Event | Problem]:
        """The words after a tag."""
        if tag.closing or tag.name == "dl":
            return
        words = words_of(text)
        if tag.name == "h3":
            self._next_folder = words
        elif self._draft is not None and tag.name == "a":
            self._draft.title = words or self._draft.title
        elif self._draft is not None:
            self._draft.summary = words
            yield from self.finish()

    def finish(self) -> Iterator[Event]:
        if self._draft is not None:
            yield make_event(self._draft, self._origin)
        self._draft = None

    def _list(self, *, closing: bool) -> None:
        if not closing:
            self._depth += 1
            if self._depth <= MAX_DEPTH:
                self._folders.append(self._next_folder)
            self._next_folder = ""
        elif self._depth:
            if self._depth <= MAX_DEPTH:
                self._folders.pop()
            self._depth -= 1

    def _open(self, tag: Tag) -> Iterator[Problem]:
        attributes = tag.get()
        if attributes.get("private") == "1":
            yield Problem(self._origin.name, tag.line, "marked as private: left out")
            return
        written = attributes.get("href", "").strip()
        day = _day(attributes.get("add_date", ""))
        topics = [*self._folders, *(one_line(name) for name in _SPLIT_TAGS.split(attributes.get("tags", "")))]
        try:
            if not re.match(r"[a-z][a-z0-9+.-]*:", written, re.IGNORECASE):
                raise InputError(f"no address of its own: {shown(written)}")
            source = make_source(written, "", tag.line, day)
        except InputError as error:
            yield Problem(self._origin.name, tag.line, str(error))
            return
        self._draft = Draft(date=day, title=source.url, topics=topics, sources=[source])


def _day(written: str) -> str | None:
    """The day of Unix seconds, milli- or microseconds, of ``10/Oct/2000:13:55:36 +0300``, or of a date; None for 0."""
    written = written.strip()
    if found := _FRACTIONS.fullmatch(written):
        written = found[1]
    if _SECONDS.fullmatch(written):
        return datetime.fromtimestamp(int(written), UTC).date().isoformat() if int(written) else None
    if found := _LOG_DATE.match(written):
        return read_day(f"{found[1]} {found[2]} {found[3]}")
    return read_day(written)
