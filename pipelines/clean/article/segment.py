"""The whole page as pieces of text in reading order, each with the box of markup that it stands in.

A piece is a run of text and inline elements between two block-level tags (or two line breaks), a row of a data table, or a whole ``pre``.
Every visible word of the page is in one piece, so that what is not in the article can be told as cut.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.article.markup import CONSENT, names_of
from pipelines.clean.reasons import Cut

_INVISIBLE = frozenset(
    {
        *("script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "embed", "select", "datalist"),
        *("canvas", "map", "audio", "video", "progress", "meter", "textarea", "link", "meta", "title", "base", "source", "track"),
        *("param", "area", "col", "colgroup", "frame", "frameset", "noframes"),
    }
)
_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"),
        *("input", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "picture", "button"),
    }
)
_NO_DATA = ("table", "p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "form", "blockquote", "section", "article", "figure")
_SPACES = re.compile(r"[^\S\n]+")
WORD = re.compile(
    r"[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]"
    r"|[^\W\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]+"
)
_DEEPEST = 400  # levels of boxes; deeper ones share the box above them


class Box:
    """A block-level element, as far as the judgement of its texts needs it."""

    __slots__ = ("cut", "depth", "dress", "element", "hidden", "index", "is_body", "names", "parent", "tag")

    def __init__(self, element: HtmlElement, parent: Box | None, index: int, cut: Cut | None, bits: int) -> None:
        get = element.get
        style = get("style")
        self.element = element
        self.tag: str = element.tag
        self.dress: tuple[str, str | None] = (element.tag, get("class"))  # what pieces of one sort have in common
        self.parent = parent
        self.index = index
        self.names = bits
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.cut = cut
        self.hidden: bool = (
            (parent is not None and parent.hidden)
            or get("hidden") is not None
            or get("aria-hidden") == "true"
            or (style is not None and "display" in style and "none" in style)
        )
        self.is_body: bool = (parent is not None and parent.is_body) or "articleBody" in (get("itemprop") or "")


@dataclass(slots=True)
class Piece:
    """``text`` is folded: single spaces, line ends only where the page breaks lines. ``linked``, ``bold`` and ``slanted`` are lengths in
    characters of such text in it.
    """

    text: str
    box: Box
    linked: int
    links: int
    bold: int
    slanted: int
    images: int  # since the piece before
    words: int = 0
    index: int = 0


@dataclass(frozen=True, slots=True)
class Segmentation:
    boxes: list[Box]
    pieces: list[Piece]


def count_words(text: str) -> int:
    """Words; in scripts without spaces each letter counts as one."""
    return len(WORD.findall(text))


def segment(tree: HtmlElement, marks: Mapping[HtmlElement, Cut] | None = None, apart: Collection[HtmlElement] = ()) -> Segmentation:
    """The pieces of a page. A box in ``marks``, and every box in it, carries the reason why it is no article text.

    Elements in ``marks`` and ``apart`` are boxes even where they are inline.
    """
    found = tree.find("body") if tree.tag == "html" else tree
    return _Walk(found if found is not None else tree, marks or {}, apart).run()


class _Walk:
    """One pass over the elements; nothing recurses, since pages nest as deep as they like."""

    def __init__(self, body: HtmlElement, marks: Mapping[HtmlElement, Cut], apart: Collection[HtmlElement]) -> None:
        self._body = body
        self._marks = marks
        self._apart = {*marks, *apart}
        self._names: dict[str, int] = {}
        self._boxes: list[Box] = []
        self._pieces: list[Piece] = []
        self._parts: list[str] = []
        self._linked = self._links = self._bold = self._slanted = self._images = 0
        self._in_link = self._in_bold = self._in_slant = self._breaks = 0
        self._tables: list[bool] = []
        self._box = self._enter(body, None)
        self._too_deep = 0

    def run(self) -> Segmentation:
        body = self._body
        walker = etree.iterwalk(body, events=("start", "end"))
        self._add(body.text)
        for event, element in walker:
            if element is body:
                continue
            tag = element.tag
            if event == "start":
                if tag in _INVISIBLE or not isinstance(tag, str):
                    walker.skip_subtree()
                elif self._start(element, tag):
                    self._add(element.text)
            else:
                if tag not in _INVISIBLE and isinstance(tag, str):
                    self._end(element, tag)
                self._add_tail(element.tail)
        self._flush()
        for number, piece in enumerate(self._pieces):
            piece.index = number
        return Segmentation(self._boxes, self._pieces)

    def _start(self, element: HtmlElement, tag: str) -> bool:
        """Whether the element has text of its own."""
        if tag in _INLINE and element not in self._apart:
            self._count(tag, 1)
        elif tag == "br":
            self._break()
            return False
        elif self._is_cell(element, tag):
            if self._parts:
                self._parts.append(" | ")
        else:
            self._open(element, tag)
        return True

    def _end(self, element: HtmlElement, tag: str) -> None:
        if tag in _INLINE and element not in self._apart:
            self._count(tag, -1)
        elif tag != "br" and not self._is_cell(element, tag):
            self._close(tag)

    def _count(self, tag: str, step: int) -> None:
        if tag == "a":
            self._in_link += step
            self._links += step > 0
        elif tag in ("b", "strong"):
            self._in_bold += step
        elif tag in ("i", "em"):
            self._in_slant += step
        elif tag == "img":
            self._images += step > 0

    def _break(self) -> None:
        """One line break is in a paragraph, two part paragraphs."""
        self._parts.append("\n")
        self._breaks += 1
        if self._breaks > 1:
            self._flush()

    def _is_cell(self, element: HtmlElement, tag: str) -> bool:
        """A cell of a data table: its row is the piece."""
        return tag in ("td", "th") and bool(self._tables) and self._tables[-1] and element not in self._apart

    def _open(self, element: HtmlElement, tag: str) -> None:
        if tag == "table":
            self._tables.append(_holds_data(element))
        self._flush()
        if self._box.depth < _DEEPEST:
            self._box = self._enter(element, self._box)
        else:
            self._too_deep += 1

    def _close(self, tag: str) -> None:
        if tag == "table":
            self._tables.pop()
        self._flush()
        if self._too_deep:
            self._too_deep -= 1
        elif self._box.parent is not None:
            self._box = self._box.parent

    def _enter(self, element: HtmlElement, parent: Box | None) -> Box:
        name, identity = element.get("class"), element.get("id")
        bits = 0
        if name or identity:
            names = f"{name or ''} {identity or ''}"
            known = self._names.get(names)
            bits = self._names[names] = names_of(names) if known is None else known
        cut = self._marks.get(element) if self._marks else None
        if parent is not None:
            cut = cut or parent.cut or (Cut.COOKIE if bits & CONSENT else None)
        box = Box(element, parent, len(self._boxes), cut, bits)
        self._boxes.append(box)
        return box

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._in_link:
                self._linked += len(text.strip())
            if self._in_bold:
                self._bold += len(text)
            if self._in_slant:
                self._slanted += len(text)

    def _add_tail(self, text: str | None) -> None:
        if text:
            if self._breaks and not text.isspace():
                self._breaks = 0
            self._add(text)

    def _flush(self) -> None:
        if self._parts:
            text = "".join(self._parts)
            self._parts = []
            if not text.isspace():
                self._keep(text)
        self._linked = self._links = self._bold = self._slanted = self._breaks = 0

    def _keep(self, text: str) -> None:
        text = text.expandtabs(4).strip("\n") if self._box.tag == "pre" else _SPACES.sub(" ", text).strip()
        words = count_words(text)
        if words:
            self._pieces.append(Piece(text, self._box, self._linked, self._links, self._bold, self._slanted, self._images, words))
            self._images = 0


def _holds_data(table: HtmlElement) -> bool:
    """Whether the rows of a table are to be read as rows: its cells are short and hold no boxes; else it is there for the layout."""
    for element in table.iter(*_NO_DATA):
        if element is not table and not _is_plain_cell(element):
            return False
    cells = 0
    for cell in table.iter("td", "th"):
        if len(cell.text or "") > 400:
            return False
        cells += 1
    return cells > 3


def _is_plain_cell(element: HtmlElement) -> bool:
    parent = element.getparent()
    return (
        element.tag in ("p", "div")
        and len(element.text or "") < 200
        and len(element) < 3
        and parent is not None
        and parent.tag in ("td", "th")
        and len(parent) < 3
    )
