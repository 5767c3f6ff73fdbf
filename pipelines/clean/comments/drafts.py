"""One comment while its thread is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lxml.html import HtmlElement

from archive.model import Comment
from pipelines.clean.comments.lines import comment_text, credited, lines_of, no_comment, says, written_by
from pipelines.clean.comments.moments import find_moment, find_written, looks_dated, read_moment
from pipelines.clean.comments.rails import says_only_where

_HEADER_LINES, _HEADER_WORDS, _HEADER_LINE, _NAME_WORDS = 3, 6, 200, 4
_DATE_SIZE, _LINKED, _HALF, _TEASER = 10, 0.9, 0.5, 60
MAX_TEXT = 100_000
"""Characters of one comment; what is longer is cut."""

Mode = Literal["loose", "body", "meta", "drop", "form", "author", "date", "title"]


@dataclass(slots=True)
class Credits:
    """Who wrote, and when: candidates for the author with how sure they are, and for the date."""

    names: list[tuple[int, list[str]]] = field(default_factory=list)
    dates: list[str | list[str]] = field(default_factory=list)

    def given(self) -> bool:
        return bool(self.names or self.dates)


@dataclass(slots=True)
class Draft:
    """Pieces of text by what they are. ``loose`` ones have no name of their own."""

    element: HtmlElement
    kind: str
    depth: int
    level: int | None = None
    numbered: bool = False
    inner: str | None = None  # the kind of a wrapper inside, taken as the same comment
    credits: Credits = field(default_factory=Credits)
    later: Credits = field(default_factory=Credits)  # those that stand after the text
    body: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    meta: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)  # a heading: the subject, or who wrote
    spoken: bool = False  # the body has text
    loose_size: int = 0
    size: int = 0
    links: list[str] = field(default_factory=list)  # the text in links

    def is_teaser(self, comment: Comment) -> bool:
        """Whether what was read is hardly more than a link to what was commented on."""
        linked = sum(map(len, self.links))
        if comment.about == "other" and says_only_where(comment.text) and linked >= _HALF * self.size:
            return True
        return (
            linked > 0
            and linked >= _LINKED * len(comment.text)
            and linked >= _LINKED * self.size
            and (comment.about == "this" or self.size <= _TEASER)
        )

    def write(self, text: str, mode: Mode, linked: bool) -> None:
        if mode != "meta":
            text_only = text.strip()
            self.size += len(text_only)
            if linked and text_only:
                self.links.append(text_only)
        if mode == "body":
            self.body.append(text)
            self.spoken = self.spoken or not text.isspace()
        elif mode == "meta":
            self.meta.append(text)
        elif mode == "loose":
            self.loose.append(text)
            self.loose_size += len(text.strip())

    def begin_body(self) -> None:
        """What stood before the text was about it."""
        if not self.spoken:
            self.meta += self.loose
            self.loose, self.loose_size = [], 0

    def comment(self, about: Literal["this", "other"], depth: int) -> Comment | None:
        """The comment, or None when no text is left."""
        lines = lines_of(self.body if self.spoken else self.loose)
        header = lines_of(self.meta) + (lines_of(self.loose) if self.spoken else lines[:_HEADER_LINES])
        header += [line for line in lines[:1] if looks_dated(line) or says(line)]
        header += [
            line
            for _, pieces in self.credits.names
            for line in lines_of(pieces)
            if len(line) > _DATE_SIZE and any(c.isdigit() for c in line)
        ]
        subject = " ".join(lines_of(self.title))
        author = self._author(header, lines)
        if author is None and subject and len(subject.split()) <= _NAME_WORDS and subject[-1] not in ".!?:…":
            author, subject = written_by(subject), ""
        if not lines and subject and author != subject:
            lines, subject = [subject], ""
        if not lines:  # markup that closes the author's element after the text
            lines = [line for _, pieces in self.credits.names for line in lines_of(pieces) if line != author]
        if about == "other":  # the link is the title of what was commented on
            lines = [line for line in lines if line not in self.links] or lines
        text = comment_text(lines, author, self.spoken)
        if not text or no_comment(text) or says(text):
            return None
        if (
            subject
            and written_by(subject) != author
            and not looks_dated(subject)
            and not no_comment(subject)
            and not text.startswith(subject)
        ):
            text = f"{subject}\n{text}"
        return Comment(author, self._date([*header, subject]), text[:MAX_TEXT], depth, about)

    def _author(self, header: list[str], lines: list[str]) -> str | None:
        named = _best_name(self.credits.names) or _best_name(self.later.names)
        if named is not None:
            return named
        names = (name for line in header[:_HEADER_LINES] if (name := credited(line)))
        name = next((name for name in names if len(name.split()) <= _HEADER_WORDS), None)
        if name is None and len(lines) > 2 and looks_dated(lines[1]) and len(lines[0].split()) <= _NAME_WORDS:
            return written_by(lines[0])
        return name

    def _date(self, header: list[str]) -> str | None:
        written = None
        for candidates in (self.credits.dates, self.later.dates):
            found = read_moment(d if isinstance(d, str) else " ".join("".join(d).split()) for d in candidates)
            if found and found[:4].isdigit():
                return found
            written = written or found
        short = [line for line in header if len(line) <= _HEADER_LINE]
        return next((moment for line in short if (moment := find_moment(line))), written) or next(
            (w for line in short if (w := find_written(line))), None
        )


def _best_name(names: list[tuple[int, list[str]]]) -> str | None:
    best: tuple[int, str] | None = None
    for sure, pieces in names:
        if (best is None or sure > best[0]) and (name := written_by("".join(pieces))):
            best = (sure, name)
    return best[1] if best else None
