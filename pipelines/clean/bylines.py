"""The author line that readers see above or below an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.authors import BY, is_label, split_names
from pipelines.clean.characters import one_line
from pipelines.clean.headlines import stands_elsewhere
from pipelines.clean.months import MONTHS, days_in
from pipelines.clean.opening import Line, Piece, line_text
from pipelines.clean.titles import squash

Shown = tuple[str, list[str]]
"""A line as written, and the names in it."""

_BY_PROPERTY = etree.XPath("//@itemprop[.='author']/..")
_BY_CLASS = etree.XPath("//@class[contains(.,'byline') or contains(.,'uthor') or contains(.,'autor')]/..")
_CLASS = re.compile(
    r"(?:^|[\s_-]|(?<=[a-z])(?=[AB]))(?:byline|by-line|authors?|autor(?:en|es)?|auteur|vcard|writer|redakteur|contributor)"
    r"(?:[\s_-]*(?:\d|names?|links?|line|wrapper|container|label|text|info))?(?:$|[\s_-](?!image|avatar|bio|box|photo|desc|count|social"
    r"|follow|about))",
    re.IGNORECASE,
)
_HREF = re.compile(
    r"/(?:authors?|autor(?:es|en)?|auteurs?|contributors?|people|staff|journalists?|writers?|profile|reporters?|redaktion|by|team)/[^/]",
    re.IGNORECASE,
)
_DAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
)
_REST = re.compile(
    r"\s*[|\u2022\u00b7]\s*.*|\s+\d.*|^\d.*|[,(]\s*\d.*"
    r"|\s+@\w+.*|\s+(?:more posts|says|sagt|posted|published|publi(?:é|cado)|veröffentlicht|(?:last )?updated|aktualisiert|view all"
    r"|follow|profile"
    r"|reviewed|medically|edited|fact[- ]checked|hace|il y a|vor|illustration|photos?|fotos?|stand:)\b.*|\s+in\s+(?=(?-i:[A-Z])).*"
    r"|^post author\b"
    rf"|\W+(?:am|on|at|in|le|el|il|den|op|um|vom|{_DAYS})\.?\W*$|^(?:{_DAYS})\W*$",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"^(?:posted|published|(?:last )?updated|written|veröffentlicht|publiziert|aktualisiert|geschrieben|publié|mis à jour|publicado"
    r"|actualizado"
    r"|geplaatst|erstellt|stand)(?:\s+(?:on|am|le|el|op|um))?\b(?!\s+(?:by|von|par|por))[\s:,]*",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^\W*(?:foto|photo|bild|image|picture|credit|quelle|source|fuente|video|illustration|copyright|\u00a9)", re.IGNORECASE
)
_WORK = re.compile(
    r"\b(?:editors?|director|founder|manager|writer|reporter|correspondent|specialist|officer|head of|professor|coordinator|gardener"
    r"|consultant"
    r"|dietitian|attorney|staff|lead|ceo|cto|journalist(?:in)?|redakteur(?:in)?|redaktion|korrespondent(?:in)?|team|contributor|analyst"
    r"|expert|engineer"
    r"|horticulturalist|educator|author of|autorin|pressemitteilung|member|president|owner|strategist|marketing)\b",
    re.IGNORECASE,
)
_SAYS_BY = re.compile(r"\b(?:(?:written|posted) )?(?:by|von|par|por|door)\s", re.IGNORECASE)
_CONNECTIVES = frozenset(
    {"and", "und", "et", "y", "e", "en", "og", "och", "&", ",", "/", "|", "+", "with", "mit", "by", "von", "par", "por", "di", "da", "text"}
)
_SECTION = re.compile(r"(?:^|,?\s+)(?:in|dans|em|under|unter)\s*:?$", re.IGNORECASE)
"""At the end of a text node: the names of sections follow, as links."""
_MAX_MARKED, _MAX_LINKS, _MAX_LINE, _MAX_WORDS = 40, 1000, 200, 6


def line_of_names(lines: Iterable[Line], names: Iterable[str]) -> str | None:
    """The line around the headline that holds the first of some names, as written."""
    wanted = squash(next(iter(names), ""))
    if len(wanted) < 4:
        return None
    texts = (line_text(line) for line in lines)
    return next((t for t in texts if len(t) <= _MAX_LINE and wanted in squash(t)), None)


def shown_byline(lines: Iterable[Line], *, worded: bool = False) -> Shown | None:
    """The author line near the headline, by its first words or, unless it must be ``worded``, by its markup."""
    label = None
    for line in lines:
        text = line_text(line)
        parts = [p.text for p in line]
        if label is not None and len(text) <= _MAX_LINE and (names := names_in(parts)):
            return f"{label} {text}", names
        label = text if is_label(text) else None
        if label is None and 0 < len(text) <= _MAX_LINE and not _CREDIT.match(text) and (names := _named(line, text, worded)):
            return text, names
    return None


def marked_byline(tree: HtmlElement) -> Shown | None:
    """The first author line of the page by its markup, with those that stand beside it; not those of comments."""
    links = (a for a in islice(tree.iter("a"), _MAX_LINKS) if a.get("rel") == "author" or "/author/" in (a.get("href") or ""))
    found = (_first_beside(elements) for elements in (_BY_PROPERTY(tree), _BY_CLASS(tree), links))
    return next((shown for shown in found if shown), None)


def _first_beside(elements: Iterable[HtmlElement]) -> Shown | None:
    lines: list[str] = []
    names: list[str] = []
    beside: HtmlElement | None = None
    for element in islice(elements, _MAX_MARKED):
        if not names_author(element) or (lines and element.getparent() is not beside) or stands_elsewhere(element):
            continue
        parts = [folded for t in islice(element.itertext(), 20) if (folded := " ".join(t.split()))] or [element.get("content") or ""]
        line = one_line(" ".join(parts), 300)
        found = names_in(parts) if 0 < len(line) <= _MAX_LINE and not _CREDIT.match(line) else []
        if found:
            lines.append(line)
            names += found
            beside = element.getparent()
    return (", ".join(lines), names) if names else None


def labelled_byline(tree: HtmlElement) -> Shown | None:
    """The text after a label such as ``Author:`` that stands in an element of its own."""
    for element in islice(tree.iter("strong", "b", "dt", "th", "label", "span"), 400):
        label = (element.text or "").strip()
        if 0 < len(label) <= 20 and is_label(label.rstrip(":") + ":") and not stands_elsewhere(element):
            beside = element.getnext()
            text = one_line((element.tail or "").strip() or ("".join(islice(beside.itertext(), 10)) if beside is not None else ""), 100)
            if names := names_in([text]):
                return f"{label} {text}", names
    return None


def _named(line: Line, text: str, worded: bool) -> list[str]:
    """The names in a line that begins like a byline, or in its pieces that are marked up as author."""
    if BY.match(text):
        linked = [p.text for p in line if p.element.tag == "a" and names_author(p.element)]
        return names_in(linked) or names_in([p.text for p in line])
    marked = [] if worded else [p.text for p in line if _is_marked(p)]
    if marked and (names := names_in(marked)):
        return names
    after = _STAMP.sub("", text)
    start = _SAYS_BY.search(after) if after != text else None
    return names_in([after[start.start() :]]) if start else []


def _is_marked(piece: Piece) -> bool:
    element: HtmlElement | None = piece.element
    for _ in range(3):
        if element is None:
            return False
        if names_author(element):
            return True
        element = element.getparent()
    return False


def names_author(element: HtmlElement) -> bool:
    """Whether an element's own markup says that it holds an author."""
    if element.tag in ("label", "input", "form", "body", "article", "main", "meta", "link", "img", "button", "time"):
        return False
    if element.get("itemprop") == "author" or "author" in (element.get("rel") or ""):
        return True
    return bool(_CLASS.search(element.get("class") or "")) or (element.tag == "a" and bool(_HREF.search(element.get("href") or "")))


def names_in(parts: Iterable[str]) -> list[str]:
    """The names at the start of a line, part by part, up to the first part that is none: a role, a section, a date."""
    names: list[str] = []
    for part in parts:
        if _SECTION.fullmatch(part):
            break
        if is_label(part) or part.lower().rstrip(":") in _CONNECTIVES:
            continue
        found = list(_names_of(part, first=not names))
        if not found and (names or BY.match(part)):
            break
        names += found
        if _SECTION.search(part):
            break
    return _without_initials(names)


def _names_of(part: str, *, first: bool) -> Iterator[str]:
    for name in split_names(names_part(BY.sub("", _STAMP.sub("", part)))):
        if not _is_name(name) or _CREDIT.match(name) or (not first and (name.islower() or _WORK.search(name))):
            return
        yield name
        first = False


def names_part(line: str) -> str:
    """A shown line less what follows the names: dates, times, accounts, links to profiles."""
    line = _STAMP.sub("", line)
    for day in days_in(line, "day"):
        line = line[: day.start] if day.start > 1 else line[day.end :]
        break
    return _REST.sub("", line).strip(" ,-\u2013\u2014:/")


def _is_name(text: str) -> bool:
    """One to six words that begin like a name, and no month."""
    words = text.split()
    if not 1 <= len(words) <= _MAX_WORDS or text.lower().rstrip(".") in MONTHS or ":" in text:
        return False
    if len(words) == 1:
        return any(c.isalpha() for c in text) and text.lower() not in _CONNECTIVES
    return not text[0].islower() and not text.startswith("In ") and not any(c.isdigit() for c in text)


def _without_initials(names: list[str]) -> list[str]:
    """Less what stands for a portrait: ``MT`` before ``Mara Tolsteeg``."""
    initials = {"".join(w[0] for w in n.split()).upper() for n in names if " " in n}
    return [n for n in names if not (len(n) <= 3 and n in initials)]
