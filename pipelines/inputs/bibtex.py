"""BibTeX and BibLaTeX reference lists, read by bibtexparser. Addresses are in ``url``, and within ``howpublished`` and ``note``."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.model import Block, DuplicateFieldKeyBlock, Entry, Field, ParsingFailedBlock, String
from pylatexenc.latex2text import LatexNodes2Text

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.days import iso_day, read_day
from pipelines.inputs.draft import Origin
from pipelines.inputs.references import Reference, reference_event
from pipelines.inputs.wording import one_line, publisher, words_of

MAX_LATEX = 2_000  # characters decoded as LaTeX; the decoder is slow
PIECE = 200_000  # characters parsed at once, about
MAX_PIECE = 1_000_000
MAX_FIELD = 100_000  # characters looked through for addresses
_ADDRESS_FIELDS = ("url", "link", "ee", "howpublished", "note", "annote", "addendum")
_LABELS = ("journaltitle", "journal", "organization", "publisher", "institution", "school", "booktitle", "newspaper")
_COMMAND = re.compile(r"\\(?:url|path|href|nolinkurl)\s*\{((?:[^{}\n]|\{[^{}\n]{0,40}\}){1,4000})\}")
_BARE = re.compile(r"(?:https?://|www\.)[^\s{}\\,;\"<>]+(?:\\[_%&#~][^\s{}\\,;\"<>]*|,(?=[^\s])[^\s{}\\,;\"<>]*)*", re.IGNORECASE)
_STARTS_ADDRESS = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
_TILDE = re.compile(r"\{?\\textasciitilde(?:\{\}|\s)?\}?|\$\\sim\$|\\~\{\}|\\~")
_ESCAPED = re.compile(r"\\([_%&#$ ])")
_SPLIT_KEYWORDS = re.compile(r"\s*[,;]\s*")
_LATEX = re.compile(r"[\\{}$~]")


# What it warns of comes as problems.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


def read_bibtex(text: str, origin: Origin) -> Iterator[Event | Problem]:
    """One event an entry, in order. A block that is broken is a problem and costs itself only."""
    strings: list[String] = []
    for piece, lines_before in _pieces(text):
        if len(piece) > MAX_PIECE:
            yield Problem(origin.name, lines_before + 1, f"an entry of {len(piece)} characters, the limit is {MAX_PIECE}: not read")
            continue
        for block in parse_string(piece, library=Library([*strings])).blocks[len(strings) :]:
            if isinstance(block, String):
                strings.append(block)
            line = lines_before + 1 + max(0, block.start_line or 0)
            entry, problem = _entry_of(block)
            if problem:
                yield Problem(origin.name, line, problem)
            if entry is not None:
                yield from reference_event(_reference(entry, lines_before), origin)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The text cut at beginnings of entries, so that a long list does not stand in memory as a tree; with the lines before each."""
    start, lines = 0, 0
    while start < len(text):
        cut = text.find("\n@", start + PIECE)
        end = cut + 1 if cut >= 0 else len(text)
        yield text[start:end], lines
        lines += text.count("\n", start, end)
        start = end


def _entry_of(block: Block) -> tuple[Entry | None, str]:
    if isinstance(block, Entry):
        return block, ""
    if not isinstance(block, ParsingFailedBlock):
        return None, ""
    kept = block.ignore_error_block
    if isinstance(kept, Entry):
        # A key that is used twice is the writer's business, a field that is there twice may hide an address.
        return kept, "a field is there twice" if isinstance(block, DuplicateFieldKeyBlock) else ""
    words = getattr(block.error, "abort_reason", None) or str(block.error)
    return None, f"broken entry, not read: {one_line(words)[:120]}"


def _reference(entry: Entry, lines_before: int) -> Reference:
    first = lines_before + max(0, entry.start_line or 0)
    fields: dict[str, list[Field]] = {}
    for found in entry.fields:
        fields.setdefault(found.key.strip().lower(), []).append(found)
    reference = Reference(
        first + 1, _words(fields, "title") or one_line(entry.key), _published(fields), read_day(_value(fields, "urldate"))
    )
    reference.label = publisher(next((words for name in _LABELS if (words := _words(fields, name))), ""))
    reference.summary = words_of(_words(fields, "abstract"))
    reference.topics = [one_line(word) for word in _SPLIT_KEYWORDS.split(_words(fields, "keywords")) if word]
    for name in _ADDRESS_FIELDS:
        for found in fields.get(name, ()):
            line = lines_before + found.start_line + 1 if found.start_line else first + 1
            reference.addresses.extend((address, line) for address in _addresses(name, _bare(found.value)))
    return reference


def _published(fields: Mapping[str, list[Field]]) -> str | None:
    if day := read_day(_value(fields, "date")):
        return day
    year, month, day = (_value(fields, name) for name in ("year", "month", "day"))
    try:
        return read_day(f"{day} {month} {year}") or iso_day(year, month, day)
    except InputError:
        return None


def _value(fields: Mapping[str, list[Field]], name: str) -> str:
    return _bare(fields[name][0].value) if name in fields else ""


def _words(fields: Mapping[str, list[Field]], name: str) -> str:
    """A field as plain text: LaTeX's accents and commands decoded."""
    value = _value(fields, name)
    if len(value) <= MAX_LATEX and _LATEX.search(value):
        try:
            value = LatexNodes2Text(strict_latex_spaces=False).latex_to_text(value)
        except Exception:  # noqa: BLE001 - it raises whatever broken LaTeX leads it to
            value = re.sub(r"[{}]", "", value)
    return one_line(value)


def _bare(value: object) -> str:
    """A field's value without the braces or quotes around it: bibtexparser leaves them where a field is there twice."""
    text = str(value).strip()
    while len(text) > 1 and (text[0], text[-1]) in {("{", "}"), ('"', '"')}:
        text = text[1:-1].strip()
    return text[:MAX_FIELD]


def _addresses(name: str, value: str) -> Iterator[str]:
    for found in _COMMAND.finditer(value):
        yield _plain(found[1])
    rest = _COMMAND.sub(" ", value).strip()
    parts = [part.strip(",;") for part in rest.split()]
    if name == "url" and rest and not all(_STARTS_ADDRESS.match(part) for part in parts):
        yield _plain(rest)  # whatever it is, it is no words around an address
    elif name == "url":
        yield from (_plain(part) for part in parts)
    else:
        yield from (_plain(found.group()).rstrip(".)'") for found in _BARE.finditer(rest))


def _plain(address: str) -> str:
    """An address without what LaTeX needs: ``\\_``, ``\\%``, ``{\\textasciitilde}``, protecting braces."""
    return _ESCAPED.sub(r"\1", _TILDE.sub("~", address)).replace("{", "").replace("}", "").strip()
