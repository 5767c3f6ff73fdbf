"""Sources and plain words of a piece of wikitext.

Links ``[url (Name)]``, bare addresses, ``{{cite ..}}`` and Wikinews ``{{source}}`` templates, ``<ref>`` and ``{{webarchive}}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import mwparserfromhell
from mwparserfromhell.nodes import ExternalLink, HTMLEntity, Tag, Template, Text, Wikilink

from archive.errors import InputError
from archive.model import Problem
from pipelines.inputs.addresses import shown
from pipelines.inputs.archive_links import read_archive_link
from pipelines.inputs.days import read_day
from pipelines.inputs.draft import Copy, Source, make_source, read_copy
from pipelines.inputs.wording import one_line, publisher

MAX_TEXT = 60_000  # characters parsed at once
MAX_UNCLOSED = 200  # mwparserfromhell takes time quadratic in unclosed templates and links
_PAIRS = tuple(re.compile(pattern) for pattern in (r"(\{\{)|\}\}", r"(\[)|\]", r"(<(?!br|hr|BR|li|p)[A-Za-z])|</|/>", r"(\{\|)|\|\}"))

_PUBLISHERS = ("publisher", "work", "website", "newspaper", "agency", "journal", "magazine", "pub", "via")
_NEVER_LIVE = frozenset({"unfit", "usurped"})
_SHOWS_TEXT = frozenset({"nowrap", "nobr", "lang", "small", "abbr", "w"})
_UNTIDY = re.compile(r"\s+([.,;:!?])")
_UNCLOSED = re.compile(r"\[\s*(?:\([^()\[\]]{0,200})?$")  # what is left of a link that never closes
_TWICE = re.compile(r"([.,;:])(?:\s*[,;:])+")


def parse(text: str) -> Any:
    """The syntax tree of a piece of wikitext. Raises InputError for text that is broken beyond reading."""
    if len(text) > MAX_TEXT:
        raise InputError(f"piece of {len(text)} characters, the limit is {MAX_TEXT}: not read")
    unclosed = max(_unmatched(pattern, text) for pattern in _PAIRS)
    if unclosed > MAX_UNCLOSED:
        raise InputError(f"{unclosed} templates, links or tags are not closed: not read")
    return mwparserfromhell.parse(text)


def _unmatched(pattern: re.Pattern[str], text: str) -> int:
    """How many openings (group 1) no closing follows."""
    depth = 0
    for found in pattern.finditer(text):
        depth = depth + 1 if found[1] else max(0, depth - 1)
    return depth


class SourceFinder:
    """Finds the sources in a tree, with their line numbers."""

    def __init__(self, file: str, text: str, first_line: int) -> None:
        self._file = file
        self._text = text
        self._first_line = first_line
        self._position = 0
        self._line = first_line
        self._last: Source | None = None

    def find(self, code: Any) -> Iterator[Source | Problem]:
        """Sources in the order of the text. A ``{{webarchive}}`` or archived copy right after its link becomes part of it."""
        for found in self._walk(code):
            if isinstance(found, Problem):
                yield found
                continue
            if self._last is not None:
                yield self._last
            self._last = found
        if self._last is not None:
            yield self._last
        self._last = None

    def _walk(self, code: Any) -> Iterator[Source | Problem]:
        for node in code.nodes:
            if isinstance(node, Template):
                yield from self._template(node)
            elif isinstance(node, ExternalLink):
                yield from self._link(node)
            elif isinstance(node, Tag) and node.contents is not None:
                yield from self._walk(node.contents)
            elif isinstance(node, Wikilink) and node.text is not None:
                yield from self._walk(node.text)

    def _line_of(self, written: str) -> int:
        at = self._text.find(written, self._position)
        if at >= 0:
            self._line += self._text.count("\n", self._position, at)
            self._position = at
        return self._line

    def _link(self, node: ExternalLink) -> Iterator[Source | Problem]:
        line = self._line_of(str(node))
        # MediaWiki ends an address at two apostrophes; what follows is italic text.
        url, _, rest = str(node.url).partition("''")
        if not node.brackets and self._text[: self._position].endswith("["):
            yield Problem(self._file, line, f"unclosed link, read up to the blank: {shown(url)}")
        yield from self._source(url, _label(node, rest), line)

    def _template(self, node: Template) -> Iterator[Source | Problem]:
        name = " ".join(str(node.name).split()).casefold().replace("_", " ")
        line = self._line_of(str(node)[:200])
        if name in {"webarchive", "wayback"}:
            yield from self._webarchive(node, line)
        elif name.startswith(("cite", "citation")) or name in {"source", "source-science"}:
            yield from self._cite(node, line)
        else:
            for parameter in node.params:
                yield from self._walk(parameter.value)

    def _webarchive(self, node: Template, line: int) -> Iterator[Source | Problem]:
        url = _value(node, "url", "1")
        link = read_archive_link(url)
        if self._last is not None and self._last.copy is None and link is not None and link.is_copy:
            self._last = replace(self._last, copy=Copy(url, link.captured_at))
        elif url:
            yield from self._source(url, "", line)

    def _cite(self, node: Template, line: int) -> Iterator[Source | Problem]:
        url = _value(node, "url", "chapter-url", "chapterurl", "contribution-url", "section-url", "article-url")
        archived = _value(node, "archive-url", "archiveurl")
        status = _value(node, "url-status", "dead-url", "deadurl").casefold()
        if not url and not archived:
            return
        if status in _NEVER_LIVE and url:
            # The address now belongs to someone else: it must not be fetched as if it were the source.
            yield Problem(self._file, line, f"marked {status}, so only its archived copy is a source: {shown(url)}")
            url = ""
        copy: Copy | None = None
        try:
            copy = read_copy(archived, read_day(_value(node, "archive-date", "archivedate"))) if archived else None
        except InputError as error:
            yield Problem(self._file, line, f"archived copy left out: {error}")
        label = publisher(next((value for key in _PUBLISHERS if (value := _value(node, key))), _value(node, "title")))
        # Without a date of its own, a source was there on the day on which it was read.
        day = read_day(_value(node, "date")) or read_day(_value(node, "access-date", "accessdate"))
        if url or (copy and status not in _NEVER_LIVE):
            yield from self._source(url or archived, label, line, day, copy)
        elif copy:
            yield Source(copy.url, label, line, day, copy)

    def _source(self, url: str, label: str, line: int, day: str | None = None, copy: Copy | None = None) -> Iterator[Source | Problem]:
        try:
            yield make_source(url, label, line, day, copy)
        except InputError as error:
            yield Problem(self._file, line, str(error))


def _label(node: ExternalLink, rest: str) -> str:
    return publisher(rest + (f" {plain(node.title)}" if node.title is not None else ""))


def _value(node: Template, *names: str) -> str:
    """The first of these parameters that is there and not empty, without comments and markup around it."""
    for name in names:
        if node.has(name):
            value = str(node.get(name).value.strip_code(normalize=True, collapse=True)).strip()
            if value:
                return value
    return ""


def plain(code: Any) -> str:
    """The words of a tree without its sources: what a reader sees before the links."""
    pieces = list(_pieces(code))
    while pieces and (pieces[-1][1] or not any(character.isalnum() for character in pieces[-1][0])):
        text, is_label = pieces.pop()
        if not is_label and text.strip(" \n\t,;:-–—"):
            pieces.append((text, False))
            break
    text = one_line("".join(piece for piece, _ in pieces)) or one_line(" ".join(_labels(code)))
    return _TWICE.sub(r"\1", _UNTIDY.sub(r"\1", _UNCLOSED.sub("", text))).strip(" ,;:-–—")


def _labels(code: Any) -> Iterator[str]:
    for node in code.nodes:
        if isinstance(node, ExternalLink) and node.title is not None:
            yield str(node.title.strip_code())


def _pieces(code: Any) -> Iterator[tuple[str, bool]]:
    for node in code.nodes:
        if isinstance(node, Text):
            yield str(node.value), False
        elif isinstance(node, HTMLEntity):
            yield str(node), False
        elif isinstance(node, Wikilink):
            yield str((node.text if node.text is not None else node.title).strip_code()), False
        elif isinstance(node, ExternalLink) and node.brackets and node.title is not None:
            title = str(node.title.strip_code()).strip()
            if not title.startswith("("):
                yield title, True
        elif isinstance(node, Template):
            yield _template_text(node), False
        elif isinstance(node, Tag) and str(node.tag).strip() == "br":
            yield " ", False
        elif isinstance(node, Tag) and node.tag != "ref" and node.contents:
            yield from _pieces(node.contents)


def _template_text(node: Template) -> str:
    name = str(node.name).strip().casefold()
    values = [str(parameter.value.strip_code()).strip() for parameter in node.params if not parameter.showkey]
    if name in _SHOWS_TEXT:
        return values[-1] if values else ""
    if name in {"convert", "cvt"}:
        return " ".join(values[:2])
    return ""
