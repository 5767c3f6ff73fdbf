"""One pass over a page's title, meta, link and JSON-LD elements, with no judgement of what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml.html import HtmlElement

from pipelines.clean.characters import one_line

_MAX_ELEMENTS = 5000
_NAMES = ("property", "name", "itemprop", "http-equiv")


@dataclass(frozen=True, slots=True)
class Head:
    """What the markup declares; keys in lower case, values in the page's order."""

    title: str = ""
    lang: str = ""
    base: str = ""
    meta: dict[str, list[str]] = field(default_factory=dict)  # as written
    links: dict[str, str] = field(default_factory=dict)  # rel -> first href
    scripts: list[str] = field(default_factory=list)  # JSON-LD as written

    def first(self, *names: str) -> str | None:
        """The first value of the first of these meta names that has one."""
        return next((v for n in names for v in self._values(n)), None)

    def all(self, names: Iterable[str]) -> list[str]:
        """Every value of these meta names, none twice under one name."""
        return [v for n in names for v in self._values(n)]

    def _values(self, name: str) -> Iterator[str]:
        """Cleaned only here: of the hundred that a page has, a dozen are asked for."""
        return iter(dict.fromkeys(v for raw in self.meta.get(name, ()) if (v := one_line(raw))))


def read_head(tree: HtmlElement) -> Head:
    """Meta data stands in the body too, where a stray tag closed the head early, so the whole page is read."""
    head = Head(lang=(tree.get("lang") or tree.get("xml:lang") or "").strip())
    title = base = ""
    for element in islice(tree.iter("title", "base", "meta", "link", "script"), _MAX_ELEMENTS):
        tag = element.tag
        if tag == "meta":
            _read_meta(head, element)
        elif tag == "link":
            _read_link(head, element)
        elif tag == "script":
            _read_script(head, element)
        elif tag == "base":
            base = base or (element.get("href") or "").strip()
        elif not title and next(element.iterancestors("svg"), None) is None:
            title = one_line("".join(element.itertext()), 1000)  # titles inside SVG drawings name their shapes
    return replace(head, title=title, base=base)


def _read_script(head: Head, element: HtmlElement) -> None:
    if (element.get("type") or "").strip().lower().startswith("application/ld+json") and element.text:
        head.scripts.append(element.text)


def _read_meta(head: Head, element: HtmlElement) -> None:
    content = element.get("content")
    if not content:
        return
    for attribute in _NAMES:
        if name := element.get(attribute):
            for key in name.lower().split()[:3] if attribute == "property" else (name.strip().lower(),):
                values = head.meta.setdefault(key, [])
                if len(values) < 200:
                    values.append(content)


def _read_link(head: Head, element: HtmlElement) -> None:
    href = element.get("href")
    if not href:
        return
    for rel in (element.get("rel") or "").lower().split()[:5]:
        head.links.setdefault(rel, href.strip())
