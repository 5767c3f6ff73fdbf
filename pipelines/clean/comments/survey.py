"""One pass over a page: which elements are named as comment matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from pipelines.clean.comments import vocabulary as v
from pipelines.clean.comments.names import Name, Part, read_name, tokens_of

MAX_ELEMENTS = 400_000
TAGS = tuple(
    sorted(
        v.words(
            "div section ul ol li article aside p h2 h3 h4 form dl dt dd table tbody tr td header footer details blockquote nav center"
            " fieldset fb:comments vf-conversations hyvor-talk-comments shreddit-comment shreddit-post"
        )
    )
)
"""Elements that can hold comment matter; inline ones are looked at inside threads only."""
_WIDGETS = frozenset(tag for tag in TAGS if "-" in tag or ":" in tag)
ASIDES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "a", "button", "legend", "summary", "textarea", "script"))
"""Elements that other rules ask for by what is in them; kept in passing."""
_BOTH = ASIDES.intersection(TAGS)
_ALL = tuple(ASIDES.union(TAGS))
_ATTRIBUTES = ("class", "id", "itemprop", "itemtype", "data-testid")
_MICRODATA = {"comment": Part.ITEM, "usercomments": Part.ITEM}


@dataclass(frozen=True, slots=True)
class Mark:
    """An element named as comment matter; ``at`` is its place in document order."""

    element: HtmlElement
    at: int
    name: Name


@dataclass(slots=True)
class Survey:
    """What a page's names say. ``values`` are the distinct attribute values and where they stand, ``tokens`` the names in them."""

    size: int = 0
    values: dict[str, list[tuple[int, HtmlElement]]] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset()
    asides: list[HtmlElement] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def survey(tree: HtmlElement) -> Survey:
    """Marks in document order. Elements past the first ``MAX_ELEMENTS`` are not looked at."""
    found = Survey()
    _collect(found, tree)
    found.tokens = frozenset(" ".join(found.values).split())
    present = _hints(found.values)
    if not present:
        return found
    best: dict[int, Mark] = {}
    for value, places in found.values.items():
        lowered = value.lower()
        if any(hint in lowered for hint in present):
            name = name_of(value)
            if name is not None:
                for at, element in places:
                    if at not in best or _rank(name) > _rank(best[at].name):
                        best[at] = Mark(element, at, name)
    found.marks = [best[at] for at in sorted(best)]
    return found


def name_of(value: str) -> Name | None:
    """What an attribute's names say together."""
    tail = value.rsplit("/", 1)[-1].lower() if value.startswith("http") else ""
    if tail in _MICRODATA:
        return Name(_MICRODATA[tail], "itemtype", numbered=True)
    names = [name for token in tokens_of(value) if (name := read_name(token)) is not None]
    return max(names, key=_rank, default=None)


def _rank(name: Name) -> tuple[bool, bool, bool, int, bool]:
    """A numbered comment before a list, a list before what may be one: <section id="comments" class="comment-wrapper">."""
    return (name.numbered and name.part is Part.ITEM, not name.weak, name.part is Part.LIST, name.part, name.other)


def _collect(found: Survey, tree: HtmlElement) -> None:
    values, asides = found.values, found.asides
    at = 0
    for element in islice(tree.iter(*_ALL), MAX_ELEMENTS):
        if element.tag in ASIDES:
            asides.append(element)
            if element.tag not in _BOTH:
                continue
        if element.tag in _WIDGETS:
            values.setdefault(element.tag.replace(":", "-"), []).append((at, element))
        get = element.get
        for attribute in _ATTRIBUTES:
            value = get(attribute)
            if value:
                places = values.get(value)
                if places is None:
                    values[value] = [(at, element)]
                else:
                    places.append((at, element))
        at += 1
    found.size = at


def _hints(values: dict[str, list[tuple[int, HtmlElement]]]) -> list[str]:
    joined = "\n".join(values).lower()
    return [hint for hint in (*v.HINTS, *v.VENDOR_HINTS) if hint in joined]
